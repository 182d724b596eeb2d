package io.cryptofeed.connect.exchange.read;

import com.fasterxml.jackson.core.JsonParser;
import io.cryptofeed.connect.exchange.profile.FieldRules;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.DecimalText;
import io.cryptofeed.connect.market.EventTime;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Values of JSON scalars, taken from the bytes of a frame. A number may be a JSON number or a
 * string that holds one. Every value must end where its token ends: after the digits comes the
 * closing quote, or what ends a JSON number, and nothing else.
 *
 * <p>All methods need a position at which a tokeniser found a scalar inside an object or an array
 * of a valid message, so the token has an end before the buffer has.
 */
public final class Scalars {

  /** What {@link #plainEnd} returns for a string with an escape sequence. */
  static final int ESCAPED = -1;

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,40}");

  /** Before 1970, or beyond the nanoseconds of a long. */
  private static final long NO_TIME = -1;

  private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

  private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);

  private static final long SECONDS_PER_DAY = 86_400;

  /** The first and the last year all of whose nanoseconds fit a long. */
  private static final int FIRST_YEAR = 1970;

  private static final int LAST_YEAR = 2261;

  private Scalars() {}

  /** Whether the scalar is the literal null. */
  public static boolean isNull(byte[] buffer, int at) {
    return buffer[at] == 'n';
  }

  /** The position of the scalar's first byte, the opening quote excluded. */
  static int begin(byte[] buffer, int at) {
    return buffer[at] == '"' ? at + 1 : at;
  }

  /**
   * The position after the scalar's last byte, the closing quote excluded; {@link #ESCAPED} for a
   * string with an escape sequence, whose text is not what its bytes are.
   */
  static int plainEnd(byte[] buffer, int at) {
    int i = at;
    if (buffer[i] != '"') {
      while (!endsNumber(buffer[i])) {
        i++;
      }
      return i;
    }
    byte b;
    while ((b = buffer[++i]) != '"') {
      if (b == '\\') {
        return ESCAPED;
      }
    }
    return i;
  }

  /** The scalar's text, unescaped. */
  public static String text(byte[] buffer, int at) throws MalformedMessageException {
    int end = plainEnd(buffer, at);
    if (end != ESCAPED) {
      int begin = begin(buffer, at);
      return new String(buffer, begin, end - begin, StandardCharsets.UTF_8);
    }
    int last = at + 1;
    while (buffer[last] != '"') {
      last += buffer[last] == '\\' ? 2 : 1;
    }
    try (JsonParser parser = FrameTokens.JSON.createParser(buffer, at, last + 1 - at)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new MalformedMessageException("a string has an invalid escape sequence");
    }
  }

  /**
   * Adds the number to a column, its scale kept.
   *
   * @throws MalformedMessageException if it is not a number, or negative, or out of range
   */
  public static void addDecimal(byte[] buffer, int at, DecimalColumn column)
      throws MalformedMessageException {
    int i = begin(buffer, at);
    int start = i;
    long unscaled = 0;
    int digit;
    while ((digit = buffer[i] - '0') >= 0 && digit <= 9) {
      unscaled = unscaled * 10 + digit;
      i++;
    }
    int digits = i - start;
    int scale = 0;
    boolean wellFormed = digits > 0;
    if (buffer[i] == '.') {
      i++;
      int fraction = i;
      while ((digit = buffer[i] - '0') >= 0 && digit <= 9) {
        unscaled = unscaled * 10 + digit;
        i++;
      }
      scale = i - fraction;
      digits += scale;
      wellFormed &= scale > 0;
    }
    if (wellFormed && digits <= DecimalColumn.MAX_COMPACT_DIGITS && ends(buffer, at, i)) {
      column.add(unscaled, scale);
    } else {
      column.add(uncommonDecimal(buffer, at));
    }
  }

  /**
   * Adds the number, which may be negative, to a column, its scale kept.
   *
   * @throws MalformedMessageException when it is not a number, or absurd
   */
  static void addSignedDecimal(byte[] buffer, int at, DecimalColumn column)
      throws MalformedMessageException {
    if (buffer[begin(buffer, at)] == '-') {
      column.add(anyDecimal(buffer, at));
    } else {
      addDecimal(buffer, at, column);
    }
  }

  /** A number with an exponent, escapes, or many digits. */
  private static BigDecimal uncommonDecimal(byte[] buffer, int at)
      throws MalformedMessageException {
    BigDecimal value = anyDecimal(buffer, at);
    if (value.signum() < 0) {
      throw new MalformedMessageException(quote(text(buffer, at)) + " is negative");
    }
    return value;
  }

  private static BigDecimal anyDecimal(byte[] buffer, int at) throws MalformedMessageException {
    String text = text(buffer, at);
    if (text.length() > DecimalText.MAX_LENGTH || !DECIMAL.matcher(text).matches()) {
      throw new MalformedMessageException(quote(text) + " is not a number");
    }
    try {
      return DecimalText.parse(text);
    } catch (NumberFormatException e) {
      throw new MalformedMessageException(quote(text) + " is out of range");
    }
  }

  /**
   * A whole number.
   *
   * @throws MalformedMessageException if it is not one, or negative, or beyond 64 bits
   */
  public static long wholeNumber(byte[] buffer, int at) throws MalformedMessageException {
    int i = begin(buffer, at);
    int start = i;
    long value = 0;
    int digit;
    while ((digit = buffer[i] - '0') >= 0 && digit <= 9) {
      value = value * 10 + digit;
      i++;
    }
    int digits = i - start;
    if (digits > 0 && digits <= 18 && ends(buffer, at, i)) {
      return value;
    }
    String text = text(buffer, at);
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new MalformedMessageException(quote(text) + " is beyond 64 bits");
      }
    }
    throw new MalformedMessageException(quote(text) + " is not a whole number of 0 or more");
  }

  /**
   * A boolean, as a literal or a text.
   *
   * @throws MalformedMessageException when it is neither true nor false
   */
  static boolean flag(byte[] buffer, int at) throws MalformedMessageException {
    int begin = begin(buffer, at);
    int end = plainEnd(buffer, at);
    if (end != ESCAPED && Arrays.equals(buffer, begin, end, TRUE, 0, TRUE.length)) {
      return true;
    }
    if (end != ESCAPED && Arrays.equals(buffer, begin, end, FALSE, 0, FALSE.length)) {
      return false;
    }
    throw new MalformedMessageException(quote(text(buffer, at)) + " is neither true nor false");
  }

  /** Whether two scalars are written in the same way. */
  static boolean isSame(byte[] buffer, int one, int other) {
    int oneEnd = plainEnd(buffer, one);
    int otherEnd = plainEnd(buffer, other);
    return oneEnd != ESCAPED
        && otherEnd != ESCAPED
        && Arrays.equals(
            buffer, begin(buffer, one), oneEnd, buffer, begin(buffer, other), otherEnd);
  }

  /** Whether the scalar is a whole number of at most 18 digits. */
  static boolean isWholeNumber(byte[] buffer, int at) {
    int i = begin(buffer, at);
    int start = i;
    while (buffer[i] >= '0' && buffer[i] <= '9') {
      i++;
    }
    return i > start && i - start <= 18 && ends(buffer, at, i);
  }

  /**
   * A whole number that may be negative.
   *
   * @throws MalformedMessageException if it is not one, or beyond 64 bits
   */
  static long signedNumber(byte[] buffer, int at) throws MalformedMessageException {
    if (buffer[begin(buffer, at)] != '-') {
      return wholeNumber(buffer, at);
    }
    String text = text(buffer, at);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MalformedMessageException(quote(text) + " is not a whole number");
    }
  }

  /**
   * A time, in nanoseconds since the epoch.
   *
   * @throws MalformedMessageException if it is not one, or before 1970 or after 2261
   */
  public static long nanos(byte[] buffer, int at, FieldRules.TimeFormat format)
      throws MalformedMessageException {
    long nanos = nanosOrNone(buffer, at, format);
    if (nanos == NO_TIME) {
      throw new MalformedMessageException(quote(text(buffer, at)) + " is not a time");
    }
    return nanos;
  }

  /**
   * The time of an event, in nanoseconds since the epoch; the receive time if the exchange sends a
   * time that no event can have.
   *
   * @throws MalformedMessageException if it is neither a time nor a number
   */
  public static long eventNanos(byte[] buffer, int at, FieldRules.TimeFormat format, long receiveNs)
      throws MalformedMessageException {
    return EventTime.orReceived(nanosOrNone(buffer, at, format), receiveNs);
  }

  /** As {@link #nanos}; {@link #NO_TIME} for a time or a number that is out of range. */
  private static long nanosOrNone(byte[] buffer, int at, FieldRules.TimeFormat format)
      throws MalformedMessageException {
    return switch (format) {
      case S -> secondsNanos(buffer, at);
      case MS -> scaled(buffer, at, 1_000_000);
      case US -> scaled(buffer, at, 1_000);
      case NS -> scaled(buffer, at, 1);
      case ISO -> isoNanos(buffer, at);
    };
  }

  private static long scaled(byte[] buffer, int at, int factor) throws MalformedMessageException {
    long time;
    if (isWholeNumber(buffer, at)) {
      time = wholeNumber(buffer, at);
    } else {
      String text = text(buffer, at);
      if (!WHOLE_NUMBER.matcher(text).matches()) {
        throw new MalformedMessageException(quote(text) + " is not a time");
      }
      try {
        time = Long.parseLong(text);
      } catch (NumberFormatException e) {
        return NO_TIME;
      }
    }
    return time < 0 || time > Long.MAX_VALUE / factor ? NO_TIME : time * factor;
  }

  /** {@code 1762795433.9717445}; what is less than a nanosecond is dropped. */
  private static long secondsNanos(byte[] buffer, int at) throws MalformedMessageException {
    BigDecimal nanos = anyDecimal(buffer, at).multiply(NANOS_PER_SECOND);
    return nanos.signum() < 0 || nanos.compareTo(MOST_NANOS) > 0 ? NO_TIME : nanos.longValue();
  }

  /** {@code 2026-08-25T03:35:57.198335Z}, the fraction of 0 to 9 digits. */
  private static long isoNanos(byte[] buffer, int at) throws MalformedMessageException {
    int i = begin(buffer, at);
    int end = plainEnd(buffer, at);
    int length = end - i;
    if (length < 20 || length > 30 || buffer[end - 1] != 'Z') {
      return uncommonIsoNanos(buffer, at);
    }
    int year = digits(buffer, i, 4);
    int month = digits(buffer, i + 5, 2);
    int day = digits(buffer, i + 8, 2);
    int hour = digits(buffer, i + 11, 2);
    int minute = digits(buffer, i + 14, 2);
    int second = digits(buffer, i + 17, 2);
    boolean punctuated =
        buffer[i + 4] == '-'
            && buffer[i + 7] == '-'
            && buffer[i + 10] == 'T'
            && buffer[i + 13] == ':'
            && buffer[i + 16] == ':'
            && buffer[i + 19] == (length == 20 ? 'Z' : '.');
    int fractionDigits = Math.max(0, length - 21);
    int fraction = fractionDigits == 0 ? 0 : digits(buffer, i + 20, fractionDigits);
    if (!punctuated
        || (length == 21)
        || (year | month | day | hour | minute | second | fraction) < 0
        || year < FIRST_YEAR
        || year > LAST_YEAR
        || month < 1
        || month > 12
        || day < 1
        || day > daysIn(month, year)
        || hour > 23
        || minute > 59
        || second > 59) {
      return uncommonIsoNanos(buffer, at);
    }
    for (int d = fractionDigits; d < 9; d++) {
      fraction *= 10;
    }
    long seconds =
        epochDay(year, month, day) * SECONDS_PER_DAY + hour * 3_600L + minute * 60L + second;
    return seconds * 1_000_000_000L + fraction;
  }

  /** The digits as a number, or -1 if one of them is not a digit. */
  private static int digits(byte[] buffer, int at, int count) {
    int value = 0;
    for (int i = at; i < at + count; i++) {
      int digit = buffer[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static int daysIn(int month, int year) {
    return switch (month) {
      case 2 -> (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Days since 1970-01-01, for years that begin in March so that the leap day comes last. */
  private static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int m = month <= 2 ? month + 9 : month - 3;
    long daysBefore = 365L * y + y / 4 - y / 100 + y / 400;
    return daysBefore + (153 * m + 2) / 5 + day - 1 - 719_468;
  }

  private static long uncommonIsoNanos(byte[] buffer, int at) throws MalformedMessageException {
    String text = text(buffer, at);
    try {
      Instant time = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
      long seconds = Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L);
      return Math.max(NO_TIME, Math.addExact(seconds, time.getNano()));
    } catch (ArithmeticException e) {
      return NO_TIME;
    } catch (DateTimeException e) {
      throw new MalformedMessageException(quote(text) + " is not a time");
    }
  }

  /** Whether the scalar at {@code at} ends before position {@code i}. */
  static boolean ends(byte[] buffer, int at, int i) {
    return buffer[at] == '"' ? buffer[i] == '"' : endsNumber(buffer[i]);
  }

  private static boolean endsNumber(byte b) {
    return switch (b) {
      case ',', ']', '}', ' ', '\n', '\r', '\t' -> true;
      default -> false;
    };
  }

  private static String quote(String text) {
    return "'" + (text.length() > 40 ? text.substring(0, 40) + '…' : text) + "'";
  }
}
