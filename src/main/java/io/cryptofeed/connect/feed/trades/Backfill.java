package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.feed.TradeGap.Loss;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is missing of an instrument whose trade ids are consecutive: decides what to request from
 * the history, which of its trades are next, and when missing trades are lost. It reports gaps, but
 * delivers nothing: {@link SequencedTrades} takes the steps that it returns. Used by one thread.
 */
final class Backfill {

  /** The history may lag behind the stream for so long. */
  private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A page may have skipped trades by mistake; several pages in a row have not. */
  private static final int SKIPS_BEFORE_LOST = 3;

  private static final int REFUSALS_BEFORE_LOST = 3;

  private static final String NOT_IN_HISTORY =
      "the exchange's trade history does not have these trades";
  private static final String NOT_REACHED =
      "the exchange's trade history does not reach back far enough";
  private static final String TOO_OLD =
      "older than backfill.max.age, or than the exchange's trade history";
  private static final String NEWER_IN_HISTORY =
      "the exchange's trade history has trades that the stream did not send";

  private static final long NONE = Trade.NO_SEQUENCE;

  /** What to do after a page, or after a request that failed. */
  sealed interface Step {

    /** Nothing. */
    record Nothing() implements Step {}

    /** The stream is known to be complete: the history has nothing newer. */
    record Complete() implements Step {}

    /** The instrument starts with this id. */
    record Begin(long first) implements Step {}

    /** The missing trades up to this id are lost. */
    record Lose(long to, String reason) implements Step {}

    /** All missing trades are lost. */
    record GiveUp(String reason) implements Step {}

    /** No trade is missing: the trades that are held have impossible ids. */
    record DropAhead(String reason) implements Step {}
  }

  /** What to do with a historical trade. */
  enum Verdict {
    /** It is not wanted, or not yet. */
    SKIP,
    /** It is the next one. */
    NEXT,
    /** It is the next one, and the missing trades before it are too old. */
    NEXT_AFTER_TOO_OLD,
    /** It is the next one, and the history does not reach back to the missing trades before it. */
    NEXT_AFTER_NOT_REACHED;

    /** Why missing trades before this one are lost. */
    String lossReason() {
      return this == NEXT_AFTER_TOO_OLD ? TOO_OLD : NOT_REACHED;
    }
  }

  private static final Step NOTHING = new Step.Nothing();
  private static final Step COMPLETE = new Step.Complete();

  private final @Nullable HistoryPages pages;
  private final BackfillOptions options;
  private final TradeContinuity.Owner owner;
  private final AheadTrades ahead;

  /** For requests that fail. */
  private final RetryBudget failures;

  /** For pages without a wanted trade. */
  private final RetryBudget lags;

  private Phase phase;
  private int refusals;

  /** Pages in a row that skipped wanted trades. */
  private int skips;

  // Of the page that is being read.

  /** Whether a trade of the page was delivered. */
  private boolean progress;

  /** The last id that the page skipped. */
  private long skippedTo = NONE;

  /** Whether the page only shows how old the trades are. */
  private boolean datesOnly;

  /**
   * @param history what the exchange has; null if it has none, or if it may not be requested
   * @param start where the instrument starts; null if its last trade is known
   * @param ahead what is known of the live trades that are held
   * @param random jitter of the backoff
   */
  Backfill(
      @Nullable TradeHistory history,
      BackfillOptions options,
      @Nullable StartingPoint start,
      AheadTrades ahead,
      RandomGenerator random,
      TradeContinuity.Owner owner) {
    pages = history == null ? null : new HistoryPages(history);
    this.options = options;
    this.owner = owner;
    this.ahead = ahead;
    failures = new RetryBudget(options.patience().toNanos(), random);
    lags = new RetryBudget(Math.min(LAG_NANOS, options.patience().toNanos()), random);
    phase = start == null ? Phase.LIVE : new Phase.NotBegun(start, NONE, 0);
  }

  // What is missing.

  /** Whether nothing is known to be missing, so that the next live trade is delivered at once. */
  boolean isIdle() {
    return phase instanceof Phase.Live || phase instanceof Phase.Comparing;
  }

  /** Whether trades that are dropped now can be requested later. */
  boolean canRecoverLater() {
    return pages != null && !pages.isNewestOnly();
  }

  /** Whether there is a history to request. */
  boolean hasHistory() {
    return pages != null;
  }

  /**
   * Takes the first live trade of an instrument that has not begun.
   *
   * @return the id with which the instrument starts; {@link Trade#NO_SEQUENCE} if the history has
   *     to be searched for it, while live trades are held
   */
  long startAt(long firstLive, long nanoTime) {
    if (!(phase instanceof Phase.NotBegun notBegun)) {
      return NONE;
    }
    StartingPoint start = notBegun.start();
    if (pages != null && start.isIdBefore(firstLive)) {
      phase = Phase.LIVE;
      return start.id();
    }
    if (pages == null || !start.isTime()) {
      phase = Phase.LIVE;
      return firstLive;
    }
    if (notBegun.firstLive() == NONE) {
      phase = new Phase.NotBegun(start, firstLive, nanoTime + TradeContinuity.GRACE_NANOS);
      owner.onHistoryNeeded();
    }
    return NONE;
  }

  /** The instrument starts with an id: trades from there to the first live trade are requested. */
  void begin(long first, long end, long nanoTime) {
    if (phase instanceof Phase.SearchingStart searching && searching.tooOld()) {
      reportUnknown(null, Long.toString(first), TOO_OLD);
    }
    phase = Phase.LIVE;
    if (end >= first) {
      MissingTrades gap =
          new MissingTrades(
              first, end, nanoTime, "the starting point is before the first live trade");
      phase = new Phase.Filling(gap, true);
      report(gap);
    }
  }

  /** Opens a gap if there is none, or sets the end of an open one. */
  void miss(long first, long end, String reason, long nanoTime) {
    MissingTrades gap = phase.gap();
    if (gap != null && (gap.isOpen() || end >= first)) {
      gap.endAt(end);
    } else if (isIdle() && end >= first) {
      phase = new Phase.Filling(new MissingTrades(first, end, dueAtNanos(nanoTime), reason), false);
      owner.onHistoryNeeded();
    }
  }

  /** While the stream is compared, the history has been requested already. */
  private long dueAtNanos(long nanoTime) {
    if (phase instanceof Phase.Comparing) {
      return nanoTime;
    }
    return nanoTime
        + (pages == null
            ? TradeContinuity.GRACE_WITHOUT_HISTORY_NANOS
            : TradeContinuity.GRACE_NANOS);
  }

  /** These ids are delivered. */
  void recover(long from, long to) {
    MissingTrades gap = phase.gap();
    if (gap != null) {
      gap.recover(from, to);
    }
  }

  /** These ids are lost. */
  void lose(long from, long to, String reason) {
    MissingTrades gap = phase.gap();
    if (gap != null) {
      gap.lose(from, to, reason);
    }
  }

  /**
   * Closes the gap when all its trades are delivered or lost.
   *
   * @param last the last id that is delivered or lost
   * @return whether a gap was closed
   */
  boolean closeAt(long last) {
    MissingTrades gap = phase.gap();
    if (gap == null || last < gap.end()) {
      return false;
    }
    phase = Phase.LIVE;
    resetRequests();
    if (gap.isReported()) {
      owner.onSettled(gap.gap());
    }
    return true;
  }

  /**
   * Requests no more trades of the gap.
   *
   * @param end the last missing id, if the gap is open
   * @return the last id of the gap; {@link Trade#NO_SEQUENCE} if there is none
   */
  long stop(long end) {
    MissingTrades gap = phase.gap();
    if (gap == null) {
      return NONE;
    }
    phase = new Phase.Filling(gap, true);
    gap.endAt(end);
    report(gap);
    return gap.end();
  }

  /** Whether there is a gap. */
  boolean hasGap() {
    return phase.gap() != null;
  }

  /** Drops the gap, without a report. */
  void dropGap() {
    if (phase.gap() != null) {
      phase = Phase.LIVE;
      resetRequests();
    }
  }

  private void resetRequests() {
    if (pages != null) {
      pages.reset();
    }
    refusals = 0;
    failures.renew();
    lags.renew();
  }

  /** Compares the stream with the history, if nothing is known to be missing. */
  void compare() {
    if (pages != null && phase instanceof Phase.Live) {
      phase = Phase.COMPARING;
      owner.onHistoryNeeded();
    }
  }

  /** Reports that an unknown number of trades is lost between two ids. */
  void reportUnknown(@Nullable String from, String to, String reason) {
    TradeGap unknown =
        new TradeGap(from, to, null, 0, List.of(new Loss(from, to, null, reason)), reason);
    owner.onGap(unknown);
    owner.onSettled(unknown);
  }

  /** Reports that a trade that arrived is not delivered. */
  void reportLost(long first, long last, String reason) {
    String from = Long.toString(first);
    String to = Long.toString(last);
    long count = last - first + 1;
    TradeGap lost =
        new TradeGap(from, to, count, 0, List.of(new Loss(from, to, count, reason)), reason);
    owner.onGap(lost);
    owner.onSettled(lost);
  }

  private void report(MissingTrades gap) {
    if (!gap.isReported() && !gap.isOpen()) {
      gap.setReported();
      owner.onGap(gap.gap());
    }
  }

  // Requests.

  /** Whether late trades did not arrive in time, and there is no history to request. */
  boolean isOverdue(long nanoTime) {
    MissingTrades gap = phase.gap();
    return pages == null && gap != null && gap.waitNanos(nanoTime) <= 0;
  }

  /** Why trades are lost that are {@link #isOverdue}. */
  String overdueReason() {
    return options.enabled()
        ? "the missing trades did not arrive, and the exchange has no trade history"
        : "the missing trades did not arrive, and backfill.enabled is false";
  }

  /**
   * What to request now.
   *
   * @param last the last id that is delivered or lost
   * @param lastEventNs the time of that trade, nanoseconds since the epoch; 0 if it is not known
   * @param newest the highest id of the stream
   * @param held how many live trades are held
   */
  TradeContinuity.NextRequest nextRequest(
      long nanoTime, long epochNs, long last, long lastEventNs, long newest, int held) {
    if (!isWanting()) {
      return TradeContinuity.NextRequest.NONE;
    }
    MissingTrades gap = phase.gap();
    boolean doubtful =
        gap != null && !gap.isConfirmed() && ahead.isDoubtful(gap.end() - last, held);
    if (gap != null && pages == null && !doubtful) {
      report(gap);
    }
    long wait = graceNanos(nanoTime);
    if (wait <= 0) {
      wait = Math.max(failures.waitNanos(nanoTime), lags.waitNanos(nanoTime));
    }
    if (wait > 0 || pages == null) {
      return new TradeContinuity.NextRequest.Later(wait);
    }
    if (gap != null && doubtful) {
      phase = new Phase.Verifying(gap, last);
      return new TradeContinuity.NextRequest.Page(pages.cursor(last, last, lastEventNs, 0));
    }
    if (gap != null) {
      phase = phase instanceof Phase.Verifying ? new Phase.Filling(gap, false) : phase;
      report(gap);
    }
    phase = beforeRequest(pages, last, lastEventNs, epochNs);
    if (phase instanceof Phase.Live) {
      return TradeContinuity.NextRequest.NONE;
    }
    IdBisection bisection = bisection();
    long from = bisection == null ? last + 1 : bisection.probe();
    long fromNs = phase instanceof Phase.Searching searching ? searching.fromNs() : 0;
    return new TradeContinuity.NextRequest.Page(pages.cursor(from, newest, lastEventNs, fromNs));
  }

  /** Whether the history is needed. */
  private boolean isWanting() {
    return phase instanceof Phase.NotBegun notBegun
        ? notBegun.firstLive() != NONE
        : !(phase instanceof Phase.Live);
  }

  private long graceNanos(long nanoTime) {
    if (phase instanceof Phase.NotBegun notBegun) {
      return notBegun.dueAtNanos() - nanoTime;
    }
    MissingTrades gap = phase.gap();
    return gap == null ? 0 : gap.waitNanos(nanoTime);
  }

  /** If wanted trades begin at a time, the first one has to be found. */
  private Phase beforeRequest(HistoryPages asked, long last, long lastEventNs, long epochNs) {
    long oldestNs = epochNs - asked.reach(options.maxAge()).toNanos();
    if (phase instanceof Phase.NotBegun notBegun) {
      long wantedNs = notBegun.start().timeNs(epochNs);
      long fromNs = Math.max(oldestNs, wantedNs);
      return new Phase.SearchingStart(
          notBegun.firstLive(),
          wantedNs < oldestNs,
          fromNs,
          asked.isById() ? new IdBisection(0, notBegun.firstLive(), fromNs) : null);
    }
    // An operator may have set the id of the last trade, and not its time.
    boolean isOld = lastEventNs == 0 ? asked.isByTime() : lastEventNs < oldestNs;
    if (phase instanceof Phase.Comparing && lastEventNs != 0 && isOld) {
      // The next live trade will show what is missing.
      return Phase.LIVE;
    }
    if (phase instanceof Phase.Filling filling
        && isOld
        && !filling.ageChecked()
        && !filling.gap().isOpen()) {
      MissingTrades gap = filling.gap();
      return new Phase.SearchingGap(
          gap,
          oldestNs,
          asked.isById() ? new IdBisection(last + 1, gap.end() + 1, oldestNs) : null);
    }
    return phase;
  }

  private @Nullable IdBisection bisection() {
    return phase instanceof Phase.Searching searching ? searching.bisection() : null;
  }

  // Pages.

  /** Whether the next page is searched by time: its first trade that is not too old is wanted. */
  boolean isSearchingByTime() {
    return phase instanceof Phase.Searching searching && searching.bisection() == null;
  }

  /** Takes a page of which only the time is of interest; it has at least one trade. */
  void takeDate(List<Trade> page) {
    observe(page);
    datesOnly = true;
  }

  /** Takes a page, and returns the trades to {@link #judge}; it has at least one trade. */
  List<Trade> choose(List<Trade> page) {
    observe(page);
    if (phase instanceof Phase.SearchingStart searching
        && searching.bisection() == null
        && pages != null
        && pages.isNewestOnly()
        && page.get(0).eventNs() > searching.fromNs()) {
      reportUnknown(null, page.get(0).id(), NOT_REACHED);
    }
    return bisection() == null ? page : List.of();
  }

  private void observe(List<Trade> page) {
    if (pages != null) {
      pages.observe(page);
    }
  }

  /**
   * Decides what to do with a chosen trade.
   *
   * @param last the last id that is delivered or lost
   * @param firstHeld the first id of the held trades, {@link Long#MAX_VALUE} if none is held
   */
  Verdict judge(Trade trade, long last, long firstHeld, long nanoTime) {
    if (!isWanting()
        || phase instanceof Phase.Verifying
        || bisection() != null
        || skippedTo != NONE
        || trade.sequence() <= last) {
      return Verdict.SKIP;
    }
    if (phase instanceof Phase.SearchingStart searching) {
      return judgeFirst(trade, searching);
    }
    if (trade.sequence() >= firstHeld) {
      skippedTo = firstHeld - 1;
      return Verdict.SKIP;
    }
    boolean isAfterGap = trade.firstSequence() > last + 1;
    boolean isSearching = phase instanceof Phase.SearchingGap;
    if (isAfterGap && !isSearching && canRecoverLater()) {
      skippedTo = trade.firstSequence() - 1;
      return Verdict.SKIP;
    }
    MissingTrades gap = gapAfter(last, MissingTrades.OPEN_END, nanoTime);
    if (isSearching) {
      phase = new Phase.Filling(gap, true);
    }
    progress = true;
    // One page may fill several gaps, of which only the first was reported when it was requested.
    report(gap);
    if (!isAfterGap) {
      return Verdict.NEXT;
    }
    return isSearching ? Verdict.NEXT_AFTER_TOO_OLD : Verdict.NEXT_AFTER_NOT_REACHED;
  }

  private Verdict judgeFirst(Trade trade, Phase.SearchingStart searching) {
    if (trade.eventNs() < searching.fromNs()) {
      return Verdict.SKIP;
    }
    if (trade.sequence() >= searching.firstLive()) {
      skippedTo = searching.firstLive() - 1;
      return Verdict.SKIP;
    }
    progress = true;
    return Verdict.NEXT;
  }

  /** The gap; one that the history shows, if there is none. */
  private MissingTrades gapAfter(long last, long end, long nanoTime) {
    MissingTrades gap = phase.gap();
    if (gap == null) {
      gap = new MissingTrades(last + 1, end, nanoTime, NEWER_IN_HISTORY);
      phase = new Phase.Filling(gap, false);
    }
    return gap;
  }

  /**
   * All chosen trades of a page have been judged.
   *
   * @param end the last id before the held trades, or the highest id of the stream
   */
  Step conclude(List<Trade> page, long last, long end, long nanoTime) {
    failures.renew();
    refusals = 0;
    Step step = NOTHING;
    IdBisection bisection = bisection();
    if (bisection != null) {
      bisection.take(page);
      step = concludeSearch(bisection);
    } else if (phase instanceof Phase.Verifying verifying && pages != null) {
      step = concludeVerification(verifying, page, pages, last, nanoTime);
    } else if (isWanting() && !datesOnly && pages != null) {
      step = concludePage(page, pages, last, end, nanoTime);
    }
    progress = false;
    skippedTo = NONE;
    datesOnly = false;
    return step;
  }

  private Step concludeSearch(IdBisection bisection) {
    if (!bisection.isDone()) {
      return NOTHING;
    }
    MissingTrades gap = phase.gap();
    if (gap == null) {
      return new Step.Begin(bisection.probe());
    }
    phase = new Phase.Filling(gap, true);
    return new Step.Lose(bisection.probe() - 1, TOO_OLD);
  }

  /**
   * A page from the last delivered trade on. If it has newer trades than those before the gap, but
   * not the trade after the gap, that trade does not exist.
   */
  private Step concludeVerification(
      Phase.Verifying verifying, List<Trade> page, HistoryPages asked, long last, long nanoTime) {
    MissingTrades gap = verifying.gap();
    phase = new Phase.Filling(gap, false);
    long newest = page.isEmpty() ? NONE : page.get(page.size() - 1).sequence();
    boolean isMostlyNewer =
        asked.isFull(page) && newest - verifying.newest() >= Math.max(1, page.size() / 2);
    if (newest > gap.end() || isMostlyNewer) {
      gap.confirm();
      lags.renew();
      return NOTHING;
    }
    long distance = gap.end() - last;
    boolean isContradicted = ahead.isContradicted(distance);
    if (isContradicted && AheadTrades.isFar(distance) && newest >= verifying.newest()) {
      return dropAhead(last);
    }
    if (lags.spend(nanoTime)) {
      return NOTHING;
    }
    if (isContradicted) {
      return dropAhead(last);
    }
    gap.confirm();
    return NOTHING;
  }

  private Step dropAhead(long last) {
    lags.renew();
    return new Step.DropAhead(
        "the trade id is impossible: the stream continues after trade "
            + last
            + ", and the trade history does not have it");
  }

  private Step concludePage(
      List<Trade> page, HistoryPages asked, long last, long end, long nanoTime) {
    boolean isFull = asked.isFull(page);
    if (progress) {
      skips = 0;
      asked.hit();
      lags.renew();
      MissingTrades gap = phase.gap();
      return gap != null && gap.isOpen() && !isFull ? endOpenGap(gap, last, end) : NOTHING;
    }
    if (phase instanceof Phase.SearchingStart searching) {
      // There is nothing between the starting point and the stream.
      return new Step.Begin(searching.firstLive());
    }
    if (asked.isShifted(page, last)) {
      // The next page is requested at the place where it is now.
      return NOTHING;
    }
    if (skippedTo != NONE) {
      asked.miss();
      return concludeSkip(asked, last, nanoTime);
    }
    if (phase instanceof Phase.Comparing) {
      phase = Phase.LIVE;
      return COMPLETE;
    }
    MissingTrades gap = phase.gap();
    if (gap != null && gap.isOpen()) {
      return endOpenGap(gap, last, end);
    }
    if (isFull && asked.isByTime()) {
      asked.skipTo(page.get(page.size() - 1).eventNs());
      return NOTHING;
    }
    return lags.spend(nanoTime) ? NOTHING : new Step.GiveUp(NOT_IN_HISTORY);
  }

  /** The history has nothing more than the stream. */
  private Step endOpenGap(MissingTrades gap, long last, long end) {
    gap.endAt(Math.max(last, end));
    report(gap);
    return COMPLETE;
  }

  /** A page had trades after the next one, but not that one. */
  private Step concludeSkip(HistoryPages asked, long last, long nanoTime) {
    skips++;
    if (!asked.isNewestOnly() && skips < SKIPS_BEFORE_LOST) {
      lags.spend(nanoTime);
      return NOTHING;
    }
    skips = 0;
    lags.renew();
    MissingTrades gap = gapAfter(last, skippedTo, nanoTime);
    gap.endAt(skippedTo);
    report(gap);
    return new Step.Lose(
        Math.min(skippedTo, gap.end()), asked.isNewestOnly() ? NOT_REACHED : NOT_IN_HISTORY);
  }

  /**
   * There is no page.
   *
   * @param refused whether the exchange refuses the request, so that a retry is not likely to help
   */
  Step fail(String reason, boolean refused, long nanoTime) {
    boolean retries = failures.spend(nanoTime);
    if (!isWanting()) {
      return NOTHING;
    }
    IdBisection bisection = bisection();
    if (refused && bisection != null) {
      failures.renew();
      bisection.takeNothing();
      return concludeSearch(bisection);
    }
    refusals += refused ? 1 : 0;
    if (retries && refusals < REFUSALS_BEFORE_LOST) {
      return NOTHING;
    }
    refusals = 0;
    failures.renew();
    if (phase instanceof Phase.Comparing) {
      // Nothing is known to be missing: the next live trade will show it.
      phase = Phase.LIVE;
      return NOTHING;
    }
    String lost = "the exchange's trade history is not available: " + reason;
    if (phase instanceof Phase.Verifying verifying) {
      phase = new Phase.Filling(verifying.gap(), false);
      if (ahead.isContradicted(Long.MAX_VALUE)) {
        return new Step.DropAhead(
            "the trade id is impossible: the stream continues below it; " + lost);
      }
    }
    if (phase instanceof Phase.SearchingStart searching) {
      reportUnknown(null, Long.toString(searching.firstLive()), lost);
      return new Step.Begin(searching.firstLive());
    }
    return new Step.GiveUp(lost);
  }
}
