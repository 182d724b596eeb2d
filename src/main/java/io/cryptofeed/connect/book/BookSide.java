package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.DecimalColumn;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The levels of one side in ascending order of a key, the best last, so that a change near the best
 * price moves little memory. Bids use the price as key, asks the negated price.
 *
 * <p>Each level has its price and its size as the venue wrote them, as an integer and its decimals,
 * or as a {@link BigDecimal} if it has more than 18 digits. Levels have no scale in common, so a
 * far or a fine price does not change how other levels are kept.
 */
final class BookSide {

  private static final byte WIDE = Byte.MIN_VALUE;
  private static final int MIXED = -1;

  /** 1 for bids, -1 for asks. */
  private final int sign;

  private long[] keys = new long[64];
  private byte[] priceScales = new byte[64];
  private long[] sizes = new long[64];
  private byte[] sizeScales = new byte[64];

  /** Prices of more than 18 digits; null until there is one. */
  private @Nullable BigDecimal @Nullable [] widePrices;

  /** Sizes of more than 18 digits; null until there is one. */
  private @Nullable BigDecimal @Nullable [] wideSizes;

  private int count;

  /** The decimals of all prices, or {@link #MIXED}: keys of the same scale are compared at once. */
  private int commonScale = MIXED;

  private BookSide(int sign) {
    this.sign = sign;
  }

  static BookSide ofBids() {
    return new BookSide(1);
  }

  static BookSide ofAsks() {
    return new BookSide(-1);
  }

  int count() {
    return count;
  }

  /** The price of the level at a distance from the best, which is at 0. */
  BigDecimal price(int fromBest) {
    return priceAt(count - 1 - fromBest);
  }

  private BigDecimal priceAt(int index) {
    BigDecimal big = widePrices == null ? null : widePrices[index];
    return big != null && priceScales[index] == WIDE
        ? big
        : BigDecimal.valueOf(sign * keys[index], priceScales[index]);
  }

  /** Whether the price of a level has no compact form, so that only {@link #price} can be used. */
  boolean isPriceWide(int fromBest) {
    return priceScales[count - 1 - fromBest] == WIDE;
  }

  /** The digits of a compact price as the venue wrote it, without the decimal point. */
  long unscaledPrice(int fromBest) {
    return sign * keys[count - 1 - fromBest];
  }

  /** How many decimals the venue wrote in a compact price. */
  int priceScale(int fromBest) {
    return priceScales[count - 1 - fromBest];
  }

  BigDecimal size(int fromBest) {
    int index = count - 1 - fromBest;
    BigDecimal big = wideSizes == null ? null : wideSizes[index];
    return big != null && sizeScales[index] == WIDE
        ? big
        : BigDecimal.valueOf(sizes[index], sizeScales[index]);
  }

  /** Whether the size of a level has no compact form, so that only {@link #size} can be used. */
  boolean isSizeWide(int fromBest) {
    return sizeScales[count - 1 - fromBest] == WIDE;
  }

  /** The digits of a compact size as the venue wrote it, without the decimal point. */
  long unscaledSize(int fromBest) {
    return sizes[count - 1 - fromBest];
  }

  int sizeScale(int fromBest) {
    return sizeScales[count - 1 - fromBest];
  }

  /** Adds a level to the end of two columns. */
  void addTo(DecimalColumn prices, DecimalColumn levelSizes, int fromBest) {
    addPriceTo(prices, count - 1 - fromBest);
    if (isSizeWide(fromBest)) {
      levelSizes.add(size(fromBest));
    } else {
      levelSizes.add(unscaledSize(fromBest), sizeScale(fromBest));
    }
  }

  private void addPriceTo(DecimalColumn prices, int index) {
    if (priceScales[index] == WIDE) {
      prices.add(priceAt(index));
    } else {
      prices.add(sign * keys[index], priceScales[index]);
    }
  }

  /** How many levels there are at a price and better ones. */
  int countTo(DecimalColumn prices, int at) {
    int index = find(prices, at);
    return count - (index >= 0 ? index : -index - 1);
  }

  /**
   * Which of two prices is nearer to the best: below zero if it is the given one, above zero if it
   * is that of the level.
   */
  int compare(int fromBest, DecimalColumn prices, int at) {
    return compareAt(count - 1 - fromBest, prices, at);
  }

  void clear() {
    count = 0;
    widePrices = null;
    wideSizes = null;
  }

  /** Sets a level to a size above zero. */
  void put(DecimalColumn prices, DecimalColumn levelSizes, int at) {
    int index = find(prices, at);
    if (index < 0) {
      index = -index - 1;
      insert(index);
    }
    byte scale = prices.isWide(at) ? WIDE : (byte) prices.scale(at);
    if (count == 1) {
      commonScale = scale == WIDE ? MIXED : scale;
    } else if (scale != commonScale) {
      commonScale = MIXED;
    }
    priceScales[index] = scale;
    keys[index] = scale == WIDE ? 0 : sign * prices.unscaled(at);
    if (scale == WIDE) {
      widePrices = widePrices == null ? new BigDecimal[keys.length] : widePrices;
      widePrices[index] = prices.value(at);
    }
    if (levelSizes.isWide(at)) {
      sizes[index] = 0;
      sizeScales[index] = WIDE;
      wideSizes = wideSizes == null ? new BigDecimal[keys.length] : wideSizes;
      wideSizes[index] = levelSizes.value(at);
    } else {
      sizes[index] = levelSizes.unscaled(at);
      sizeScales[index] = (byte) levelSizes.scale(at);
    }
  }

  /** Removes a level, if there is one: venues also send removals of unknown levels. */
  void remove(DecimalColumn prices, int at) {
    int index = find(prices, at);
    if (index >= 0) {
      move(index + 1, index, count - 1 - index);
      count--;
    }
  }

  /**
   * Removes all but the best levels.
   *
   * @param removed gets the prices of the removed levels
   */
  void trim(int levels, DecimalColumn removed) {
    int surplus = count - levels;
    if (surplus <= 0) {
      return;
    }
    for (int index = surplus - 1; index >= 0; index--) {
      addPriceTo(removed, index);
    }
    move(surplus, 0, levels);
    count = levels;
  }

  private void insert(int index) {
    if (count == keys.length) {
      int capacity = count * 2;
      keys = Arrays.copyOf(keys, capacity);
      priceScales = Arrays.copyOf(priceScales, capacity);
      sizes = Arrays.copyOf(sizes, capacity);
      sizeScales = Arrays.copyOf(sizeScales, capacity);
      widePrices = widePrices == null ? null : Arrays.copyOf(widePrices, capacity);
      wideSizes = wideSizes == null ? null : Arrays.copyOf(wideSizes, capacity);
    }
    move(index, index + 1, count - index);
    count++;
  }

  private void move(int from, int to, int levels) {
    System.arraycopy(keys, from, keys, to, levels);
    System.arraycopy(priceScales, from, priceScales, to, levels);
    System.arraycopy(sizes, from, sizes, to, levels);
    System.arraycopy(sizeScales, from, sizeScales, to, levels);
    if (widePrices != null) {
      System.arraycopy(widePrices, from, widePrices, to, levels);
    }
    if (wideSizes != null) {
      System.arraycopy(wideSizes, from, wideSizes, to, levels);
    }
  }

  private int find(DecimalColumn prices, int at) {
    if (!prices.isWide(at) && prices.scale(at) == commonScale) {
      return Arrays.binarySearch(keys, 0, count, sign * prices.unscaled(at));
    }
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compareAt(middle, prices, at);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private int compareAt(int index, DecimalColumn prices, int at) {
    if (priceScales[index] == WIDE || prices.isWide(at)) {
      return sign * priceAt(index).compareTo(prices.value(at));
    }
    return DecimalColumn.compare(
        keys[index], priceScales[index], sign * prices.unscaled(at), prices.scale(at));
  }
}
