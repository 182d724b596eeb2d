package io.cryptofeed.connect.ccxt;

/** What an error of CCXT means for whoever asked; by the base class that it has there. */
public enum CcxtErrorKind {
  /** The exchange does not list the symbol. */
  BAD_SYMBOL,
  /** The class cannot do this. */
  NOT_SUPPORTED,
  /** Credentials are missing or refused. */
  AUTHENTICATION,
  /** Too many requests. */
  RATE_LIMITED,
  /** No answer, or the exchange is down for a while: trying again may help. */
  NETWORK,
  /** The exchange refused for another reason. */
  EXCHANGE,
  /** None of CCXT's errors: a fault of a script. */
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

  /** Whether time may heal it. */
  public boolean isPassing() {
    return this == RATE_LIMITED || this == NETWORK;
  }
}
