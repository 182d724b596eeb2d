package io.cryptofeed.connect.market;

import java.util.Locale;

/** Where an event came from. */
public enum Origin {
  /** The live stream. */
  STREAM,
  /** REST history, fetched to fill a gap. */
  BACKFILL,
  /** A state or a replay that the venue sends on subscribing. */
  SNAPSHOT;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in records. */
  public String code() {
    return code;
  }
}
