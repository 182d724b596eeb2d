package io.cryptofeed.connect.local.venue.market;

import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;

/**
 * A trade that really happened, with which tests compare. Numbers have no trailing zeros.
 *
 * @param id the venue's id of the trade, consecutive for each instrument
 * @param price in quote units
 * @param size in base units
 * @param taker the side of the taker, whatever the venue's protocol reports
 * @param timeMicros microseconds since the epoch
 */
public record TradeTruth(long id, BigDecimal price, BigDecimal size, Side taker, long timeMicros) {

  /** Strips trailing zeros. */
  public TradeTruth {
    price = price.stripTrailingZeros();
    size = size.stripTrailingZeros();
  }
}
