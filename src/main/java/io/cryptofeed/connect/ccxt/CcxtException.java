package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.text.UntrustedText;

/** A request or a stream of CCXT failed. The message shows no credentials. */
public final class CcxtException extends Exception {

  private static final long serialVersionUID = 1L;

  private final CcxtErrorKind kind;
  private final String name;

  CcxtException(CcxtErrorKind kind, String name, String message) {
    super(UntrustedText.sanitised(message));
    this.kind = kind;
    this.name = name;
  }

  /** What the error means. */
  public CcxtErrorKind kind() {
    return kind;
  }

  /** CCXT's class of the error: {@code ExchangeNotAvailable}. */
  public String name() {
    return name;
  }
}
