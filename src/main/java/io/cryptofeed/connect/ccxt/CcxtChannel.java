package io.cryptofeed.connect.ccxt;

import java.util.Locale;

/** What can be watched of a market. */
public enum CcxtChannel {
  /** Single trades: {@code watchTrades}. */
  TRADES,
  /** The order book and its changes: {@code watchOrderBook}. */
  BOOK,
  /** The best bid and ask: {@code watchBidsAsks}, or {@code watchTicker} where that is all. */
  QUOTES;

  /** As the driver calls it. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static CcxtChannel of(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
