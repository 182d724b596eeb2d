package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How far a book is known that starts from a snapshot with a limited number of levels. Levels
 * beyond the last one of the snapshot are known only once they change, so a side is complete only
 * up to the price of that level. Used by one thread.
 */
final class KnownBounds {

  private final int snapshotLevels;
  private final Bound bids = new Bound();
  private final Bound asks = new Bound();

  /**
   * @param snapshotLevels the most levels per side of a snapshot, 0 for all
   */
  KnownBounds(int snapshotLevels) {
    this.snapshotLevels = snapshotLevels;
  }

  private static final class Bound {
    private final DecimalColumn price = new DecimalColumn(1);
    private @Nullable BigDecimal value;

    private void set(@Nullable BigDecimal newValue) {
      price.clear();
      value = newValue;
      if (newValue != null) {
        price.add(newValue);
      }
    }
  }

  /** The book consists of a snapshot, and of nothing else. */
  void of(OrderBook book) {
    if (snapshotLevels > 0) {
      of(book.bidSide(), bids);
      of(book.askSide(), asks);
    }
  }

  /** Takes the bounds of a newer snapshot. */
  void of(KnownBounds newer) {
    bids.set(newer.bids.value);
    asks.set(newer.asks.value);
  }

  private void of(BookSide side, Bound bound) {
    // With fewer levels than the limit, the venue has sent all of them.
    bound.set(side.count() < snapshotLevels ? null : side.price(side.count() - 1));
  }

  /** Writes the bounds into an update of the book. */
  void note(BookUpdate update) {
    update.knowTo(bids.value, asks.value);
  }

  /**
   * Whether a side has lost a quarter of the snapshot's levels inside its bound. A new snapshot
   * then has time to arrive before half of them are lost.
   */
  boolean isRunningOut(OrderBook book) {
    return isRunningOut(book.bidSide(), bids) || isRunningOut(book.askSide(), asks);
  }

  private boolean isRunningOut(BookSide side, Bound bound) {
    return bound.value != null
        && side.countTo(bound.price, 0) < snapshotLevels - snapshotLevels / 4;
  }
}
