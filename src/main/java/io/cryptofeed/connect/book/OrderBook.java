package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.DecimalLimits;
import io.cryptofeed.connect.market.PowersOfTen;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order book of one instrument: price levels with absolute sizes. Prices are compared as
 * numbers, never as text, because a venue may write one price in two ways ({@code 86700} and {@code
 * 86700.0}). Used by one thread.
 */
public final class OrderBook {

  private BookSide bids = BookSide.ofBids();
  private BookSide asks = BookSide.ofAsks();

  /** The prices that {@link #trim} removes; kept, because a window is trimmed at most updates. */
  private final DecimalColumn trimmed = new DecimalColumn(16);

  private final DecimalLimits limits;

  /** A book whose records hold numbers of scale 18 and precision 38. */
  public OrderBook() {
    this(DecimalLimits.PRECISE);
  }

  /**
   * @param limits what a record can hold
   */
  public OrderBook(DecimalLimits limits) {
    this.limits = limits;
  }

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
    BigDecimal contract = update.instrument().contractSize();
    if (update.isSnapshot()) {
      clear();
      load(bids, update.bidPrices(), update.bidSizes(), contract);
      load(asks, update.askPrices(), update.askSizes(), contract);
    } else {
      // Venues may send one price twice: the later one applies.
      for (int i = 0; i < update.bidPrices().size(); i++) {
        set(bids, update.bidPrices(), update.bidSizes(), i, contract);
      }
      for (int i = 0; i < update.askPrices().size(); i++) {
        set(asks, update.askPrices(), update.askSizes(), i, contract);
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
  private void load(
      BookSide side, DecimalColumn prices, DecimalColumn sizes, @Nullable BigDecimal contract)
      throws InvalidBookException {
    int last = prices.size() - 1;
    boolean rising = last > 0 && prices.compare(0, prices, last) < 0;
    boolean worstFirst = rising == (side == bids);
    for (int n = 0; n <= last; n++) {
      int i = worstFirst ? n : last - n;
      if (sizes.signum(i) == 0) {
        continue;
      }
      int before = side.count();
      set(side, prices, sizes, i, contract);
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
    trimmed.clear();
    bids.trim(levels, trimmed);
    applied.removeBids(trimmed);
    trimmed.clear();
    asks.trim(levels, trimmed);
    applied.removeAsks(trimmed);
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

  /**
   * @param contract the size of a contract, if sizes count contracts
   */
  private void set(
      BookSide side,
      DecimalColumn prices,
      DecimalColumn sizes,
      int index,
      @Nullable BigDecimal contract)
      throws InvalidBookException {
    if (prices.signum(index) <= 0) {
      throw new InvalidBookException("price " + prices.text(index) + " is not above zero");
    }
    if (sizes.signum(index) < 0) {
      throw new InvalidBookException("size " + sizes.text(index) + " is below zero");
    }
    if (prices.isWide(index)) {
      require("price", prices.value(index), prices.value(index));
    }
    if (sizes.isWide(index) || (contract != null && !surelyFits(sizes, index, contract))) {
      BigDecimal size = sizes.value(index);
      require("size", size, contract == null ? size : size.multiply(contract));
    }
    if (sizes.signum(index) == 0) {
      side.remove(prices, index);
    } else {
      side.put(prices, sizes, index);
    }
  }

  /** Whether a size in contracts fits a record, as far as that is known without multiplying. */
  private boolean surelyFits(DecimalColumn sizes, int index, BigDecimal contract) {
    int most = DecimalColumn.MAX_COMPACT_DIGITS;
    int spent = Math.max(0, contract.precision() - contract.scale() - (limits.before() - most));
    return spent <= most
        && sizes.scale(index) + contract.scale() <= limits.after()
        && sizes.unscaled(index) < PowersOfTen.of(most - spent);
  }

  /** What no record can hold is a fault of this book, not of the task that writes the records. */
  private void require(String name, BigDecimal sent, BigDecimal written)
      throws InvalidBookException {
    if (!limits.hold(written)) {
      throw new InvalidBookException(name + ' ' + limits.explain(sent));
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
