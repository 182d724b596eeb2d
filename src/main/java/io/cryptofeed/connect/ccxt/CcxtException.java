package io.cryptofeed.connect.ccxt;

/** What CCXT answered instead of what was asked for. The message shows no credentials. */
public final class CcxtException extends Exception {

  private static final long serialVersionUID = 1L;

  private final CcxtErrorKind kind;
  private final String name;

  CcxtException(CcxtErrorKind kind, String name, String message) {
    super(message);
    this.kind = kind;
    this.name = name;
  }

  /** What it means. */
  public CcxtErrorKind kind() {
    return kind;
  }

  /** CCXT's own name of it: {@code ExchangeNotAvailable}. */
  public String name() {
    return name;
  }
}
