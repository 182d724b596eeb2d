package io.cryptofeed.connect.market;

import java.util.Locale;

/** The side of the taker in a trade. */
public enum Side {
  BUY,
  SELL,
  UNKNOWN;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in records. */
  public String code() {
    return code;
  }
}
