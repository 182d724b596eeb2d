package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.PowersOfTen;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The levels of one side in ascending order of a key, the best last, so that a change near the best
 * price moves little memory. Bids use the price as key, asks the negated price.
 */
final class BookSide {

  private static final byte WIDE = Byte.MIN_VALUE;

  private long[] keys = new long[64];
  private long[] sizes = new long[64];
  private byte[] sizeScales = new byte[64];

  /** How many decimals of each price the venue wrote, for its checksum. */
  private byte[] priceScales = new byte[64];

  private int count;

  /** Keys are prices as integers of this many decimals. */
  private int keyScale;

  /** Sizes of more than 18 digits, by key; null until there is one. */
  private @Nullable Map<Long, BigDecimal> wide;

  int count() {
    return count;
  }

  /** The key of the level at a distance from the best, which is at 0. */
  long key(int fromBest) {
    return keys[count - 1 - fromBest];
  }

  BigDecimal size(int fromBest) {
    int index = count - 1 - fromBest;
    BigDecimal big = wide == null ? null : wide.get(keys[index]);
    return big != null && sizeScales[index] == WIDE
        ? big
        : BigDecimal.valueOf(sizes[index], sizeScales[index]);
  }

  /** Whether the size of a level has no compact form, so that only {@link #size} can be used. */
  boolean isWide(int fromBest) {
    return sizeScales[count - 1 - fromBest] == WIDE;
  }

  long unscaledSize(int fromBest) {
    return sizes[count - 1 - fromBest];
  }

  int sizeScale(int fromBest) {
    return sizeScales[count - 1 - fromBest];
  }

  /** The digits of a price as the venue wrote it, without the decimal point. */
  long price(int fromBest) {
    long key = Math.abs(key(fromBest));
    int finer = keyScale - priceScale(fromBest);
    return finer >= 0 ? key / PowersOfTen.of(finer) : key * PowersOfTen.of(-finer);
  }

  /** How many decimals the venue wrote in a price. */
  int priceScale(int fromBest) {
    return priceScales[count - 1 - fromBest];
  }

  void clear() {
    count = 0;
    wide = null;
  }

  void put(long key, int priceScale, long size, int scale) {
    int index = slot(key);
    priceScales[index] = (byte) priceScale;
    sizes[index] = size;
    sizeScales[index] = (byte) scale;
  }

  void putWide(long key, int priceScale, BigDecimal size) {
    int index = slot(key);
    priceScales[index] = (byte) priceScale;
    sizeScales[index] = WIDE;
    if (wide == null) {
      wide = new HashMap<>();
    }
    wide.put(key, size);
  }

  /** Removes a level, if there is one: venues also send removals of unknown levels. */
  void remove(long key) {
    int index = find(key);
    if (index < 0) {
      return;
    }
    move(index + 1, index, count - 1 - index);
    count--;
    if (wide != null) {
      wide.remove(key);
    }
  }

  /** Removes all but the best levels. */
  void trim(int levels) {
    int surplus = count - levels;
    if (surplus <= 0) {
      return;
    }
    if (wide != null) {
      for (int i = 0; i < surplus; i++) {
        wide.remove(keys[i]);
      }
    }
    move(surplus, 0, levels);
    count = levels;
  }

  /** Gives the keys more decimals, because a finer price has come. */
  void rescale(int scale) {
    long factor = PowersOfTen.of(scale - keyScale);
    for (int i = 0; i < count; i++) {
      keys[i] = Math.multiplyExact(keys[i], factor);
    }
    if (wide != null) {
      Map<Long, BigDecimal> rescaled = new HashMap<>();
      wide.forEach((key, size) -> rescaled.put(key * factor, size));
      wide = rescaled;
    }
    keyScale = scale;
  }

  private int slot(long key) {
    int index = find(key);
    if (index >= 0) {
      return index;
    }
    int insertion = -index - 1;
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
      sizeScales = Arrays.copyOf(sizeScales, count * 2);
      priceScales = Arrays.copyOf(priceScales, count * 2);
    }
    move(insertion, insertion + 1, count - insertion);
    keys[insertion] = key;
    count++;
    return insertion;
  }

  private void move(int from, int to, int levels) {
    System.arraycopy(keys, from, keys, to, levels);
    System.arraycopy(sizes, from, sizes, to, levels);
    System.arraycopy(sizeScales, from, sizeScales, to, levels);
    System.arraycopy(priceScales, from, priceScales, to, levels);
  }

  private int find(long key) {
    return Arrays.binarySearch(keys, 0, count, key);
  }
}
