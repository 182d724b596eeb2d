package io.cryptofeed.connect.exchange.spi;

import java.time.Duration;

/**
 * How the historical trades of an instrument are requested, page by page.
 *
 * @param paging the meaning of the cursor of a request
 * @param pageTrades the largest number of trades in one response, at least 1
 * @param reach how far the history reaches back; zero if it has every trade
 */
public record TradeHistory(Paging paging, int pageTrades, Duration reach) {

  /** What the {@code cursor} of {@link Exchange#tradesRequest} means. */
  public enum Paging {
    /** An id: the response starts with this trade. */
    FROM_ID,
    /** An id: the response has the newest trades before this one. */
    BEFORE_ID,
    /** Nanoseconds since the epoch: the response starts with the trades at this time. */
    FROM_TIME,
    /** How many of the newest trades are skipped; the response has the trades before them. */
    OFFSET,
    /** There is no cursor: only the newest trades are available. */
    NEWEST
  }
}
