package io.cryptofeed.connect.market;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many digits a number of a record may have. Numbers are never rounded, so what has more digits
 * cannot be written.
 *
 * @param before the most digits before the decimal point
 * @param after the most digits after the decimal point, not counting trailing zeros
 */
public record DecimalLimits(int before, int after) {

  private static final int MAX_QUOTED = 100;

  /** Scale 18 and precision 38: every number of at most 18 digits and decimals is within. */
  public static final DecimalLimits PRECISE = new DecimalLimits(20, 18);

  /**
   * The first number of a column that is beyond the limits, -1 if all are within. A number of at
   * most {@value DecimalColumn#MAX_COMPACT_DIGITS} digits and decimals is within all limits.
   */
  public int firstBeyond(DecimalColumn numbers) {
    for (int i = 0; i < numbers.size(); i++) {
      if (numbers.isWide(i) && !hold(numbers.value(i))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * What is wrong with the first number of a message that is beyond the limits, null if all are
   * within.
   */
  public @Nullable String problem(Observation observation) {
    List<ChannelField> fields = observation.layout().fields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).kind() == ChannelField.Kind.DECIMAL) {
        int beyond = firstBeyond(observation.decimal(i));
        if (beyond >= 0) {
          return fields.get(i).name() + ' ' + explain(observation.decimal(i).value(beyond));
        }
      }
    }
    return null;
  }

  /**
   * What is wrong with a number that is beyond the limits: the number, the limits, and the cure.
   */
  public String explain(BigDecimal value) {
    String text = value.toString();
    return "%s has more than %d digits before the decimal point or %d after it%s"
        .formatted(
            text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…",
            before,
            after,
            equals(PRECISE) ? "; set decimal.mode=string to keep it" : "");
  }

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
