package io.cryptofeed.connect.local.venue.scripted;

import io.cryptofeed.connect.local.venue.IsoTime;
import io.cryptofeed.connect.local.venue.JsonBytes;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;

/**
 * A trade that happened at a {@link TradeVenue}, whether it was sent or not. Numbers have no
 * trailing zeros.
 *
 * @param number the one before plus one, for each market
 * @param id the venue's id, as text
 * @param price in quote units
 * @param size in base units, even if the venue uses contracts
 * @param taker the side of the taker, whatever the venue's protocol reports
 * @param timeNanos nanoseconds since the epoch, with the precision of the venue
 */
public record VenueTrade(
    long number, String id, BigDecimal price, BigDecimal size, Side taker, long timeNanos) {

  /** Strips trailing zeros. */
  public VenueTrade {
    price = price.stripTrailingZeros();
    size = size.stripTrailingZeros();
  }

  boolean isBuy() {
    return taker == Side.BUY;
  }

  String priceText() {
    return price.toPlainString();
  }

  String sizeText() {
    return size.toPlainString();
  }

  /** Milliseconds since the epoch. */
  long millis() {
    return timeNanos / 1_000_000;
  }

  /** As {@code 2026-08-25T03:35:57.198335Z}. */
  String isoTime() {
    JsonBytes text = new JsonBytes();
    new IsoTime().put(text, timeNanos / 1_000);
    return text.toString();
  }
}
