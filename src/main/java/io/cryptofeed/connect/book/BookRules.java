package io.cryptofeed.connect.book;

import org.jspecify.annotations.Nullable;

/**
 * How the book of a venue starts, and what proves that its updates are complete.
 *
 * @param source where the snapshot comes from
 * @param link how one update follows the other
 * @param depth how many levels a side the venue keeps up to date; levels that fall out of that
 *     window are not taken back by the venue, so they are cut off here; 0 where it keeps all
 * @param restartsAt the number of an update that is a full book although it is not marked as one,
 *     or -1 where there is no such number
 * @param checksum how the venue's checksum is formed, null where it sends none
 */
public record BookRules(
    Source source, Link link, int depth, long restartsAt, @Nullable ChecksumRule checksum) {

  /** Rules without the exceptions. */
  public BookRules(Source source, Link link) {
    this(source, link, 0, -1, null);
  }

  /** The same rules for a window of so many levels. */
  public BookRules withDepth(int levels) {
    return new BookRules(source, link, levels, restartsAt, checksum);
  }

  /** Whether updates are kept until a snapshot comes from elsewhere. */
  public boolean keepsUpdates() {
    return source == Source.REST || source == Source.REQUEST || source == Source.STREAM_OR_REST;
  }

  /** Whether updates of two connections must not be mixed. */
  public boolean belongsToConnection() {
    return source != Source.REST;
  }

  /** Where the snapshot comes from. */
  public enum Source {
    /** The stream: a message that is marked as a snapshot, sent on subscribing. */
    STREAM,
    /** The stream as a rule; if updates come first, a REST request. */
    STREAM_OR_REST,
    /** A REST request, while the stream's updates are buffered. */
    REST,
    /** A request on the connection, while the stream's updates are buffered. */
    REQUEST,
    /** Every message is a full book. */
    EVERY
  }

  /** How one update follows the other. */
  public enum Link {
    /** Nothing links them: a lost update cannot be seen. */
    NONE,
    /** Every message of the connection is numbered, so the connection answers for all its books. */
    CONNECTION,
    /** Each update names the number of the one before it. */
    PREVIOUS,
    /** Updates cover ranges of numbers, and the next starts at {@code last + 1}. */
    STEP,
    /**
     * Updates cover ranges of numbers: one that ends at or before the last is old, one that starts
     * behind {@code last + 1} leaves a gap.
     */
    STEP_OVERLAP
  }

  /**
   * How a checksum is formed: CRC-32 over the best levels, as the venue wrote them.
   *
   * @param form how the numbers are strung together
   * @param levels how many levels a side are covered
   * @param absent the value that says that there is no checksum, null where every value is one
   */
  public record ChecksumRule(Form form, int levels, @Nullable Long absent) {

    /** How the numbers are strung together. */
    public enum Form {
      /**
       * Asks from the best, then bids from the best; of each level the digits of price and size,
       * without the decimal point and without leading zeros.
       */
      DIGITS,
      /** Bid and ask by turns from the best, price and size, joined by colons. */
      INTERLEAVED
    }
  }
}
