package io.cryptofeed.connect.market;

import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growable column of exact, non-negative or negative decimals, each kept as {@code unscaled ×
 * 10^-scale} so that the digits and the trailing zeros of the venue's text survive. A number of
 * more than 18 digits is kept beside the column as a {@link BigDecimal}.
 *
 * <p>Reused from message to message by the one thread that owns it; {@link #clear()} keeps its
 * memory.
 */
public final class DecimalColumn {

  /** The most digits that {@link #add(long, int)} can carry. */
  public static final int MAX_COMPACT_DIGITS = 18;

  /** So many numbers are common in a message. */
  private static final int KEPT = 1_024;

  private static final byte WIDE = Byte.MIN_VALUE;

  private long[] unscaled;
  private byte[] scales;
  private @Nullable BigDecimal @Nullable [] wide;
  private int size;

  /** An empty column with room for {@code capacity} numbers. */
  public DecimalColumn(int capacity) {
    unscaled = new long[capacity];
    scales = new byte[capacity];
  }

  /** How many numbers there are. */
  public int size() {
    return size;
  }

  /** Forgets all numbers. */
  public void clear() {
    size = 0;
    wide = null;
  }

  /** Forgets all numbers, and the memory of more than {@value #KEPT}. */
  public void release() {
    clear();
    if (unscaled.length > KEPT) {
      unscaled = new long[KEPT];
      scales = new byte[KEPT];
    }
  }

  /**
   * Adds {@code unscaled × 10^-scale}.
   *
   * @param scale 0 to 18
   */
  public void add(long unscaledValue, int scale) {
    ensureRoom();
    unscaled[size] = unscaledValue;
    scales[size] = (byte) scale;
    size++;
  }

  /** Adds a number of any width, its scale kept. */
  public void add(BigDecimal value) {
    if (value.precision() <= MAX_COMPACT_DIGITS
        && value.scale() >= 0
        && value.scale() <= MAX_COMPACT_DIGITS) {
      add(value.unscaledValue().longValueExact(), value.scale());
      return;
    }
    ensureRoom();
    if (wide == null) {
      wide = new BigDecimal[unscaled.length];
    }
    wide[size] = value;
    scales[size] = WIDE;
    unscaled[size] = value.signum();
    size++;
  }

  /** Adds number {@code index} of another column. */
  public void addFrom(DecimalColumn other, int index) {
    if (other.isWide(index)) {
      add(other.value(index));
    } else {
      add(other.unscaled[index], other.scales[index]);
    }
  }

  /** Makes number {@code index} zero. */
  public void setZero(int index) {
    unscaled[index] = 0;
    scales[index] = 0;
  }

  /** Multiplies every number. */
  public void multiply(BigDecimal factor) {
    for (int i = 0; i < size; i++) {
      multiply(i, factor);
    }
  }

  /** Multiplies number {@code index}. */
  public void multiply(int index, BigDecimal factor) {
    BigDecimal product = value(index).multiply(factor);
    int all = size;
    size = index;
    add(DecimalText.plain(product));
    size = all;
  }

  /** Makes this column equal to the other one. */
  public void copyFrom(DecimalColumn other) {
    if (unscaled.length < other.size) {
      unscaled = new long[other.size];
      scales = new byte[other.size];
    }
    System.arraycopy(other.unscaled, 0, unscaled, 0, other.size);
    System.arraycopy(other.scales, 0, scales, 0, other.size);
    wide = other.wide == null ? null : Arrays.copyOf(other.wide, unscaled.length);
    size = other.size;
  }

  /** Whether number {@code index} has no compact form, so that only {@link #value} can be used. */
  public boolean isWide(int index) {
    return scales[index] == WIDE;
  }

  /** The digits of a compact number, without its decimal point. */
  public long unscaled(int index) {
    return unscaled[index];
  }

  /** The number of digits after the decimal point of a compact number, 0 to 18. */
  public int scale(int index) {
    return scales[index];
  }

  /** -1, 0 or 1. */
  public int signum(int index) {
    return Long.signum(unscaled[index]);
  }

  /** The number with its scale as the venue wrote it. */
  public BigDecimal value(int index) {
    BigDecimal big = wide == null ? null : wide[index];
    return big != null && isWide(index) ? big : BigDecimal.valueOf(unscaled[index], scales[index]);
  }

  /** Compares number {@code index} with a number of a column as numbers, whatever their scales. */
  public int compare(int index, DecimalColumn other, int otherIndex) {
    if (isWide(index) || other.isWide(otherIndex)) {
      return value(index).compareTo(other.value(otherIndex));
    }
    return compare(
        unscaled[index], scales[index], other.unscaled[otherIndex], other.scales[otherIndex]);
  }

  /**
   * Compares {@code one × 10^-oneScale} with {@code other × 10^-otherScale}, exactly.
   *
   * @param oneScale 0 to 18
   * @param otherScale 0 to 18
   */
  public static int compare(long one, int oneScale, long other, int otherScale) {
    if (oneScale == otherScale) {
      return Long.compare(one, other);
    }
    return oneScale < otherScale
        ? compareScaledUp(one, otherScale - oneScale, other)
        : -compareScaledUp(other, oneScale - otherScale, one);
  }

  private static int compareScaledUp(long coarse, int scale, long fine) {
    long factor = PowersOfTen.of(scale);
    long scaled = coarse * factor;
    if (Math.multiplyHigh(coarse, factor) != scaled >> 63) {
      // Further from zero than every long.
      return Long.signum(coarse);
    }
    return Long.compare(scaled, fine);
  }

  /** The number as plain text, trailing zeros kept, never with an exponent. */
  public String text(int index) {
    return value(index).toPlainString();
  }

  private void ensureRoom() {
    if (size == unscaled.length) {
      int capacity = Math.max(16, size * 2);
      unscaled = Arrays.copyOf(unscaled, capacity);
      scales = Arrays.copyOf(scales, capacity);
      if (wide != null) {
        wide = Arrays.copyOf(wide, capacity);
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ", ").append(text(i));
    }
    return text.append(']').toString();
  }
}
