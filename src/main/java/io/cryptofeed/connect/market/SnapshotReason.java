package io.cryptofeed.connect.market;

import java.util.Locale;

/** Why a full book is sent. */
public enum SnapshotReason {
  /** The first book of this task. */
  INITIAL,
  /** The connection was lost and made anew. */
  RECONNECT,
  /** A sequence gap, or a book that could not be right, was found. */
  GAP,
  /** The venue's checksum did not match. */
  CHECKSUM,
  /** The book has changed, and only full books are asked for. */
  CHANGE,
  /** The interval of periodic snapshots has passed. */
  PERIODIC,
  /** The venue sent a new snapshot by itself. */
  VENUE;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in records. */
  public String code() {
    return code;
  }
}
