package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.DecimalColumn;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the levels of one side are written: best price first. Exchanges nearly always
 * send them so, and then nothing is sorted. Levels of the same price keep their order, since the
 * last one counts.
 */
final class LevelOrder {

  private static final LevelOrder AS_SENT = new LevelOrder(null);

  private final Integer @Nullable [] sorted;

  private LevelOrder(Integer @Nullable [] sorted) {
    this.sorted = sorted;
  }

  /** Bids: the highest price first. */
  static LevelOrder descending(DecimalColumn prices) {
    return of(prices, -1);
  }

  /** Asks: the lowest price first. */
  static LevelOrder ascending(DecimalColumn prices) {
    return of(prices, 1);
  }

  /** The index in the venue's order of the level that is written at {@code rank}. */
  int index(int rank) {
    return sorted == null ? rank : sorted[rank];
  }

  private static LevelOrder of(DecimalColumn prices, int direction) {
    for (int i = 1; i < prices.size(); i++) {
      if (direction * compare(prices, i - 1, i) > 0) {
        return sort(prices, direction);
      }
    }
    return AS_SENT;
  }

  private static LevelOrder sort(DecimalColumn prices, int direction) {
    Integer[] indices = new Integer[prices.size()];
    Arrays.setAll(indices, i -> i);
    Comparator<Integer> byPrice = (a, b) -> direction * compare(prices, a, b);
    Arrays.sort(indices, byPrice);
    return new LevelOrder(indices);
  }

  private static int compare(DecimalColumn prices, int a, int b) {
    return prices.compare(a, prices, b);
  }
}
