package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trades of one instrument on their way from the venue to the listener: each once, in order,
 * and none lost silently. What is missing is asked for in the venue's history, while the live
 * trades behind it wait; what cannot be had is reported. Used by one thread; the time is passed in.
 */
public sealed interface TradeContinuity permits SequencedTrades, UnsequencedTrades {

  /**
   * Live trades that came too early wait so long for those before, which may have been overtaken.
   */
  long GRACE_NANOS = 300_000_000L;

  /** The same where there is no history to ask. */
  long GRACE_WITHOUT_HISTORY_NANOS = 5_000_000_000L;

  /** So many of the live trades that waited are handed on between two looks at the stream. */
  int PORTION = 100;

  /** What trades are handed to, and asked of. */
  interface Owner {

    /** The next trade in order; valid only during the call. */
    void onTrade(Trade trade);

    /** A trade that was seen before, and is dropped. */
    void onDuplicate();

    /** {@link TradeContinuity#ask} has something to say. */
    void onHistoryNeeded();

    /** {@link TradeContinuity#handOnMore} has something to do. */
    void onMoreToHandOn();

    /** Trades are missing. */
    void onGap(TradeGap gap);

    /** What became of missing trades is known. */
    void onSettled(TradeGap gap);
  }

  /** What is to be asked of the venue's history now. */
  sealed interface Ask {

    /** Nothing, until {@link Owner#onHistoryNeeded} says otherwise. */
    record Nothing() implements Ask {}

    /**
     * Nothing yet.
     *
     * @param nanos when to look again, nanoseconds from now
     */
    record Later(long nanos) implements Ask {}

    /**
     * A page.
     *
     * @param cursor where it is
     */
    record Page(long cursor) implements Ask {}

    /** Nothing. */
    Ask NOTHING = new Nothing();
  }

  /** A trade of the stream. */
  void onTrade(Trade trade, long nowNanos);

  /**
   * The venue tells its newest trade.
   *
   * @param sequence its number, or {@link Trade#NO_SEQUENCE}
   */
  void onNewest(long sequence, long nowNanos);

  /** The stream is subscribed: trades since the last one may be missing. */
  void onSubscribed(long nowNanos);

  /** The stream has ended. */
  void onDisconnected();

  /** Time passes. */
  void tick(long nowNanos);

  /**
   * Hands on the next portion of the live trades that waited.
   *
   * @return whether there are more
   */
  boolean handOnMore(long nowNanos);

  /**
   * What to ask of the history.
   *
   * @param nowNs the time, nanoseconds since the epoch
   */
  Ask ask(long nowNanos, long nowNs);

  /** Those trades of a page that are worth a look, in order. */
  List<Trade> choose(List<Trade> page);

  /** Takes the next of the chosen trades of a page. */
  void onPast(Trade trade, long nowNanos);

  /** All of a page has been taken. */
  void onPageEnd(List<Trade> page, long nowNanos);

  /**
   * There is no page.
   *
   * @param refused whether the venue does not answer such a request, so that time alone is not
   *     likely to heal it
   */
  void onNoPage(String reason, boolean refused, long nowNanos);

  /** The last trade that was handed on, null before the first. */
  @Nullable LastTrade last();

  /** Gives up what waits. */
  void close();
}
