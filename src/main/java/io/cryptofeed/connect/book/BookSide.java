package io.cryptofeed.connect.book;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The levels of one side in ascending order of a key, the best last, so that a change near the top
 * of the book moves little memory. Bids use the price as key, asks the negated price.
 */
final class BookSide {

  private static final byte WIDE = Byte.MIN_VALUE;

  private long[] keys = new long[64];
  private long[] sizes = new long[64];
  private byte[] scales = new byte[64];
  private int count;

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
    return big != null && scales[index] == WIDE
        ? big
        : BigDecimal.valueOf(sizes[index], scales[index]);
  }

  void clear() {
    count = 0;
    wide = null;
  }

  void put(long key, long size, int scale) {
    int index = slot(key);
    sizes[index] = size;
    scales[index] = (byte) scale;
  }

  void putWide(long key, BigDecimal size) {
    int index = slot(key);
    scales[index] = WIDE;
    if (wide == null) {
      wide = new HashMap<>();
    }
    wide.put(key, size);
  }

  /** Removes a level; a level that is not there is no fault, venues send such removals. */
  void remove(long key) {
    int index = find(key);
    if (index < 0) {
      return;
    }
    int behind = count - 1 - index;
    System.arraycopy(keys, index + 1, keys, index, behind);
    System.arraycopy(sizes, index + 1, sizes, index, behind);
    System.arraycopy(scales, index + 1, scales, index, behind);
    count--;
    if (wide != null) {
      wide.remove(key);
    }
  }

  /** Multiplies every key, when the book learns of a finer price. */
  void rescale(long factor) {
    for (int i = 0; i < count; i++) {
      keys[i] = Math.multiplyExact(keys[i], factor);
    }
    if (wide != null) {
      Map<Long, BigDecimal> rescaled = new HashMap<>();
      wide.forEach((key, size) -> rescaled.put(key * factor, size));
      wide = rescaled;
    }
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
      scales = Arrays.copyOf(scales, count * 2);
    }
    int behind = count - insertion;
    System.arraycopy(keys, insertion, keys, insertion + 1, behind);
    System.arraycopy(sizes, insertion, sizes, insertion + 1, behind);
    System.arraycopy(scales, insertion, scales, insertion + 1, behind);
    keys[insertion] = key;
    count++;
    return insertion;
  }

  private int find(long key) {
    return Arrays.binarySearch(keys, 0, count, key);
  }
}
