package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.PowersOfTen;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The order book of one instrument: price levels with absolute sizes. Prices are compared as
 * numbers, never as text, because a venue may write one price in two ways ({@code 86700} and {@code
 * 86700.0}). Used by one thread.
 */
public final class OrderBook {

  private final BookSide bids = new BookSide();
  private final BookSide asks = new BookSide();

  /** Prices are kept as integers of this many decimals; grows when a finer price comes. */
  private int priceScale;

  /**
   * One price level.
   *
   * @param price in quote units
   * @param size in base units, above zero
   */
  public record Level(BigDecimal price, BigDecimal size) {}

  /**
   * Applies an update: a snapshot replaces everything, a delta sets levels, a size of zero removes
   * one.
   *
   * @throws InvalidBookException if a price or a size is not valid, if the levels of a snapshot are
   *     unsorted or occur twice, or if the best bid is not below the best ask; the book must not be
   *     used after that
   */
  public void apply(BookUpdate update) throws InvalidBookException {
    if (update.isSnapshot()) {
      clear();
      load(bids, false, update.bidPrices(), update.bidSizes());
      load(asks, true, update.askPrices(), update.askSizes());
    } else {
      // Venues may send one price twice: the later one applies.
      for (int i = 0; i < update.bidPrices().size(); i++) {
        set(bids, false, update.bidPrices(), update.bidSizes(), i);
      }
      for (int i = 0; i < update.askPrices().size(); i++) {
        set(asks, true, update.askPrices(), update.askSizes(), i);
      }
    }
    if (bids.count() > 0 && asks.count() > 0 && bids.key(0) >= -asks.key(0)) {
      throw new InvalidBookException(
          "best bid "
              + price(bids.key(0)).toPlainString()
              + " is not below best ask "
              + price(-asks.key(0)).toPlainString());
    }
  }

  /** Loads the levels of a snapshot, which come best first or worst first. */
  private void load(BookSide side, boolean negated, DecimalColumn prices, DecimalColumn sizes)
      throws InvalidBookException {
    int last = prices.size() - 1;
    boolean rising = last > 0 && compare(prices, 0, last) < 0;
    boolean worstFirst = rising != negated;
    for (int n = 0; n <= last; n++) {
      int i = worstFirst ? n : last - n;
      if (sizes.signum(i) == 0) {
        continue;
      }
      int before = side.count();
      set(side, negated, prices, sizes, i);
      if (side.count() == before || side.key(0) != keyOf(prices, i, negated)) {
        throw new InvalidBookException(
            "a snapshot's levels are unsorted at price " + prices.text(i));
      }
    }
  }

  private long keyOf(DecimalColumn prices, int index, boolean negated) throws InvalidBookException {
    long price = key(prices, index);
    return negated ? -price : price;
  }

  private static int compare(DecimalColumn column, int one, int other) {
    return column.value(one).compareTo(column.value(other));
  }

  /** Removes all but the best levels of each side. */
  public void trim(int levels) {
    bids.trim(levels);
    asks.trim(levels);
  }

  /** Keys of levels are prices as integers of this many decimals. */
  int priceScale() {
    return priceScale;
  }

  BookSide bidSide() {
    return bids;
  }

  BookSide askSide() {
    return asks;
  }

  /** Removes all levels. */
  public void clear() {
    bids.clear();
    asks.clear();
  }

  /** All bids, the highest first. */
  public List<Level> bids() {
    return levels(bids, false);
  }

  /** All asks, the lowest first. */
  public List<Level> asks() {
    return levels(asks, true);
  }

  private void set(
      BookSide side, boolean negated, DecimalColumn prices, DecimalColumn sizes, int index)
      throws InvalidBookException {
    if (prices.signum(index) <= 0) {
      throw new InvalidBookException("price " + prices.text(index) + " is not above zero");
    }
    if (sizes.signum(index) < 0) {
      throw new InvalidBookException("size " + sizes.text(index) + " is below zero");
    }
    long price = key(prices, index);
    long key = negated ? -price : price;
    if (sizes.signum(index) == 0) {
      side.remove(key);
    } else if (sizes.isWide(index)) {
      side.putWide(key, prices.scale(index), sizes.value(index));
    } else {
      side.put(key, prices.scale(index), sizes.unscaled(index), sizes.scale(index));
    }
  }

  private long key(DecimalColumn prices, int index) throws InvalidBookException {
    if (prices.isWide(index)) {
      throw tooFine(prices, index);
    }
    long unscaled = prices.unscaled(index);
    int scale = prices.scale(index);
    while (scale > priceScale && unscaled % 10 == 0) {
      unscaled /= 10;
      scale--;
    }
    try {
      if (scale > priceScale) {
        bids.rescale(scale);
        asks.rescale(scale);
        priceScale = scale;
      }
      return Math.multiplyExact(unscaled, PowersOfTen.of(priceScale - scale));
    } catch (ArithmeticException e) {
      throw tooFine(prices, index);
    }
  }

  private static InvalidBookException tooFine(DecimalColumn prices, int index) {
    return new InvalidBookException("price " + prices.text(index) + " needs more than 18 digits");
  }

  private List<Level> levels(BookSide side, boolean negated) {
    List<Level> levels = new ArrayList<>(side.count());
    for (int i = 0; i < side.count(); i++) {
      levels.add(new Level(price(negated ? -side.key(i) : side.key(i)), side.size(i)));
    }
    return levels;
  }

  private BigDecimal price(long key) {
    return BigDecimal.valueOf(key, priceScale);
  }
}
