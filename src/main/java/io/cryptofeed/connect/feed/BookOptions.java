package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.DecimalLimits;
import java.time.Duration;
import java.util.Locale;

/**
 * How books are published.
 *
 * @param mode as deltas, as full books, or both
 * @param depth how many of the best levels of each side are published, 0 for all
 * @param interval how often a full book is published; zero means never in mode {@link Mode#DELTA},
 *     and after every change of the book in the other modes
 * @param limits what the numbers of a record can hold; a book with other numbers is invalid
 */
public record BookOptions(Mode mode, int depth, Duration interval, DecimalLimits limits) {

  /** All deltas of all levels. */
  public static final BookOptions ALL = new BookOptions(Mode.DELTA, 0, Duration.ZERO);

  /** Options for precise decimals. */
  public BookOptions(Mode mode, int depth, Duration interval) {
    this(mode, depth, interval, DecimalLimits.PRECISE);
  }

  /** What is published. */
  public enum Mode {
    /** A snapshot, then its deltas. */
    DELTA,
    /** Full books. */
    SNAPSHOT,
    /** A snapshot and its deltas, and full books as a channel of their own. */
    BOTH;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The lower-case name used in configuration. */
    public String code() {
      return code;
    }
  }
}
