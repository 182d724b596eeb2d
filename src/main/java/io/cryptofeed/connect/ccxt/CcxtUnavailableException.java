package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * CCXT cannot be used at all: GraalJS or the bundle is missing, unreadable, corrupt or too old. The
 * message says what is wrong, where, and the cure; a retry does not help.
 */
public final class CcxtUnavailableException extends Exception {

  private static final long serialVersionUID = 1L;

  CcxtUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
