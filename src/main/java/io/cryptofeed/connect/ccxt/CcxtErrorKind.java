package io.cryptofeed.connect.ccxt;

/** What an error of CCXT means for a request or a stream, by its base class in CCXT. */
public enum CcxtErrorKind {
  /** The exchange does not list the symbol. */
  BAD_SYMBOL,
  /** The class cannot do this. */
  NOT_SUPPORTED,
  /** The credentials are missing, or the exchange rejected them. */
  AUTHENTICATION,
  /** Too many requests. */
  RATE_LIMITED,
  /** No response, or the exchange is not available: a retry may help. */
  NETWORK,
  /** The exchange refused the request for another reason. */
  EXCHANGE,
  /** Not an error of CCXT: a fault of a script. */
  SCRIPT;

  static CcxtErrorKind of(String baseClass) {
    return switch (baseClass) {
      case "BadSymbol" -> BAD_SYMBOL;
      case "NotSupported" -> NOT_SUPPORTED;
      case "AuthenticationError" -> AUTHENTICATION;
      case "RateLimitExceeded", "DDoSProtection" -> RATE_LIMITED;
      case "NetworkError" -> NETWORK;
      case "ExchangeError" -> EXCHANGE;
      default -> SCRIPT;
    };
  }

  /** Whether a retry may help. */
  public boolean isTransient() {
    return this == RATE_LIMITED || this == NETWORK;
  }
}
