package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.HeldTradesLimit;
import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The trades of an instrument whose ids are not consecutive, so that no id shows that trades are
 * missing. After every interruption the newest trades of the history are compared with the last
 * trade: newer ones are delivered, and if the history does not reach back to the last trade, an
 * unknown number of trades is reported as lost.
 */
public final class UnsequencedTrades implements TradeContinuity {

  /** How many ids are remembered to detect duplicates. */
  private static final int REMEMBERED = 4_096;

  private final @Nullable TradeHistory history;
  private final Owner owner;
  private final HeldTradesLimit limit;
  private final RetryBudget failures;
  private final SeenTrades seen = new SeenTrades(REMEMBERED);

  /** Live trades that wait for the history, by id, in the order of their arrival. */
  private final LinkedHashMap<String, Trade> held = new LinkedHashMap<>();

  private final @Nullable Duration initialAge;

  private String lastId = "";
  private long lastRank = Trade.NO_SEQUENCE;
  private long lastEventNs;

  /** Whether trades may be missing since the last one. */
  private boolean interrupted;

  /** The comparison that live trades are held for; null if there is none. */
  private @Nullable HistoryComparison comparison;

  /** Whether the page that is being read reaches back to the last trade. */
  private boolean reached;

  private boolean closed;

  /**
   * @param ranked whether ids are increasing numbers
   * @param history what the exchange has; null if it has none, or if it may not be requested
   * @param resume the last trade that is in Kafka; null if there is none
   * @param limit how many live trades may be held
   * @param random jitter of the backoff
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
    initialAge = resume == null && history != null ? options.initialAge() : null;
    interrupted = resume != null || initialAge != null;
    if (resume != null) {
      lastId = resume.id();
      lastRank = ranked ? rank(resume.id()) : Trade.NO_SEQUENCE;
      lastEventNs = resume.eventNs();
      seen.add(resume.id());
    }
  }

  /** The offset has only the id. */
  private static long rank(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      return Trade.NO_SEQUENCE;
    }
  }

  @Override
  public void onTrade(Trade trade, long nanoTime) {
    if (interrupted) {
      compare(nanoTime);
    }
    if (comparison == null && held.isEmpty()) {
      deliver(trade);
    } else if (seen.contains(trade.id()) || held.containsKey(trade.id())) {
      owner.onDuplicate();
    } else if (limit.take()) {
      held.put(trade.id(), trade.copy());
    } else {
      giveUp("more live trades are waiting than backfill.held.trades allows");
      drain(Integer.MAX_VALUE);
      deliver(trade);
    }
  }

  /** Delivers held trades. */
  private void drain(int most) {
    Iterator<Trade> waiting = held.values().iterator();
    for (int i = 0; i < most && waiting.hasNext(); i++) {
      Trade next = waiting.next();
      waiting.remove();
      limit.giveBack(1);
      deliver(next);
    }
  }

  @Override
  public boolean deliverHeld(long nanoTime) {
    if (comparison == null) {
      drain(PORTION);
    }
    return comparison == null && !held.isEmpty();
  }

  private void deliver(Trade trade) {
    if (!seen.add(trade.id())) {
      owner.onDuplicate();
      return;
    }
    // If two connections overlap, one of them may send a trade late.
    if (trade.rank() >= lastRank) {
      lastId = trade.id();
      lastRank = trade.rank();
    }
    lastEventNs = Math.max(lastEventNs, trade.eventNs());
    owner.onTrade(trade);
  }

  @Override
  public void onNewest(long sequence, long nanoTime) {}

  @Override
  public boolean showsGaps() {
    return false;
  }

  @Override
  public void onSubscribed(long nanoTime) {
    if (interrupted) {
      compare(nanoTime);
    }
  }

  @Override
  public void onDisconnected() {
    interrupted |= !lastId.isEmpty();
  }

  @Override
  public void tick(long nanoTime) {}

  /** The stream continues; the trades of the interruption are in the history. */
  private void compare(long nanoTime) {
    interrupted = false;
    if (comparison == null) {
      comparison = new HistoryComparison(lastId, nanoTime + GRACE_NANOS);
      owner.onHistoryNeeded();
    }
  }

  @Override
  public NextRequest nextRequest(long nanoTime, long epochNs) {
    if (closed || comparison == null) {
      return NextRequest.NONE;
    }
    if (history == null) {
      giveUp("the exchange has no trade history, or backfill.enabled is false");
      return NextRequest.NONE;
    }
    if (lastId.isEmpty() && lastEventNs == 0 && initialAge != null) {
      lastEventNs = epochNs - initialAge.toNanos();
    }
    long wait = Math.max(comparison.waitNanos(nanoTime), failures.waitNanos(nanoTime));
    return wait > 0 ? new NextRequest.Later(wait) : new NextRequest.Page(0);
  }

  @Override
  public void onMalformedHistorical(String reason) {
    if (comparison != null) {
      comparison.onMalformed(reason);
    }
  }

  /** The trades that are newer than the last one, by position in the page, by id or by time. */
  @Override
  public List<Trade> choose(List<Trade> page) {
    reached = false;
    List<Trade> chosen = new ArrayList<>();
    int known = firstKnown(page);
    for (int i = 0; i < page.size(); i++) {
      Trade trade = page.get(i);
      boolean newer = known >= 0 ? i > known : isNewer(trade);
      if (newer) {
        chosen.add(trade);
      }
      reached |= !newer;
    }
    return chosen;
  }

  /** The position of the first trade that was delivered before, or -1. */
  private int firstKnown(List<Trade> page) {
    for (int i = 0; i < page.size(); i++) {
      if (seen.contains(page.get(i).id())) {
        return i;
      }
    }
    return -1;
  }

  private boolean isNewer(Trade trade) {
    return lastRank != Trade.NO_SEQUENCE && trade.rank() != Trade.NO_SEQUENCE
        ? trade.rank() > lastRank
        : trade.eventNs() >= lastEventNs;
  }

  @Override
  public void onHistorical(Trade trade, long nanoTime) {
    if (comparison == null || seen.contains(trade.id())) {
      return;
    }
    Trade live = held.remove(trade.id());
    if (live != null) {
      // The stream has sent it, too: it was not missing.
      limit.giveBack(1);
      comparison.deliver(live.id());
      deliver(live);
    } else {
      comparison.find(trade.id());
      deliver(trade);
    }
  }

  @Override
  public void onPageEnd(List<Trade> page, long nanoTime) {
    if (closed || comparison == null) {
      return;
    }
    failures.renew();
    if (comparison.shouldRetry(page)) {
      failures.spend(nanoTime);
    } else if (comparison.malformed() != null) {
      giveUp("a trade in the exchange's trade history cannot be read: " + comparison.malformed());
    } else if (reached || lastEventNs == 0) {
      conclude(comparison.complete());
    } else {
      giveUp(
          page.isEmpty()
              ? "the exchange's trade history is empty"
              : "the exchange's trade history does not reach back to the last trade");
    }
  }

  @Override
  public void onNoPage(String reason, boolean refused, long nanoTime) {
    if (closed || comparison == null) {
      return;
    }
    boolean retries = failures.spend(nanoTime);
    if (comparison.isRefused(refused) || !retries) {
      giveUp("the exchange's trade history is not available: " + reason);
    }
  }

  /** Reports that trades may be lost, if the history is compared. */
  private void giveUp(String reason) {
    if (comparison != null) {
      Iterator<String> waiting = held.keySet().iterator();
      conclude(comparison.incomplete(waiting.hasNext() ? waiting.next() : null, reason));
    }
  }

  /** Reports what the comparison found, and delivers the held trades. */
  private void conclude(@Nullable TradeGap gap) {
    comparison = null;
    failures.renew();
    if (gap != null) {
      owner.onGap(gap);
      owner.onSettled(gap);
    }
    drain(PORTION);
    if (!held.isEmpty()) {
      owner.onHeldDue();
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
