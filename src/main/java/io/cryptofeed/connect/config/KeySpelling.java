package io.cryptofeed.connect.config;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The properties of a connector, with every exchange in their keys written by its id, and the keys
 * as the user wrote them: {@code exchange.Binance.symbols} is read as {@code
 * exchange.binance.symbols}, and its errors are reported on the key that the user wrote.
 */
final class KeySpelling {

  private static final List<String> EXCHANGE_PREFIXES =
      List.of(ExchangeKey.PREFIX, "proxy.exchanges.");

  private final SortedMap<String, String> properties = new TreeMap<>();
  private final SortedMap<String, String> written = new TreeMap<>();

  /**
   * @param error takes each fault as canonical key and message
   */
  KeySpelling(
      Map<String, String> given, KnownExchanges exchanges, BiConsumer<String, String> error) {
    new TreeMap<>(given)
        .forEach(
            (key, value) -> {
              if (value == null) {
                return;
              }
              String canonical = canonical(key, exchanges);
              String first = written.putIfAbsent(canonical, key);
              if (first == null) {
                properties.put(canonical, value);
              } else {
                error.accept(
                    canonical, "is set twice, as '%s' and as '%s': keep one".formatted(first, key));
              }
            });
  }

  /** The properties by canonical key, without those that have no value. */
  SortedMap<String, String> properties() {
    return properties;
  }

  /** The key as the user wrote it. */
  String asWritten(String canonical) {
    return written.getOrDefault(canonical, canonical);
  }

  private static String canonical(String key, KnownExchanges exchanges) {
    for (String prefix : EXCHANGE_PREFIXES) {
      int end = key.indexOf('.', prefix.length());
      if (key.startsWith(prefix) && end > 0) {
        return exchanges
            .idOf(key.substring(prefix.length(), end))
            .map(id -> prefix + id + key.substring(end))
            .orElse(key);
      }
    }
    return key;
  }
}
