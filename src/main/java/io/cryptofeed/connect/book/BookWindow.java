package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The best levels of a book as they were told last, and what has changed in them since: levels that
 * moved into the window because another one left it are changes of the window, though not of the
 * book. Used by one thread.
 */
public final class BookWindow {

  private final OrderBook book;
  private final int depth;
  private final Side bids = new Side();
  private final Side asks = new Side();
  private int scale;

  /**
   * @param book whose best levels these are
   * @param depth how many levels a side, 0 for all
   */
  public BookWindow(OrderBook book, int depth) {
    this.book = book;
    this.depth = depth == 0 ? Integer.MAX_VALUE : depth;
  }

  /** What was told of one side, the best level first. */
  private static final class Side {
    private long[] keys = new long[16];
    private long[] sizes = new long[16];
    private byte[] scales = new byte[16];
    private @Nullable BigDecimal[] wide = new BigDecimal[16];
    private int count;

    private void take(BookSide from, int levels) {
      if (keys.length < levels) {
        int capacity = Math.max(levels, keys.length * 2);
        keys = new long[capacity];
        sizes = new long[capacity];
        scales = new byte[capacity];
        wide = new BigDecimal[capacity];
      }
      for (int i = 0; i < levels; i++) {
        keys[i] = from.key(i);
        wide[i] = from.isWide(i) ? from.size(i) : null;
        sizes[i] = wide[i] == null ? from.unscaledSize(i) : 0;
        scales[i] = (byte) (wide[i] == null ? from.sizeScale(i) : 0);
      }
      Arrays.fill(wide, levels, Math.max(levels, count), null);
      count = levels;
    }

    private boolean differs(int told, BookSide side, int level) {
      BigDecimal big = wide[told];
      if (big != null || side.isWide(level)) {
        return big == null || big.compareTo(side.size(level)) != 0;
      }
      return sizes[told] != side.unscaledSize(level) || scales[told] != side.sizeScale(level);
    }

    private void rescale(long factor) {
      for (int i = 0; i < count; i++) {
        keys[i] *= factor;
      }
    }
  }

  /** Fills an update with the best levels as they are now, and remembers them. */
  public void tell(BookUpdate into) {
    into.clearLevels();
    scale = book.priceScale();
    tell(book.bidSide(), bids, into.bidPrices(), into.bidSizes());
    tell(book.askSide(), asks, into.askPrices(), into.askSizes());
  }

  private void tell(BookSide from, Side told, DecimalColumn prices, DecimalColumn sizes) {
    told.take(from, Math.min(depth, from.count()));
    for (int i = 0; i < told.count; i++) {
      add(from, i, prices, sizes);
    }
  }

  /**
   * Fills an update with what has changed since the levels were told last, and remembers it.
   *
   * @return whether anything has
   */
  public boolean tellChanges(BookUpdate into) {
    into.clearLevels();
    if (scale != book.priceScale()) {
      long factor = 1;
      for (int i = scale; i < book.priceScale(); i++) {
        factor *= 10;
      }
      bids.rescale(factor);
      asks.rescale(factor);
      scale = book.priceScale();
    }
    changes(book.bidSide(), bids, into.bidPrices(), into.bidSizes());
    changes(book.askSide(), asks, into.askPrices(), into.askSizes());
    return !into.hasNoLevels();
  }

  private void changes(BookSide now, Side told, DecimalColumn prices, DecimalColumn sizes) {
    int levels = Math.min(depth, now.count());
    int before = prices.size();
    int i = 0;
    int j = 0;
    while (i < levels || j < told.count) {
      if (j == told.count || (i < levels && now.key(i) > told.keys[j])) {
        add(now, i, prices, sizes);
        i++;
      } else if (i == levels || now.key(i) < told.keys[j]) {
        addPrice(told.keys[j], scale, prices);
        sizes.add(0, 0);
        j++;
      } else {
        if (told.differs(j, now, i)) {
          add(now, i, prices, sizes);
        }
        i++;
        j++;
      }
    }
    if (prices.size() > before) {
      told.take(now, levels);
    }
  }

  private void add(BookSide side, int level, DecimalColumn prices, DecimalColumn sizes) {
    addPrice(side.key(level), scale, prices);
    if (side.isWide(level)) {
      sizes.add(side.size(level));
    } else {
      sizes.add(side.unscaledSize(level), side.sizeScale(level));
    }
  }

  private static void addPrice(long key, int scale, DecimalColumn prices) {
    prices.add(Math.abs(key), scale);
  }
}
