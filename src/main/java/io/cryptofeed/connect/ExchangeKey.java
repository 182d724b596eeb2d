package io.cryptofeed.connect;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The settings that each exchange has for itself, under {@code exchange.<id>.}. */
enum ExchangeKey {
  SYMBOLS("symbols"),
  CHANNELS("channels"),
  WEBSOCKET_URL("websocket.url"),
  REST_URL("rest.url"),
  SANDBOX("sandbox"),
  TRADES_MODE("trades.mode"),
  BOOK_STREAM("book.stream");

  static final String PREFIX = "exchange.";

  private final String suffix;

  ExchangeKey(String suffix) {
    this.suffix = suffix;
  }

  /** The whole key for one exchange: {@code exchange.binance.symbols}. */
  String of(String exchange) {
    return PREFIX + exchange + '.' + suffix;
  }

  static Optional<ExchangeKey> bySuffix(String suffix) {
    return Arrays.stream(values()).filter(key -> key.suffix.equals(suffix)).findFirst();
  }

  static List<String> suffixes() {
    return Arrays.stream(values()).map(key -> key.suffix).toList();
  }
}
