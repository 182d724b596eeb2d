package io.cryptofeed.connect.market;

import java.util.Locale;

/** What the sizes of an instrument are counted in. */
public enum SizeUnit {
  /** Units of the base asset, as on every spot market and for linear contracts. */
  BASE,
  /** Units of the quote asset, as for inverse contracts, each of which is worth so many dollars. */
  QUOTE;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in records. */
  public String code() {
    return code;
  }
}
