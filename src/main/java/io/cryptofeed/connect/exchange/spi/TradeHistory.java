package io.cryptofeed.connect.exchange.spi;

import java.time.Duration;

/**
 * How the past trades of an instrument are asked for, page by page.
 *
 * @param paging what a request names
 * @param pageTrades the most trades in one answer, at least 1
 * @param reach how old the oldest trades are that the venue still has; zero where it keeps all
 */
public record TradeHistory(Paging paging, int pageTrades, Duration reach) {

  /** What the {@code cursor} of {@link Exchange#tradesRequest} means. */
  public enum Paging {
    /** An id: the answer has the trades from this one on. */
    FROM_ID,
    /** An id: the answer has the newest trades before this one. */
    BEFORE_ID,
    /** Nanoseconds since the epoch: the answer has the trades from then on. */
    FROM_TIME,
    /** How many of the newest trades are passed over before the answer begins, going back. */
    OFFSET,
    /** Nothing: the answer has the newest trades, and no others can be had. */
    NEWEST
  }
}
