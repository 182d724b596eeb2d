package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The order book of one instrument: price levels with absolute sizes. Prices are compared as
 * numbers, never as text, because a venue may write one price in two ways ({@code 86700} and {@code
 * 86700.0}). Used by one thread.
 */
public final class OrderBook {

  private BookSide bids = BookSide.ofBids();
  private BookSide asks = BookSide.ofAsks();

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
   * @throws InvalidBookException if a price or a size is not valid or does not fit a record, if the
   *     levels of a snapshot are unsorted or occur twice, or if the best bid is not below the best
   *     ask; the book must be cleared after that
   */
  public void apply(BookUpdate update) throws InvalidBookException {
    if (update.isSnapshot()) {
      clear();
      load(bids, false, update.bidPrices(), update.bidSizes());
      load(asks, true, update.askPrices(), update.askSizes());
    } else {
      // Venues may send one price twice: the later one applies.
      for (int i = 0; i < update.bidPrices().size(); i++) {
        set(bids, update.bidPrices(), update.bidSizes(), i);
      }
      for (int i = 0; i < update.askPrices().size(); i++) {
        set(asks, update.askPrices(), update.askSizes(), i);
      }
    }
    if (isCrossed()) {
      throw new InvalidBookException(
          "best bid "
              + bids.price(0).toPlainString()
              + " is not below best ask "
              + asks.price(0).toPlainString());
    }
  }

  private boolean isCrossed() {
    if (bids.count() == 0 || asks.count() == 0) {
      return false;
    }
    if (bids.isPriceWide(0) || asks.isPriceWide(0)) {
      return bids.price(0).compareTo(asks.price(0)) >= 0;
    }
    return DecimalColumn.compare(
            bids.unscaledPrice(0), bids.priceScale(0), asks.unscaledPrice(0), asks.priceScale(0))
        >= 0;
  }

  /** Loads the levels of a snapshot, which come best first or worst first. */
  private static void load(
      BookSide side, boolean lowestFirst, DecimalColumn prices, DecimalColumn sizes)
      throws InvalidBookException {
    int last = prices.size() - 1;
    boolean rising = last > 0 && prices.compare(0, prices, last) < 0;
    boolean worstFirst = rising != lowestFirst;
    for (int n = 0; n <= last; n++) {
      int i = worstFirst ? n : last - n;
      if (sizes.signum(i) == 0) {
        continue;
      }
      int before = side.count();
      set(side, prices, sizes, i);
      if (side.count() == before || side.compare(0, prices, i) != 0) {
        throw new InvalidBookException(
            "a snapshot's levels are unsorted at price " + prices.text(i));
      }
    }
  }

  /**
   * Removes all but the best levels of each side, from the book and from the update that was
   * applied last: a snapshot loses their levels, a delta gets their removals. So whoever applies
   * the update has the same book.
   */
  void trim(int levels, BookUpdate applied) {
    if (bids.count() <= levels && asks.count() <= levels) {
      return;
    }
    DecimalColumn removed = new DecimalColumn(16);
    bids.trim(levels, removed);
    applied.removeBids(removed);
    removed.clear();
    asks.trim(levels, removed);
    applied.removeAsks(removed);
  }

  BookSide bidSide() {
    return bids;
  }

  BookSide askSide() {
    return asks;
  }

  /** Takes the levels of another book, which must not be used after that. */
  void replaceBy(OrderBook other) {
    bids = other.bids;
    asks = other.asks;
  }

  /** Removes all levels. */
  public void clear() {
    bids.clear();
    asks.clear();
  }

  /** All bids, the highest first. */
  public List<Level> bids() {
    return levels(bids);
  }

  /** All asks, the lowest first. */
  public List<Level> asks() {
    return levels(asks);
  }

  private static void set(BookSide side, DecimalColumn prices, DecimalColumn sizes, int index)
      throws InvalidBookException {
    if (prices.signum(index) <= 0) {
      throw new InvalidBookException("price " + prices.text(index) + " is not above zero");
    }
    if (sizes.signum(index) < 0) {
      throw new InvalidBookException("size " + sizes.text(index) + " is below zero");
    }
    requireRecordable("price", prices, index);
    requireRecordable("size", sizes, index);
    if (sizes.signum(index) == 0) {
      side.remove(prices, index);
    } else {
      side.put(prices, sizes, index);
    }
  }

  /** What no record can hold is a fault of this book, not of the task that writes the records. */
  private static void requireRecordable(String field, DecimalColumn numbers, int index)
      throws InvalidBookException {
    if (!numbers.isRecordable(index)) {
      throw new InvalidBookException(
          "%s %s has more than %d digits before the decimal point or %d after it"
              .formatted(
                  field,
                  numbers.value(index),
                  DecimalColumn.MAX_DIGITS - DecimalColumn.MAX_DECIMALS,
                  DecimalColumn.MAX_DECIMALS));
    }
  }

  private static List<Level> levels(BookSide side) {
    List<Level> levels = new ArrayList<>(side.count());
    for (int i = 0; i < side.count(); i++) {
      levels.add(new Level(side.price(i), side.size(i)));
    }
    return levels;
  }
}
