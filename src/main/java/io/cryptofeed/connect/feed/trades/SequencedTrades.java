package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.HeldTradesLimit;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The trades of an instrument whose ids are consecutive, so that a missing id is a missing trade.
 * Every id is passed once: its trade is delivered, or it is reported as lost.
 */
public final class SequencedTrades implements TradeContinuity {

  /** A stream that stays silent so long after subscribing is compared with the history. */
  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final String IDS_HAVE_A_GAP = "the trade ids have a gap";
  private static final String TOO_MANY_HELD =
      "more live trades are waiting than backfill.held.trades allows";

  /** The times of delivered trades may be out of order by so much. */
  private static final long REUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long NONE = Trade.NO_SEQUENCE;

  private final Owner owner;
  private final HeldTrades held;
  private final Backfill backfill;
  private final Renumbering renumbering = new Renumbering();
  private final AheadTrades ahead = new AheadTrades();
  private final AnnouncedTrade announced = new AnnouncedTrade();

  /** The last id that was passed. */
  private long last = NONE;

  private String lastId = "";
  private long lastEventNs;

  /** The highest id that the exchange has sent or announced. */
  private long newest = NONE;

  private boolean subscribed;
  private long subscribedAtNanos;

  /** Whether nothing can be missing between the last trade and the stream. */
  private boolean verified;

  /** Whether held trades are due that are not delivered yet. */
  private boolean draining;

  private boolean closed;

  /**
   * @param history what the exchange has; null if it has none, or if it may not be requested
   * @param resume the last trade that is in Kafka; null if there is none
   * @param limit how many live trades may be held
   * @param random jitter of the backoff
   */
  public SequencedTrades(
      @Nullable TradeHistory history,
      BackfillOptions options,
      @Nullable LastTrade resume,
      HeldTradesLimit limit,
      RandomGenerator random,
      Owner owner) {
    this.owner = owner;
    held = new HeldTrades(limit);
    StartingPoint start = null;
    if (resume == null) {
      start = StartingPoint.initial(options);
    } else if (resume.sequence() == NONE) {
      start = StartingPoint.after(resume);
    } else {
      last = resume.sequence();
      lastId = resume.id();
      lastEventNs = resume.eventNs();
    }
    backfill = new Backfill(history, options, start, ahead, random, owner);
  }

  // The stream.

  @Override
  public void onTrade(Trade trade, long nanoTime) {
    if (trade.sequence() > newest) {
      newest = trade.sequence();
    }
    if (trade.firstSequence() == last + 1 && backfill.isIdle()) {
      verified = true;
      endRenumbering();
      emit(trade);
    } else if (last == NONE) {
      onFirst(trade, nanoTime);
    } else if (trade.sequence() <= last) {
      onOld(trade, nanoTime);
    } else {
      onEarly(trade, nanoTime);
    }
  }

  private void onFirst(Trade trade, long nanoTime) {
    long first = backfill.startAt(trade.firstSequence(), nanoTime);
    if (first == NONE) {
      // If there is no room for it, it is requested like the trades before it.
      held.add(trade);
    } else if (first == trade.firstSequence()) {
      verified = true;
      emit(trade);
    } else {
      last = first - 1;
      onEarly(trade, nanoTime);
    }
  }

  private void onOld(Trade trade, long nanoTime) {
    verified |= trade.sequence() == last;
    if (!renumbering.take(trade, lastEventNs)) {
      endRenumbering();
      dropOld(trade);
    } else if (renumbering.isDetected()) {
      restart(renumbering.dropAll(), nanoTime);
    }
  }

  /** The ids continue above the last one. */
  private void endRenumbering() {
    if (!renumbering.isEmpty()) {
      renumbering.dropAll().forEach(this::dropOld);
    }
  }

  /** A copy of a delivered trade is a duplicate; a newer trade with a used id is another trade. */
  private void dropOld(Trade trade) {
    if (trade.origin() == Origin.STREAM
        && lastEventNs != 0
        && trade.eventNs() - lastEventNs > REUSED_NANOS) {
      reportLost(trade, "its id was used before, by an older trade");
    } else {
      owner.onDuplicate();
    }
  }

  private void reportLost(Trade trade, String reason) {
    backfill.reportLost(trade.firstSequence(), trade.sequence(), reason);
  }

  /** The exchange restarts its trade ids, with these trades. */
  private void restart(List<Trade> trades, long nanoTime) {
    Trade first = trades.get(0);
    String reason =
        "the exchange restarts its trade ids: the newer trade "
            + first.sequence()
            + " follows trade "
            + last
            + "; the number of missing trades between them is unknown";
    if (backfill.hasGap()) {
      giveUp(reason, nanoTime);
    }
    held.clear();
    backfill.dropGap();
    backfill.reportUnknown(Long.toString(last), Long.toString(first.firstSequence()), reason);
    last = first.firstSequence() - 1;
    newest = last;
    trades.forEach(trade -> onTrade(trade, nanoTime));
  }

  /** A trade before which others are missing, or one of the missing trades. */
  private void onEarly(Trade trade, long nanoTime) {
    endRenumbering();
    // An aggregate of which a part is passed already is left to the history, which has its parts.
    boolean isWhole = trade.firstSequence() > last || !backfill.hasHistory();
    boolean isAhead = trade.firstSequence() > last + 1;
    HeldTrades.Added added = isWhole ? held.add(trade) : HeldTrades.Added.YES;
    if (!isAhead) {
      ahead.continued();
    } else if (added != HeldTrades.Added.DUPLICATE) {
      ahead.ahead();
    }
    backfill.miss(last + 1, end(), IDS_HAVE_A_GAP, nanoTime);
    if (added == HeldTrades.Added.DUPLICATE) {
      owner.onDuplicate();
    } else if (added == HeldTrades.Added.NO_ROOM && !backfill.canRecoverLater()) {
      giveUp(TOO_MANY_HELD, nanoTime);
      drain(Integer.MAX_VALUE, nanoTime);
      if (trade.sequence() > last) {
        lose(trade.firstSequence() - 1, TOO_MANY_HELD);
        deliver(trade);
      }
    }
    if (!draining) {
      drain(nanoTime);
    }
  }

  @Override
  public void onNewest(long sequence, long nanoTime) {
    long late = announced.announce(last == NONE ? NONE : sequence, newest, nanoTime);
    if (late != NONE) {
      newest = late;
      backfill.miss(
          last + 1, end(), "the exchange announces newer trades than it has sent", nanoTime);
    }
  }

  @Override
  public boolean showsGaps() {
    return true;
  }

  @Override
  public void onSubscribed(long nanoTime) {
    subscribed = true;
    subscribedAtNanos = nanoTime;
  }

  @Override
  public void onDisconnected() {
    subscribed = false;
    verified = false;
  }

  @Override
  public void tick(long nanoTime) {
    if (subscribed && !verified && nanoTime - subscribedAtNanos > SILENT_NANOS) {
      backfill.compare();
    }
  }

  // Every id is passed once.

  /** The last id before the held trades, or the highest id of the stream. */
  private long end() {
    Trade first = held.first();
    return first == null ? newest : first.firstSequence() - 1;
  }

  private void deliver(Trade trade) {
    backfill.recover(last + 1, trade.sequence());
    emit(trade);
  }

  private void emit(Trade trade) {
    last = trade.sequence();
    lastId = trade.id();
    lastEventNs = trade.eventNs();
    owner.onTrade(trade);
  }

  private void lose(long to, String reason) {
    if (to > last) {
      backfill.lose(last + 1, to, reason);
      last = to;
      lastId = Long.toString(to);
    }
  }

  private void giveUp(String reason, long nanoTime) {
    long gapEnd = backfill.stop(Math.max(last, end()));
    while (last < gapEnd) {
      lose(Math.min(gapEnd, end()), reason);
      drain(nanoTime);
    }
    drain(nanoTime);
  }

  /** The held trades have impossible ids: the stream continues after the last delivered trade. */
  private void dropAhead(String reason, long nanoTime) {
    backfill.dropGap();
    while (held.size() > 0) {
      reportLost(held.removeFirst(), reason);
    }
    newest = last;
    settle(nanoTime);
  }

  private void drain(long nanoTime) {
    drain(PORTION, nanoTime);
  }

  /** Delivers held trades that are due, and closes the gap that they end. */
  private void drain(int most, long nanoTime) {
    int left = most;
    while (isFirstDue() && left-- > 0) {
      Trade first = held.removeFirst();
      if (first.sequence() <= last) {
        owner.onDuplicate();
      } else if (first.firstSequence() == last + 1 || !backfill.hasHistory()) {
        deliver(first);
      }
    }
    boolean wasDraining = draining;
    draining = isFirstDue();
    if (draining && !wasDraining) {
      owner.onHeldDue();
    }
    settle(nanoTime);
  }

  @Override
  public boolean deliverHeld(long nanoTime) {
    if (!closed) {
      drain(nanoTime);
    }
    return draining && !closed;
  }

  /** Whether no trade is missing before the first held trade. */
  private boolean isFirstDue() {
    Trade first = held.first();
    return last != NONE && first != null && first.firstSequence() <= last + 1;
  }

  private void settle(long nanoTime) {
    if (last == NONE) {
      return;
    }
    verified |= backfill.closeAt(last);
    if (newest > last && backfill.isIdle()) {
      backfill.miss(last + 1, end(), IDS_HAVE_A_GAP, nanoTime);
    }
  }

  // The history.

  @Override
  public NextRequest nextRequest(long nanoTime, long epochNs) {
    if (closed) {
      return NextRequest.NONE;
    }
    while (backfill.isOverdue(nanoTime)) {
      if (ahead.isContradicted(end() - last)) {
        dropAhead("the trade id is impossible: the stream continues below it", nanoTime);
      } else {
        giveUp(backfill.overdueReason(), nanoTime);
      }
    }
    return backfill.nextRequest(nanoTime, epochNs, last, lastEventNs, newest, held.size());
  }

  @Override
  public void onMalformedHistorical(String reason) {
    // Its id shows that it is missing.
  }

  @Override
  public List<Trade> choose(List<Trade> page) {
    if (closed || page.isEmpty()) {
      return List.of();
    }
    if (last != NONE && lastEventNs == 0 && !backfill.isSearchingByTime()) {
      // How old the trades are has to be known before any is delivered.
      lastEventNs = page.get(0).eventNs();
      backfill.takeDate(page);
      return List.of();
    }
    return backfill.choose(page);
  }

  @Override
  public void onHistorical(Trade trade, long nanoTime) {
    if (closed) {
      return;
    }
    Trade first = held.first();
    long firstHeld = first == null ? Long.MAX_VALUE : first.firstSequence();
    Backfill.Verdict verdict = backfill.judge(trade, last, firstHeld, nanoTime);
    if (verdict == Backfill.Verdict.SKIP) {
      return;
    }
    if (last == NONE) {
      beginAt(trade.firstSequence(), nanoTime);
    } else if (verdict != Backfill.Verdict.NEXT) {
      lose(trade.firstSequence() - 1, verdict.lossReason());
    }
    deliver(trade);
    drain(nanoTime);
  }

  private void beginAt(long first, long nanoTime) {
    last = first - 1;
    backfill.begin(first, end(), nanoTime);
  }

  @Override
  public void onPageEnd(List<Trade> page, long nanoTime) {
    if (!closed) {
      take(backfill.conclude(page, last, end(), nanoTime), nanoTime);
    }
  }

  @Override
  public void onNoPage(String reason, boolean refused, long nanoTime) {
    if (!closed) {
      take(backfill.fail(reason, refused, nanoTime), nanoTime);
    }
  }

  private void take(Backfill.Step step, long nanoTime) {
    if (step instanceof Backfill.Step.Begin begin) {
      beginAt(begin.first(), nanoTime);
      drain(nanoTime);
    } else if (step instanceof Backfill.Step.Lose loss) {
      lose(loss.to(), loss.reason());
      drain(nanoTime);
    } else if (step instanceof Backfill.Step.GiveUp end) {
      giveUp(end.reason(), nanoTime);
    } else if (step instanceof Backfill.Step.DropAhead drop) {
      dropAhead(drop.reason(), nanoTime);
    } else if (step instanceof Backfill.Step.Complete) {
      verified = true;
      settle(nanoTime);
    }
  }

  @Override
  public @Nullable LastTrade last() {
    return last == NONE ? null : new LastTrade(lastId, last, lastEventNs);
  }

  @Override
  public void close() {
    closed = true;
    held.clear();
    backfill.dropGap();
  }
}
