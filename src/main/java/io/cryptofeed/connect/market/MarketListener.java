package io.cryptofeed.connect.market;

/**
 * Takes market events in order. Called by the one event-loop thread that owns the instrument's
 * connection; several threads may call one listener, each for its own instruments. Must not block.
 */
public interface MarketListener {

  /** A trade; the argument is valid only during the call. */
  void onTrade(Trade trade);

  /** A snapshot of a book or a delta; the argument is valid only during the call. */
  void onBook(BookUpdate update);

  /**
   * A snapshot in addition to the deltas that {@link #onBook} takes; valid only during the call.
   */
  void onBookSnapshot(BookUpdate snapshot);

  /** A message of a plain channel; the argument is valid only during the call. */
  void onObservation(Observation observation);

  /** Something happened to a stream. */
  void onFeedStatus(FeedStatus status);
}
