package io.cryptofeed.connect.market;

/** The powers of ten that fit a long. */
public final class PowersOfTen {

  private static final long[] POWERS = new long[DecimalColumn.MAX_COMPACT_DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private PowersOfTen() {}

  /**
   * {@code 10^exponent}.
   *
   * @param exponent 0 to 18
   */
  public static long of(int exponent) {
    return POWERS[exponent];
  }
}
