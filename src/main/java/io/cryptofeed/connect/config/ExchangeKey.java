package io.cryptofeed.connect.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings that each exchange has for itself, under {@code exchange.<id>.}. */
public enum ExchangeKey {
  SYMBOLS("symbols", Scope.ALL),
  CHANNELS("channels", Scope.ALL),
  PROVIDER("provider", Scope.ALL),
  SANDBOX("sandbox", Scope.ALL),
  WEBSOCKET_URL("websocket.url", Scope.NATIVE),
  REST_URL("rest.url", Scope.NATIVE),
  TRADES_MODE("trades.mode", Scope.NATIVE),
  BOOK_STREAM("book.stream", Scope.NATIVE),
  API_KEY("api.key", Scope.CCXT),
  API_SECRET("api.secret", Scope.CCXT),
  API_PASSPHRASE("api.passphrase", Scope.CCXT),
  CCXT_OPTIONS("ccxt.options", Scope.CCXT),
  CCXT_HOSTS("ccxt.hosts", Scope.CCXT);

  public static final String PREFIX = "exchange.";

  private final String suffix;
  private final Scope scope;

  ExchangeKey(String suffix, Scope scope) {
    this.suffix = suffix;
    this.scope = scope;
  }

  /** Which exchanges have a setting. */
  private enum Scope {
    ALL,
    NATIVE,
    CCXT
  }

  /** The whole key for one exchange: {@code exchange.binance.symbols}. */
  public String of(String exchange) {
    return PREFIX + exchange + '.' + suffix;
  }

  /**
   * Why an exchange does not have this setting, with the cure.
   *
   * @param ccxt whether CCXT serves the exchange
   * @return empty when it has
   */
  Optional<String> refusal(String exchange, boolean ccxt) {
    if (scope == Scope.NATIVE && ccxt) {
      return Optional.of(
          "exchange '%s' is served by CCXT and has no such key: use '%s' instead"
              .formatted(exchange, insteadWithCcxt().of(exchange)));
    }
    if (scope == Scope.CCXT && !ccxt) {
      return Optional.of(
          "exchange '%s' is native, and only one that CCXT serves has this key: remove it, or set '%s' to ccxt"
              .formatted(exchange, PROVIDER.of(exchange)));
    }
    return Optional.empty();
  }

  private ExchangeKey insteadWithCcxt() {
    return this == WEBSOCKET_URL || this == REST_URL ? CCXT_HOSTS : CCXT_OPTIONS;
  }

  static Optional<ExchangeKey> bySuffix(String suffix) {
    return Arrays.stream(values()).filter(key -> key.suffix.equals(suffix)).findFirst();
  }

  /**
   * The exchange of a key of this setting, as the user wrote it; null when it is another key.
   *
   * @param key {@code exchange.Binance.symbols}
   */
  @Nullable String exchangeOf(String key) {
    boolean fits = key.startsWith(PREFIX) && key.endsWith('.' + suffix);
    int end = key.length() - suffix.length() - 1;
    return fits && end > PREFIX.length() ? key.substring(PREFIX.length(), end) : null;
  }

  static List<String> suffixes() {
    return Arrays.stream(values()).map(key -> key.suffix).toList();
  }
}
