package io.cryptofeed.connect.feed;

import java.time.Duration;
import java.util.Locale;

/**
 * How books are handed on.
 *
 * @param mode as changes, as full books, or both
 * @param depth how many of the best levels a side are handed on, 0 for all
 * @param interval how often a full book is handed on; zero for never in mode {@link Mode#DELTA},
 *     and else for whenever the book has changed
 */
public record BookOptions(Mode mode, int depth, Duration interval) {

  /** All changes of all levels. */
  public static final BookOptions ALL = new BookOptions(Mode.DELTA, 0, Duration.ZERO);

  /** What is handed on. */
  public enum Mode {
    /** A full book, then its changes. */
    DELTA,
    /** Full books. */
    SNAPSHOT,
    /** A full book and its changes, and full books apart from them. */
    BOTH;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The lower-case name used in configuration. */
    public String code() {
      return code;
    }
  }
}
