package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.HeldTradesLimit;
import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.feed.TradeGap.Loss;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The trades of an instrument whose ids are not consecutive, so that no trade shows that others are
 * missing. After every interruption the newest trades of the history are compared with the last
 * one: what came between is handed on, and where the history does not reach back to it, that is
 * reported.
 */
public final class UnsequencedTrades implements TradeContinuity {

  /** How many ids are remembered. */
  private static final int REMEMBERED = 4_096;

  private static final int REFUSALS_BEFORE_LOST = 3;
  private static final int EMPTY_PAGES_BEFORE_LOST = 3;

  private final @Nullable TradeHistory history;
  private final Owner owner;
  private final HeldTradesLimit limit;
  private final RetryBudget failures;
  private final SeenTrades seen = new SeenTrades(REMEMBERED);
  private final ArrayDeque<Trade> held = new ArrayDeque<>();

  private String lastId = "";
  private long lastRank = Trade.NO_SEQUENCE;
  private long lastEventNs;
  private final @Nullable Duration beginAge;

  /** Whether trades may be missing since the last one. */
  private boolean interrupted;

  private boolean comparing;
  private String beforeGap = "";
  private long comparingSinceNanos;
  private int refusals;
  private int emptyPages;
  private boolean reached;
  private @Nullable String firstFound;
  private @Nullable String lastFound;
  private long found;
  private boolean closed;

  /**
   * @param ranked whether ids are numbers that grow
   * @param history what the venue has; null where it has none, or where it is not to be asked
   * @param resume the last trade that is in Kafka; null where there is none
   * @param limit how many live trades may wait
   * @param random jitter
   */
  public UnsequencedTrades(
      boolean ranked,
      @Nullable TradeHistory history,
      BackfillOptions options,
      @Nullable LastTrade resume,
      HeldTradesLimit limit,
      RandomGenerator random,
      Owner owner) {
    this.history = history;
    this.limit = limit;
    this.owner = owner;
    failures = new RetryBudget(options.patience().toNanos(), random);
    beginAge = resume == null && history != null ? options.initialAge() : null;
    interrupted = resume != null || beginAge != null;
    if (resume != null) {
      lastId = resume.id();
      lastRank = ranked ? rank(resume.id()) : Trade.NO_SEQUENCE;
      lastEventNs = resume.eventNs();
      seen.add(resume.id());
    }
  }

  /** The offset keeps the id alone. */
  private static long rank(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      return Trade.NO_SEQUENCE;
    }
  }

  @Override
  public void onTrade(Trade trade, long nowNanos) {
    if (interrupted) {
      compare(nowNanos);
    }
    if (!comparing && held.isEmpty()) {
      handOn(trade);
    } else if (seen.contains(trade.id())) {
      owner.onDuplicate();
    } else if (limit.take()) {
      held.addLast(trade.copy());
    } else {
      if (comparing) {
        giveUp("more live trades came than may wait for the history");
      }
      drain(Integer.MAX_VALUE);
      handOn(trade);
    }
  }

  /** Hands on live trades that waited. */
  private void drain(int most) {
    for (int i = 0; i < most && !held.isEmpty(); i++) {
      limit.giveBack(1);
      handOn(held.remove());
    }
  }

  @Override
  public boolean handOnMore(long nowNanos) {
    if (!comparing) {
      drain(PORTION);
    }
    return !comparing && !held.isEmpty();
  }

  private void handOn(Trade trade) {
    if (!seen.add(trade.id())) {
      owner.onDuplicate();
      return;
    }
    // When two connections overlap, one may bring a trade late.
    if (trade.rank() >= lastRank) {
      lastId = trade.id();
      lastRank = trade.rank();
    }
    lastEventNs = Math.max(lastEventNs, trade.eventNs());
    owner.onTrade(trade);
  }

  @Override
  public void onNewest(long sequence, long nowNanos) {}

  @Override
  public void onSubscribed(long nowNanos) {
    if (interrupted) {
      compare(nowNanos);
    }
  }

  @Override
  public void onDisconnected() {
    interrupted |= !lastId.isEmpty();
  }

  @Override
  public void tick(long nowNanos) {}

  /** The stream goes on; what came before is in the history. */
  private void compare(long nowNanos) {
    interrupted = false;
    if (!comparing) {
      comparing = true;
      beforeGap = lastId;
      comparingSinceNanos = nowNanos;
      owner.onHistoryNeeded();
    }
  }

  @Override
  public Ask ask(long nowNanos, long nowNs) {
    if (closed || !comparing) {
      return Ask.NOTHING;
    }
    if (history == null) {
      giveUp("the exchange has no history that could be asked");
      return Ask.NOTHING;
    }
    if (lastId.isEmpty() && lastEventNs == 0 && beginAge != null) {
      lastEventNs = nowNs - beginAge.toNanos();
    }
    long grace = GRACE_NANOS - (nowNanos - comparingSinceNanos);
    long wait = Math.max(grace, failures.waitNanos(nowNanos));
    return wait > 0 ? new Ask.Later(wait) : new Ask.Page(0);
  }

  /** Those that are newer than the last trade, as far as that can be told. */
  @Override
  public List<Trade> choose(List<Trade> page) {
    reached = false;
    List<Trade> chosen = new ArrayList<>();
    int known = firstKnown(page);
    for (int i = 0; i < page.size(); i++) {
      Trade trade = page.get(i);
      boolean newer =
          known >= 0
              ? i > known
              : lastRank != Trade.NO_SEQUENCE && trade.rank() != Trade.NO_SEQUENCE
                  ? trade.rank() > lastRank
                  : trade.eventNs() >= lastEventNs;
      if (newer) {
        chosen.add(trade);
      }
      reached |= !newer;
    }
    return chosen;
  }

  /** The position of the first trade that was seen, or -1. */
  private int firstKnown(List<Trade> page) {
    for (int i = 0; i < page.size(); i++) {
      if (seen.contains(page.get(i).id())) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void onPast(Trade trade, long nowNanos) {
    if (comparing && !seen.contains(trade.id())) {
      found++;
      firstFound = firstFound == null ? trade.id() : firstFound;
      lastFound = trade.id();
      handOn(trade);
    }
  }

  @Override
  public void onPageEnd(List<Trade> page, long nowNanos) {
    if (closed || !comparing) {
      return;
    }
    failures.renew();
    refusals = 0;
    if (page.isEmpty() && ++emptyPages < EMPTY_PAGES_BEFORE_LOST) {
      failures.tryAgain(nowNanos);
    } else {
      conclude(
          reached || lastEventNs == 0,
          page.isEmpty()
              ? "the exchange's history is empty"
              : "the exchange's history does not reach back to the last trade");
    }
  }

  @Override
  public void onNoPage(String reason, boolean refused, long nowNanos) {
    if (closed || !comparing) {
      return;
    }
    refusals += refused ? 1 : 0;
    if (!failures.tryAgain(nowNanos) || refusals >= REFUSALS_BEFORE_LOST) {
      giveUp("the exchange's history cannot be had: " + reason);
    }
  }

  private void giveUp(String reason) {
    conclude(false, reason);
  }

  /** Reports what was found and what not, and lets the live trades go. */
  private void conclude(boolean complete, String reason) {
    comparing = false;
    emptyPages = 0;
    refusals = 0;
    failures.renew();
    report(complete, reason);
    found = 0;
    firstFound = null;
    lastFound = null;
    drain(PORTION);
    if (!held.isEmpty()) {
      owner.onMoreToHandOn();
    }
  }

  private void report(boolean complete, String reason) {
    Trade live = held.peek();
    String before = beforeGap.isEmpty() ? null : beforeGap;
    String behind = firstFound != null ? firstFound : live == null ? null : live.id();
    if (complete && found > 0) {
      TradeGap gap =
          new TradeGap(
              firstFound,
              lastFound,
              found,
              found,
              List.of(),
              "trades came while the stream was interrupted");
      owner.onGap(gap);
      owner.onSettled(gap);
    } else if (!complete) {
      TradeGap gap =
          new TradeGap(
              before,
              behind,
              null,
              found,
              List.of(new Loss(before, behind, null, reason)),
              "the stream was interrupted, and nobody can say how many trades are missing");
      owner.onGap(gap);
      owner.onSettled(gap);
    }
  }

  @Override
  public @Nullable LastTrade last() {
    return lastId.isEmpty() ? null : new LastTrade(lastId, Trade.NO_SEQUENCE, lastEventNs);
  }

  @Override
  public void close() {
    closed = true;
    limit.giveBack(held.size());
    held.clear();
  }
}
