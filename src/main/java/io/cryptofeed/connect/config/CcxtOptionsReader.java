package io.cryptofeed.connect.config;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is configured for the exchanges served by CCXT.
 *
 * @param plain takes the key and each URL that replaces another
 */
record CcxtOptionsReader(ConfigValues values, BiConsumer<String, String> plain) {

  /** The class of an exchange and how it is set up. */
  CcxtOptions read(String id) {
    String key = secret(ExchangeKey.API_KEY, id);
    return new CcxtOptions(
        id,
        id,
        key,
        needsKey(ExchangeKey.API_SECRET, id, key),
        needsKey(ExchangeKey.API_PASSPHRASE, id, key),
        Boolean.TRUE.equals(values.sound(ExchangeKey.SANDBOX.of(id))),
        (String) values.sound(ExchangeKey.CCXT_OPTIONS.of(id)),
        hosts(id));
  }

  private @Nullable String needsKey(ExchangeKey own, String id, @Nullable String apiKey) {
    String secret = secret(own, id);
    if (secret != null && apiKey == null) {
      values.error(
          own.of(id),
          "is set without '%s': set both, or neither".formatted(ExchangeKey.API_KEY.of(id)));
    }
    return secret;
  }

  private @Nullable String secret(ExchangeKey key, String id) {
    return values.sound(key.of(id)) instanceof Password secret ? secret.value() : null;
  }

  private Map<String, String> hosts(String id) {
    String key = ExchangeKey.CCXT_HOSTS.of(id);
    Map<String, String> hosts = new LinkedHashMap<>();
    if (values.sound(key) instanceof List<?> pairs) {
      for (Object text : pairs) {
        UrlOverride pair = UrlOverride.parse(String.valueOf(text));
        if (hosts.putIfAbsent(pair.from(), pair.to()) != null) {
          values.error(key, "replaces '%s' twice: keep one".formatted(pair.from()));
        }
        plain.accept(key, pair.to());
      }
    }
    return Collections.unmodifiableMap(hosts);
  }
}
