package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the pages of a venue's history are, for trades whose numbers are consecutive. Used by one
 * thread.
 */
final class HistoryPages {

  /** A time is asked for with so much before it: venues cut times off, or leave out the first. */
  private static final long OVERLAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** A page that is counted from the newest trade may miss its place, for that one moves. */
  private static final int MOST_SHIFTS = 10;

  private final TradeHistory history;

  private long cursor;

  /** The newest number as it was known when a page was asked for. */
  private long newestThen;

  /** The newest number of the history, as far as its pages tell. */
  private long newestPast = Trade.NO_SEQUENCE;

  /** Pages are wanted from here on, though no trade before was handed on. */
  private long passedNs;

  private long stepNs = 1;
  private int shifts;
  private int misses;

  HistoryPages(TradeHistory history) {
    this.history = history;
  }

  /**
   * Where the next page is.
   *
   * @param from the number that it is to have
   * @param newest the highest number that the stream has told
   * @param lastEventNs the time of the last trade before, 0 when it is not known
   * @param floorNs no trade before that is wanted
   */
  long cursor(long from, long newest, long lastEventNs, long floorNs) {
    cursor =
        switch (history.paging()) {
          case FROM_ID -> from;
          case BEFORE_ID -> from + history.pageTrades();
          case FROM_TIME ->
              Math.max(0, Math.max(lastEventNs - OVERLAP_NANOS, Math.max(floorNs, passedNs)));
          case OFFSET -> offset(from, newest);
          case NEWEST -> 0;
        };
    return cursor;
  }

  /** A little further back than is needed, the more so when a page has missed its place. */
  private long offset(long from, long newest) {
    newestThen = Math.max(newest, newestPast);
    int margin = history.pageTrades() * Math.min(3, 1 + shifts + misses) / 4;
    return Math.max(0, newestThen - from - history.pageTrades() + 1 + margin);
  }

  /** Whether there is one page only, the newest. */
  boolean isNewestOnly() {
    return history.paging() == Paging.NEWEST;
  }

  /** Whether pages are asked for by time. */
  boolean isByTime() {
    return history.paging() == Paging.FROM_TIME;
  }

  /** Whether a page may have an end that more trades lie behind. */
  boolean isFull(List<Trade> page) {
    return page.size() >= history.pageTrades();
  }

  /** How far back trades are had, for one who wants to go so far. */
  Duration reach(Duration wanted) {
    Duration reach = history.reach();
    return reach.isZero() || reach.compareTo(wanted) > 0 ? wanted : reach;
  }

  /** Takes what a page tells of the history; it has trades. */
  void answered(List<Trade> page) {
    newestPast = page.get(page.size() - 1).sequence() + cursor;
  }

  /** A page had what was wanted. */
  void fitted() {
    shifts = 0;
    misses = 0;
    passedNs = 0;
    stepNs = 1;
  }

  /** A page had not the first of what was wanted. */
  void missed() {
    misses++;
  }

  /**
   * The newest trade moves while pages are counted from it: whether a page lies behind its place.
   */
  boolean isShifted(List<Trade> page, long last) {
    boolean shifted =
        history.paging() == Paging.OFFSET
            && shifts < MOST_SHIFTS
            && !page.isEmpty()
            && page.get(0).firstSequence() > last + 1
            && newestPast > newestThen;
    shifts += shifted ? 1 : 0;
    return shifted;
  }

  /** More trades at one time than fit into a page: goes on behind them. */
  void pass(long timeNs) {
    if (cursor < timeNs) {
      passedNs = timeNs;
    } else {
      // The venue may not know times so fine.
      passedNs = cursor + stepNs;
      stepNs = Math.min(stepNs * 1_000, TimeUnit.SECONDS.toNanos(1));
    }
  }

  /** Begins anew, for other trades. */
  void forget() {
    newestPast = Trade.NO_SEQUENCE;
    fitted();
  }
}
