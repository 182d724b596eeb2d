package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the pages of a trade history are, for trades whose ids are consecutive. Used by one thread.
 */
final class HistoryPages {

  /**
   * Times are requested with so much before them: exchanges truncate times, or exclude the first.
   */
  private static final long OVERLAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** A page that is counted from the newest trade may miss its place, because that one moves. */
  private static final int MOST_SHIFTS = 10;

  private final TradeHistory history;

  private long cursor;

  /** The newest id that was known when the page was requested. */
  private long newestAtRequest;

  /** The newest id of the history, as far as its pages show. */
  private long newestOfHistory = Trade.NO_SEQUENCE;

  /** Pages are requested from this time on, although no trade before it was delivered. */
  private long skippedToNs;

  private long stepNs = 1;
  private int shifts;
  private int misses;

  HistoryPages(TradeHistory history) {
    this.history = history;
  }

  /**
   * Where the next page is.
   *
   * @param from the id that it should contain
   * @param newest the highest id of the stream
   * @param lastEventNs the time of the trade before, nanoseconds since the epoch; 0 if not known
   * @param fromNs no older trade is wanted, nanoseconds since the epoch
   */
  long cursor(long from, long newest, long lastEventNs, long fromNs) {
    cursor =
        switch (history.paging()) {
          case FROM_ID -> from;
          case BEFORE_ID -> from + history.pageTrades();
          case FROM_TIME ->
              Math.max(0, Math.max(lastEventNs - OVERLAP_NANOS, Math.max(fromNs, skippedToNs)));
          case OFFSET -> offset(from, newest);
          case NEWEST -> 0;
        };
    return cursor;
  }

  /** A little further back than necessary, and more so after pages that missed their place. */
  private long offset(long from, long newest) {
    newestAtRequest = Math.max(newest, newestOfHistory);
    int margin = history.pageTrades() * Math.min(3, 1 + shifts + misses) / 4;
    return Math.max(0, newestAtRequest - from - history.pageTrades() + 1 + margin);
  }

  /** Whether there is only one page, with the newest trades. */
  boolean isNewestOnly() {
    return history.paging() == Paging.NEWEST;
  }

  /** Whether pages are requested by time. */
  boolean isByTime() {
    return history.paging() == Paging.FROM_TIME;
  }

  /** Whether pages are requested by id, or by a distance in ids. */
  boolean isById() {
    return !isByTime() && !isNewestOnly();
  }

  /** Whether the history may have more trades after those of a page. */
  boolean isFull(List<Trade> page) {
    return page.size() >= history.pageTrades();
  }

  /** How far back trades are requested, at most as far as wanted. */
  Duration reach(Duration wanted) {
    Duration reach = history.reach();
    return reach.isZero() || reach.compareTo(wanted) > 0 ? wanted : reach;
  }

  /** Takes what a page shows of the history; it has at least one trade. */
  void observe(List<Trade> page) {
    newestOfHistory = page.get(page.size() - 1).sequence() + cursor;
  }

  /** A page had wanted trades. */
  void hit() {
    shifts = 0;
    misses = 0;
    skippedToNs = 0;
    stepNs = 1;
  }

  /** A page had not the first of the wanted trades. */
  void miss() {
    misses++;
  }

  /**
   * Whether a page begins after its place, because the newest trade, from which pages are counted,
   * has moved since the request.
   *
   * @param last the id of the trade before the wanted ones
   */
  boolean isShifted(List<Trade> page, long last) {
    boolean shifted =
        history.paging() == Paging.OFFSET
            && shifts < MOST_SHIFTS
            && !page.isEmpty()
            && page.get(0).firstSequence() > last + 1
            && newestOfHistory > newestAtRequest;
    shifts += shifted ? 1 : 0;
    return shifted;
  }

  /** A full page of one time has no wanted trade: the next one is requested from there. */
  void skipTo(long timeNs) {
    if (cursor < timeNs) {
      skippedToNs = timeNs;
    } else {
      // The exchange may not resolve times so finely.
      skippedToNs = cursor + stepNs;
      stepNs = Math.min(stepNs * 1_000, TimeUnit.SECONDS.toNanos(1));
    }
  }

  /** Starts with other trades. */
  void reset() {
    newestOfHistory = Trade.NO_SEQUENCE;
    hit();
  }
}
