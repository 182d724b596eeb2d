package io.cryptofeed.connect.config;

import io.cryptofeed.connect.text.DurationText;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The initial position of an instrument, where it starts without an offset: with the trades of the
 * last {@code 6h}, with the trade whose id is {@code 4711}, or, {@code none}, with the next trade.
 *
 * @param age how far back, null unless a duration was given
 * @param id the id, 0 or more; null unless one was given
 */
record InitialTrades(@Nullable Duration age, @Nullable Long id) {

  /** No historical trades. */
  static final String NONE = "none";

  private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]+");

  /**
   * Reads what a user wrote.
   *
   * @throws IllegalArgumentException when it is none of the three, quoting it
   */
  static InitialTrades parse(String text) {
    String trimmed = text.trim();
    if (trimmed.toLowerCase(Locale.ROOT).equals(NONE)) {
      return new InitialTrades(null, null);
    }
    if (WHOLE_NUMBER.matcher(trimmed).matches()) {
      return new InitialTrades(null, id(trimmed));
    }
    try {
      return new InitialTrades(DurationText.parse(trimmed), null);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; or a trade id (a whole number), or " + NONE, e);
    }
  }

  private static long id(String text) {
    try {
      long id = Long.parseLong(text);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // It does not fit into 64 bits: no trade has such an id.
    }
    throw new IllegalArgumentException(
        "'%s' is not a trade id: write a whole number from 0 to %d"
            .formatted(text, Long.MAX_VALUE));
  }
}
