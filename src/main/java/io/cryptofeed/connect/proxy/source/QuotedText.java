package io.cryptofeed.connect.proxy.source;

import java.util.regex.Pattern;

/** Values in messages. What may hold a credential, wherever it was put by mistake, is not shown. */
final class QuotedText {

  private static final Pattern HARMLESS = Pattern.compile("[\\p{L}\\p{N} ._,*+/=<>%-]{0,100}");
  private static final Pattern POOL = Pattern.compile("pool:[\\p{L}\\p{N}_-]{0,60}");

  private QuotedText() {}

  /** The value in quotes, or words that say that it is not shown. */
  static String of(String value) {
    return HARMLESS.matcher(value).matches() || POOL.matcher(value).matches()
        ? "'" + value + "'"
        : "a value that is not shown here, for it may hold a credential";
  }
}
