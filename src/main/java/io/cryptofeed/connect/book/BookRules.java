package io.cryptofeed.connect.book;

/**
 * How the book of a venue starts, and what links its updates.
 *
 * @param source where the snapshot comes from
 * @param link how one update follows the other
 */
public record BookRules(Source source, Link link) {

  /** Where the snapshot comes from. */
  public enum Source {
    /** The stream: a message that is marked as a snapshot, sent on subscribing. */
    STREAM,
    /** A REST request, while the stream's updates are buffered. */
    REST
  }

  /** How one update follows the other. */
  public enum Link {
    /** Nothing links them: a lost update cannot be seen. */
    NONE,
    /**
     * Updates cover ranges of sequence numbers: one that ends at or before the last is old, one
     * that starts behind {@code last + 1} leaves a gap.
     */
    STEP_OVERLAP
  }
}
