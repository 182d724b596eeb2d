package io.cryptofeed.connect.exchange.spi;

/** How the trade ids of one instrument relate. */
public enum TradeNumbering {
  /** Each is the one before plus one: a missing number is a missing trade. */
  CONSECUTIVE,
  /** Each is greater than the one before; numbers may be left out. */
  INCREASING,
  /** Ids tell trades apart, and nothing else. */
  UNORDERED
}
