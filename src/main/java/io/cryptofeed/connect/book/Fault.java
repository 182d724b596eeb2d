package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;

/**
 * Why a book became invalid.
 *
 * @param kind the kind of fault
 * @param description one sentence
 * @param firstMissing the first missing sequence number, or {@link BookUpdate#NO_SEQUENCE} if the
 *     venue's sequence numbers do not show it
 * @param lastMissing the last missing sequence number, or {@link BookUpdate#NO_SEQUENCE}
 */
public record Fault(Kind kind, String description, long firstMissing, long lastMissing) {

  /** A fault of which no sequence numbers are known. */
  public Fault(Kind kind, String description) {
    this(kind, description, BookUpdate.NO_SEQUENCE, BookUpdate.NO_SEQUENCE);
  }

  /** The kinds of fault. */
  public enum Kind {
    /** Messages are missing. */
    GAP,
    /** The checksum of the book differs from the venue's. */
    CHECKSUM,
    /** The book contains what no book can contain, for example a bid above an ask. */
    INTEGRITY,
    /** The snapshot did not come. */
    NO_SNAPSHOT
  }

  /** Whether it is known which sequence numbers are missing. */
  public boolean hasRange() {
    return firstMissing != BookUpdate.NO_SEQUENCE;
  }
}
