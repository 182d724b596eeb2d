package io.cryptofeed.connect.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings that each exchange has for itself, under {@code exchange.<id>.}. */
public enum ExchangeKey {
  SYMBOLS("symbols", null),
  CHANNELS("channels", null),
  SYMBOLS_UNLISTED("symbols.unlisted", null),
  PROVIDER("provider", null),
  SANDBOX("sandbox", null),
  WEBSOCKET_URL("websocket.url", KnownExchanges.NATIVE),
  REST_URL("rest.url", KnownExchanges.NATIVE),
  TRADES_MODE("trades.mode", KnownExchanges.NATIVE),
  BOOK_STREAM("book.stream", KnownExchanges.NATIVE),
  API_KEY("api.key", KnownExchanges.CCXT),
  API_SECRET("api.secret", KnownExchanges.CCXT),
  API_PASSPHRASE("api.passphrase", KnownExchanges.CCXT),
  CCXT_OPTIONS("ccxt.options", KnownExchanges.CCXT),
  CCXT_HOSTS("ccxt.hosts", KnownExchanges.CCXT);

  public static final String PREFIX = "exchange.";

  private final String suffix;

  /** The provider whose exchanges have the setting, null for all. */
  private final @Nullable String provider;

  ExchangeKey(String suffix, @Nullable String provider) {
    this.suffix = suffix;
    this.provider = provider;
  }

  /** The whole key for one exchange: {@code exchange.binance.symbols}. */
  public String of(String exchange) {
    return PREFIX + exchange + '.' + suffix;
  }

  /** Why an exchange does not have this setting, with the cure; empty when it has. */
  Optional<String> refusal(KnownExchange exchange) {
    return provider == null || provider.equals(exchange.provider())
        ? Optional.empty()
        : Optional.of(exchange.notAllowed(this));
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
