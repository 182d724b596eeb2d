package io.cryptofeed.connect.net;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code Retry-After} header of an answer: seconds, or a date of HTTP. */
final class RetryAfter {

  /**
   * The longest ban that an exchange documents is three days; what asks for more is not believed.
   */
  private static final Duration LONGEST = Duration.ofDays(7);

  private RetryAfter() {}

  /**
   * Reads the header.
   *
   * @param value the header, null when the answer has none
   * @param nowEpochMs the present, milliseconds since the epoch
   * @return how long to wait from now, never negative; empty when the header says nothing usable
   */
  static Optional<Duration> parse(@Nullable String value, long nowEpochMs) {
    if (value == null) {
      return Optional.empty();
    }
    String text = value.strip();
    try {
      Duration wait =
          isNumber(text)
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(Instant.ofEpochMilli(nowEpochMs), httpDate(text));
      return Optional.of(within(wait));
    } catch (NumberFormatException tooLong) {
      return Optional.of(LONGEST);
    } catch (DateTimeException | ArithmeticException unusable) {
      return Optional.empty();
    }
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Instant httpDate(String text) {
    return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
  }

  private static Duration within(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
