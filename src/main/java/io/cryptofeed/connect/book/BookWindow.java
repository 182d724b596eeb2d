package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;

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
    private final DecimalColumn prices = new DecimalColumn(16);
    private final DecimalColumn sizes = new DecimalColumn(16);

    private void copy(BookSide from, int levels) {
      prices.clear();
      sizes.clear();
      for (int i = 0; i < levels; i++) {
        from.addTo(prices, sizes, i);
      }
    }

    private boolean differs(int index, BookSide side, int level) {
      if (sizes.isWide(index) || side.isSizeWide(level)) {
        return sizes.value(index).compareTo(side.size(level)) != 0;
      }
      return sizes.unscaled(index) != side.unscaledSize(level)
          || sizes.scale(index) != side.sizeScale(level);
    }
  }

  /** Fills an update with the best levels as they are now. */
  public void fill(BookUpdate into) {
    into.clearLevels();
    fill(book.bidSide(), bids, into.bidPrices(), into.bidSizes());
    fill(book.askSide(), asks, into.askPrices(), into.askSizes());
  }

  private void fill(BookSide from, Side published, DecimalColumn prices, DecimalColumn sizes) {
    int levels = Math.min(depth, from.count());
    for (int i = 0; i < levels; i++) {
      from.addTo(prices, sizes, i);
    }
    published.prices.copyFrom(prices);
    published.sizes.copyFrom(sizes);
  }

  /**
   * Fills an update with the levels that have changed since the last call.
   *
   * @return whether any level has changed
   */
  public boolean fillChanges(BookUpdate into) {
    into.clearLevels();
    changes(book.bidSide(), bids, into.bidPrices(), into.bidSizes());
    changes(book.askSide(), asks, into.askPrices(), into.askSizes());
    return !into.hasNoLevels();
  }

  private void changes(BookSide now, Side published, DecimalColumn prices, DecimalColumn sizes) {
    int levels = Math.min(depth, now.count());
    int before = published.prices.size();
    int i = 0;
    int j = 0;
    while (i < levels || j < before) {
      int order = i == levels ? -1 : j == before ? 1 : now.compare(i, published.prices, j);
      if (order > 0) {
        now.addTo(prices, sizes, i);
        i++;
      } else if (order < 0) {
        prices.addFrom(published.prices, j);
        sizes.add(0, 0);
        j++;
      } else {
        if (published.differs(j, now, i)) {
          now.addTo(prices, sizes, i);
        }
        i++;
        j++;
      }
    }
    if (prices.size() > 0) {
      published.copy(now, levels);
    }
  }
}
