package io.cryptofeed.connect.feed.listing;

import java.util.Locale;

/** What becomes of a configured symbol that the exchange has never listed. */
public enum UnlistedSymbols {
  /** The task fails: the symbol is probably misspelt. */
  FAIL,
  /** It is reported as unlisted, and is streamed when it is listed; the other symbols go on. */
  SKIP;

  /** The lower-case name used in configurations. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
