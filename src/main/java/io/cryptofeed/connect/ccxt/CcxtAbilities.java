package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * What a class of CCXT says that it can.
 *
 * @param name the exchange's own name: {@code Binance US}
 * @param version of CCXT, as the running bundle tells
 * @param quoteSource the method that quotes come from, null when there are none
 * @param fetchTrades whether past trades can be asked for over REST
 * @param fetchBook whether a book can be asked for over REST
 * @param sandbox whether there is a test host
 * @param rateLimitMs the pause between two REST requests that CCXT keeps, milliseconds
 */
public record CcxtAbilities(
    String name,
    String version,
    boolean watchTrades,
    boolean watchBook,
    @Nullable String quoteSource,
    boolean fetchTrades,
    boolean fetchBook,
    boolean sandbox,
    long rateLimitMs) {

  /** Whether a channel can be watched. */
  public boolean canWatch(CcxtChannel channel) {
    return switch (channel) {
      case TRADES -> watchTrades;
      case BOOK -> watchBook;
      case QUOTES -> quoteSource != null;
    };
  }
}
