package io.cryptofeed.connect.feed.trades;

import org.jspecify.annotations.Nullable;

/** What a backfill does now, with the state that exists only while it does it. */
sealed interface Phase {

  Live LIVE = new Live();
  Comparing COMPARING = new Comparing();

  /** The trades that are missing; null if none are known to be. */
  default @Nullable MissingTrades gap() {
    return null;
  }

  /**
   * No trade was delivered yet.
   *
   * @param firstLive the id of the first live trade, which is held; {@link
   *     io.cryptofeed.connect.market.Trade#NO_SEQUENCE} before it has arrived
   * @param dueAtNanos when the history is requested
   */
  record NotBegun(StartingPoint start, long firstLive, long dueAtNanos) implements Phase {}

  /** No trade is known to be missing: live trades are delivered as they arrive. */
  record Live() implements Phase {}

  /**
   * Missing trades are requested, in order.
   *
   * @param ageChecked whether the first missing trade is known not to be too old
   */
  record Filling(MissingTrades gap, boolean ageChecked) implements Phase {}

  /**
   * The trade after the missing ones may have an impossible id: does the history have it?
   *
   * @param newest the last id that was delivered when the page was requested
   */
  record Verifying(MissingTrades gap, long newest) implements Phase {}

  /**
   * The history is searched by time for the first trade that is wanted. If it is requested by id,
   * that id is found by bisection. If not, the first trade of its first page is the one.
   */
  sealed interface Searching extends Phase {

    /** No older trade is wanted, nanoseconds since the epoch. */
    long fromNs();

    /** The search by id; null if the history is requested by time, or has only one page. */
    @Nullable IdBisection bisection();
  }

  /**
   * A search for the trade with which an instrument starts.
   *
   * @param firstLive the first live trade, with which it starts at the latest
   * @param tooOld whether older trades were wanted than may be requested
   */
  record SearchingStart(
      long firstLive, boolean tooOld, long fromNs, @Nullable IdBisection bisection)
      implements Searching {}

  /** A search for the first missing trade that is not too old. */
  record SearchingGap(MissingTrades gap, long fromNs, @Nullable IdBisection bisection)
      implements Searching {}

  /** The stream is silent since it was subscribed: does the history have newer trades? */
  record Comparing() implements Phase {}
}
