package io.cryptofeed.connect.exchange.spi;

/** How the trade ids of one instrument relate. */
public enum TradeNumbering {
  /** Each id is the one before plus one: a missing id is a missing trade. */
  CONSECUTIVE,
  /** Each id is greater than the one before; ids may be skipped. */
  INCREASING,
  /** Ids are unique and have no order. */
  UNORDERED
}
