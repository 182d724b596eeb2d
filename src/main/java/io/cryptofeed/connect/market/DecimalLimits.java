package io.cryptofeed.connect.market;

import java.math.BigDecimal;

/**
 * How many digits a number of a record may have. Numbers are never rounded, so what has more digits
 * cannot be written.
 *
 * @param before the most digits before the decimal point
 * @param after the most digits after the decimal point, not counting trailing zeros
 */
public record DecimalLimits(int before, int after) {

  /** Scale 18 and precision 38: every number of at most 18 digits and decimals is within. */
  public static final DecimalLimits PRECISE = new DecimalLimits(20, 18);

  /** Whether a number is within the limits. Digits are counted, because 1E+1000000000 is short. */
  public boolean hold(BigDecimal value) {
    if (value.signum() == 0) {
      return true;
    }
    long digitsBefore = (long) value.precision() - value.scale();
    // So many decimals could be zeros only if the digits reach that far.
    return digitsBefore <= before
        && (value.scale() <= after
            || ((long) value.scale() - value.precision() <= after
                && value.stripTrailingZeros().scale() <= after));
  }
}
