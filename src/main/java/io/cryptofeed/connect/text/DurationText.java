package io.cryptofeed.connect.text;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration as users write it: a number and a unit, such as {@code 24h}, {@code 90m} or {@code
 * 7d}, or ISO 8601, such as {@code PT1H}. Case does not matter.
 */
public final class DurationText {

  /** What is allowed, for documentation and messages. */
  public static final String EXAMPLES = "24h, 90m, 7d or PT1H";

  /** Longer than any exchange has existed, and short enough to be counted in nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("(?<number>[0-9]{1,15}) ?(?<unit>ms|s|m|h|d)");

  private DurationText() {}

  /**
   * Reads a duration.
   *
   * @return more than zero, and at most 36,500 days
   * @throws IllegalArgumentException when the text is not a duration; the message quotes it
   */
  public static Duration parse(String text) {
    Duration duration;
    try {
      duration = duration(text.trim().toLowerCase(Locale.ROOT));
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'%s' is not a duration: write a number and a unit (ms, s, m, h, d) or ISO 8601, such as %s"
              .formatted(text, EXAMPLES),
          e);
    }
    if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "'%s' must be more than zero, and at most 36500d".formatted(text));
    }
    return duration;
  }

  private static Duration duration(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      return Duration.parse(text);
    }
    long number = Long.parseLong(matcher.group("number"));
    return switch (matcher.group("unit")) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
