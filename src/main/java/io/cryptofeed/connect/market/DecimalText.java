package io.cryptofeed.connect.market;

import java.math.BigDecimal;

/**
 * Reads decimals from texts of exchanges, scripts and files. The length of the text, its digits and
 * its exponent are bounded before a number is made of them: {@code 1e600000000} has eleven
 * characters, and writing it out would take half a gigabyte.
 *
 * <p>Every other class takes its numbers from here, so a number has at most {@value #MAX_LENGTH}
 * digits, {@value #MAX_SCALE} zeros before its point, and {@value #MAX_SCALE} digits after it.
 */
public final class DecimalText {

  /** The most characters of a number. */
  public static final int MAX_LENGTH = 100;

  /** The most digits after the point, and the most zeros that an exponent adds before it. */
  public static final int MAX_SCALE = 100;

  private static final int MAX_QUOTED = 40;

  private DecimalText() {}

  /**
   * Reads a number such as {@code 64000.50}, {@code -1e-7} or {@code .5}. Its digits and trailing
   * zeros are kept; a scale is never negative.
   *
   * @throws NumberFormatException if the text is not a number, or out of bounds; the message quotes
   *     it
   */
  public static BigDecimal parse(String text) {
    int end = text.length();
    int i = end > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    int digits = 0;
    while (i < end && isDigit(text.charAt(i))) {
      i++;
      digits++;
    }
    if (i < end && text.charAt(i) == '.') {
      i++;
      while (i < end && isDigit(text.charAt(i))) {
        i++;
        digits++;
      }
    }
    boolean wellFormed = digits > 0;
    int exponentDigits = 0;
    if (i < end && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        i++;
      }
      int start = i;
      while (i < end && isDigit(text.charAt(i))) {
        i++;
      }
      exponentDigits = i - start;
      wellFormed &= exponentDigits > 0;
    }
    if (!wellFormed || i < end) {
      throw new NumberFormatException(quote(text) + " is not a number");
    }
    if (end > MAX_LENGTH || exponentDigits > 3) {
      throw outOfRange(text);
    }
    BigDecimal value = new BigDecimal(text);
    if (Math.abs(value.scale()) > MAX_SCALE) {
      throw outOfRange(text);
    }
    return plain(value);
  }

  /**
   * Makes a negative scale 0, so that the number is written without an exponent. The digits are as
   * bounded as those of {@link #parse}.
   */
  public static BigDecimal plain(BigDecimal value) {
    if (value.scale() >= 0) {
      return value;
    }
    if (value.scale() < -2 * MAX_SCALE) {
      throw outOfRange(value.toString());
    }
    return value.setScale(0);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static NumberFormatException outOfRange(String text) {
    return new NumberFormatException(quote(text) + " is out of range");
  }

  private static String quote(String text) {
    return "'" + (text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…") + "'";
  }
}
