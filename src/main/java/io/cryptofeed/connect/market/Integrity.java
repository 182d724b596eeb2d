package io.cryptofeed.connect.market;

import java.util.Locale;

/** What verifies that no update of a book is missing. */
public enum Integrity {
  /** A checksum of the venue over the book. */
  CHECKSUM,
  /** Linked sequence numbers. */
  SEQUENCE,
  /** Nothing: the venue sends neither. */
  NONE;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in records. */
  public String code() {
    return code;
  }
}
