package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * The fields of an exchange's own messages about books that hold numbers which CCXT does not hand
 * on. Looked for in a message itself, and in its {@code data} and {@code result}.
 *
 * @param first the first of the numbers that an update covers, null where there is none
 * @param previous the last number of the update before, null where there is none
 */
public record CcxtBookFields(@Nullable String first, @Nullable String previous) {

  /** No such fields. */
  public static final CcxtBookFields NONE = new CcxtBookFields(null, null);
}
