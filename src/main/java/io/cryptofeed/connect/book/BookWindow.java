package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.PowersOfTen;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The best levels of a book as they were published last, and what has changed in them since. A
 * level that moves into the window because another one left it is a change of the window, although
 * it is not a change of the book. Used by one thread.
 */
public final class BookWindow {

  private final OrderBook book;
  private final int depth;
  private final Side bids = new Side();
  private final Side asks = new Side();
  private int scale;

  /**
   * @param book whose best levels these are
   * @param depth the number of levels per side, 0 for all
   */
  public BookWindow(OrderBook book, int depth) {
    this.book = book;
    this.depth = depth == 0 ? Integer.MAX_VALUE : depth;
  }

  /** The published levels of one side, the best first. */
  private static final class Side {
    private long[] keys = new long[16];
    private long[] sizes = new long[16];
    private byte[] scales = new byte[16];
    private @Nullable BigDecimal[] wide = new BigDecimal[16];
    private int count;

    private void copy(BookSide from, int levels) {
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

    private boolean differs(int index, BookSide side, int level) {
      BigDecimal big = wide[index];
      if (big != null || side.isWide(level)) {
        return big == null || big.compareTo(side.size(level)) != 0;
      }
      return sizes[index] != side.unscaledSize(level) || scales[index] != side.sizeScale(level);
    }

    private void rescale(long factor) {
      for (int i = 0; i < count; i++) {
        keys[i] *= factor;
      }
    }
  }

  /** Fills an update with the best levels as they are now. */
  public void fill(BookUpdate into) {
    into.clearLevels();
    scale = book.priceScale();
    fill(book.bidSide(), bids, into.bidPrices(), into.bidSizes());
    fill(book.askSide(), asks, into.askPrices(), into.askSizes());
  }

  private void fill(BookSide from, Side published, DecimalColumn prices, DecimalColumn sizes) {
    published.copy(from, Math.min(depth, from.count()));
    for (int i = 0; i < published.count; i++) {
      add(from, i, prices, sizes);
    }
  }

  /**
   * Fills an update with the levels that have changed since the last call.
   *
   * @return whether any level has changed
   */
  public boolean fillChanges(BookUpdate into) {
    into.clearLevels();
    if (scale != book.priceScale()) {
      long factor = PowersOfTen.of(book.priceScale() - scale);
      bids.rescale(factor);
      asks.rescale(factor);
      scale = book.priceScale();
    }
    changes(book.bidSide(), bids, into.bidPrices(), into.bidSizes());
    changes(book.askSide(), asks, into.askPrices(), into.askSizes());
    return !into.hasNoLevels();
  }

  private void changes(BookSide now, Side published, DecimalColumn prices, DecimalColumn sizes) {
    int levels = Math.min(depth, now.count());
    int before = prices.size();
    int i = 0;
    int j = 0;
    while (i < levels || j < published.count) {
      if (j == published.count || (i < levels && now.key(i) > published.keys[j])) {
        add(now, i, prices, sizes);
        i++;
      } else if (i == levels || now.key(i) < published.keys[j]) {
        addPrice(published.keys[j], scale, prices);
        sizes.add(0, 0);
        j++;
      } else {
        if (published.differs(j, now, i)) {
          add(now, i, prices, sizes);
        }
        i++;
        j++;
      }
    }
    if (prices.size() > before) {
      published.copy(now, levels);
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
