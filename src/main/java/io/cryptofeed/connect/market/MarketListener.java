package io.cryptofeed.connect.market;

/**
 * Takes market events in order. Called by the one event-loop thread that owns the instrument's
 * connection; several threads may call one listener, each for its own instruments. Must not block.
 */
public interface MarketListener {

  /** A trade; the argument is valid only during the call. */
  void onTrade(Trade trade);

  /** A book or a change of it; the argument is valid only during the call. */
  void onBook(BookUpdate update);

  /** A full book beside the changes that {@link #onBook} takes; valid only during the call. */
  void onBookSnapshot(BookUpdate snapshot);

  /** A best bid and ask; the argument is valid only during the call. */
  void onQuote(Quote quote);

  /** Something happened to a stream. */
  void onFeedStatus(FeedStatus status);
}
