package io.cryptofeed.connect.local.venue.market;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The true state of an order book, with which tests compare: price to size, best level first.
 * Numbers have no trailing zeros, so that two books are equal if they have the same levels, in
 * whatever format the venue sends them.
 */
public final class BookTruth {

  private final NavigableMap<BigDecimal, BigDecimal> bids =
      new TreeMap<>(Comparator.reverseOrder());
  private final NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();

  /** Bids, the highest price first. */
  public NavigableMap<BigDecimal, BigDecimal> bids() {
    return Collections.unmodifiableNavigableMap(bids);
  }

  /** Asks, the lowest price first. */
  public NavigableMap<BigDecimal, BigDecimal> asks() {
    return Collections.unmodifiableNavigableMap(asks);
  }

  /** Sets a level to an absolute size; zero removes it. */
  public void set(boolean bid, BigDecimal price, BigDecimal size) {
    NavigableMap<BigDecimal, BigDecimal> side = bid ? bids : asks;
    if (size.signum() == 0) {
      side.remove(price.stripTrailingZeros());
    } else {
      side.put(price.stripTrailingZeros(), size.stripTrailingZeros());
    }
  }

  /** Whether the best bid is as high as the best ask, or higher; this is always an error. */
  public boolean isCrossed() {
    return !bids.isEmpty() && !asks.isEmpty() && bids.firstKey().compareTo(asks.firstKey()) >= 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BookTruth that && bids.equals(that.bids) && asks.equals(that.asks);
  }

  @Override
  public int hashCode() {
    return 31 * bids.hashCode() + asks.hashCode();
  }

  @Override
  public String toString() {
    return "bids=" + bids + " asks=" + asks;
  }
}
