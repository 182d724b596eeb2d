package io.cryptofeed.connect.book;

import org.jspecify.annotations.Nullable;

/**
 * How the book of a venue starts, and what verifies that no update is missing.
 *
 * @param source where the snapshot comes from
 * @param link how one update is linked to the one before
 * @param depth the number of levels per side that the venue keeps up to date; the venue sends no
 *     removal for levels beyond it, so they are removed here; 0 if it keeps every level
 * @param snapshotLevels the most levels per side that a requested snapshot has, so that the book is
 *     known no further than its last level; 0 if it has every level that the venue keeps
 * @param restartsAt the sequence number of a delta that is a snapshot although it is not marked as
 *     one, or -1 if there is none
 * @param checksum how the venue's checksum is formed, null if it does not send one
 */
public record BookRules(
    Source source,
    Link link,
    int depth,
    int snapshotLevels,
    long restartsAt,
    @Nullable ChecksumRule checksum) {

  /** Rules without a depth, a limit, a restart or a checksum. */
  public BookRules(Source source, Link link) {
    this(source, link, 0, 0, -1, null);
  }

  /** The same rules with a depth, in levels per side. */
  public BookRules withDepth(int levels) {
    return new BookRules(source, link, levels, snapshotLevels, restartsAt, checksum);
  }

  /** Whether deltas are buffered until a requested snapshot comes. */
  public boolean buffersDeltas() {
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
    /** Normally the stream; a REST request if deltas come first. */
    STREAM_OR_REST,
    /** A REST request, while the deltas of the stream are buffered. */
    REST,
    /** A request on the connection, while the deltas of the stream are buffered. */
    REQUEST,
    /** Every message is a snapshot. */
    EVERY
  }

  /** How one update is linked to the one before. */
  public enum Link {
    /** Not at all: a lost update is not noticed. */
    NONE,
    /** By the sequence number that every message of the connection has. */
    CONNECTION,
    /** Each update has the sequence number of the one before. */
    PREVIOUS,
    /** Updates cover ranges of sequence numbers; the next one starts at {@code last + 1}. */
    STEP,
    /**
     * Updates cover ranges of sequence numbers: one that ends at or before the last is outdated,
     * one that starts after {@code last + 1} leaves a gap.
     */
    STEP_OVERLAP
  }

  /**
   * How a checksum is formed: CRC-32 over the best levels, as the venue wrote them.
   *
   * @param form how the numbers are joined
   * @param levels the number of levels per side that are covered
   * @param absent the value that means "no checksum", null if every value is a checksum
   */
  public record ChecksumRule(Form form, int levels, @Nullable Long absent) {

    /** How the numbers are joined. */
    public enum Form {
      /**
       * Asks from the best, then bids from the best; of each level the digits of price and size,
       * without the decimal point and without leading zeros.
       */
      DIGITS,
      /** Bid and ask alternate from the best, price and size, joined by colons. */
      INTERLEAVED
    }
  }
}
