package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the trades of one instrument complete: delivers each trade once and in order, and loses
 * none silently. Missing trades are requested from the exchange's trade history while newer live
 * trades are held; trades that can no longer be recovered are reported.
 *
 * <p>Used by one thread. The time is passed in: {@code nanoTime} is that of {@link
 * System#nanoTime}, {@code epochNs} is nanoseconds since the epoch.
 */
public sealed interface TradeContinuity permits SequencedTrades, UnsequencedTrades {

  /** For this long a live trade that is early waits for late trades, which may be out of order. */
  long GRACE_NANOS = 300_000_000L;

  /** The same if no history can be requested. */
  long GRACE_WITHOUT_HISTORY_NANOS = 5_000_000_000L;

  /** At most so many held trades are delivered before the stream is read again. */
  int PORTION = 100;

  /** Takes the trades and reports of an instrument. */
  interface Owner {

    /** The next trade in order; valid only during the call. */
    void onTrade(Trade trade);

    /** A duplicate was dropped. */
    void onDuplicate();

    /** {@link TradeContinuity#nextRequest} should be called. */
    void onHistoryNeeded();

    /** {@link TradeContinuity#deliverHeld} should be called. */
    void onHeldDue();

    /** Trades are missing. */
    void onGap(TradeGap gap);

    /** All trades of a gap are recovered or lost. */
    void onSettled(TradeGap gap);
  }

  /** What to request from the history now. */
  sealed interface NextRequest {

    /** Nothing, until {@link Owner#onHistoryNeeded}. */
    record None() implements NextRequest {}

    /**
     * Nothing yet.
     *
     * @param nanos when to call again, nanoseconds from now
     */
    record Later(long nanos) implements NextRequest {}

    /**
     * A page.
     *
     * @param cursor where the page is, as in {@link TradeHistorySource#request}
     */
    record Page(long cursor) implements NextRequest {}

    /** Nothing. */
    NextRequest NONE = new None();
  }

  /** Takes a live trade. */
  void onTrade(Trade trade, long nanoTime);

  /**
   * The exchange announces its newest trade.
   *
   * @param sequence its consecutive id, or {@link Trade#NO_SEQUENCE}
   */
  void onNewest(long sequence, long nanoTime);

  /** The stream is subscribed: trades since the last one may be missing. */
  void onSubscribed(long nanoTime);

  /** The stream is disconnected. */
  void onDisconnected();

  /** Whether the ids of later trades show that a trade is missing. */
  boolean showsGaps();

  /** A message of the stream cannot be read: a trade may be missing. */
  default void onUnreadable(long nanoTime) {
    onDisconnected();
    onSubscribed(nanoTime);
  }

  /** Time passes. */
  void tick(long nanoTime);

  /**
   * Delivers a portion of the held trades that are due.
   *
   * @return whether more are due
   */
  boolean deliverHeld(long nanoTime);

  /** What to request from the history now. */
  NextRequest nextRequest(long nanoTime, long epochNs);

  /** A trade of the page that follows cannot be read, and is left out. */
  void onMalformedHistorical(String reason);

  /**
   * Takes a page of the history.
   *
   * @param page the oldest trade first
   * @return the trades to pass to {@link #onHistorical}, in order
   */
  List<Trade> choose(List<Trade> page);

  /** Takes the next of the chosen trades of a page. */
  void onHistorical(Trade trade, long nanoTime);

  /** All chosen trades of a page have been taken. */
  void onPageEnd(List<Trade> page, long nanoTime);

  /**
   * There is no page.
   *
   * @param reason for people
   * @param refused whether the exchange refuses the request, so that a retry is not likely to help
   */
  void onNoPage(String reason, boolean refused, long nanoTime);

  /** The last delivered trade, null before the first. */
  @Nullable LastTrade last();

  /** Drops the held trades, and requests nothing more. */
  void close();
}
