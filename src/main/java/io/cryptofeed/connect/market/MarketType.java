package io.cryptofeed.connect.market;

import java.util.Locale;

/** What kind of contract an instrument is. */
public enum MarketType {
  SPOT,
  PERPETUAL,
  FUTURE,
  OPTION;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in records, keys and source partitions, for example {@code spot}. */
  public String code() {
    return code;
  }
}
