package io.cryptofeed.connect.market;

import java.util.Locale;

/** Why a snapshot is published. */
public enum SnapshotReason {
  /** The first book of this task. */
  INITIAL,
  /** The connection was lost and opened again. */
  RECONNECT,
  /** A sequence gap or an invalid book was found. */
  GAP,
  /** The venue's checksum did not match. */
  CHECKSUM,
  /** The book has changed, and only snapshots are configured. */
  CHANGE,
  /** The interval of periodic snapshots has passed. */
  PERIODIC,
  /** The venue sent a new snapshot by itself. */
  VENUE,
  /** Few of the levels that the last snapshot had were left, so a new one was requested. */
  DEPTH;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in records. */
  public String code() {
    return code;
  }
}
