package io.cryptofeed.connect.config;

import io.cryptofeed.connect.text.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;

/** Finds the keys that nothing reads: Connect ignores them, so they would not be noticed. */
final class KeyChecks {

  /** Prefixes that no key has, and that users of other connectors write. */
  private static final Set<String> OTHER_PREFIXES =
      Set.of("cryptofeed", "crypto", "connector", "source");

  /** The proxy settings of the JVM and of the environment. */
  private static final Pattern PROXY =
      Pattern.compile(
          "(https?|socks|ftp)[._]?proxy.*|https?[._]nonproxyhosts|(no|all)_proxy|proxy_?(host|port|user|url).*");

  private final ConfigDef definition;
  private final ConfigValues values;
  private final KnownExchanges known;
  private final List<String> exchangeIds;

  /**
   * @param exchangeIds the configured exchanges
   */
  KeyChecks(
      ConfigDef definition, ConfigValues values, KnownExchanges known, List<String> exchangeIds) {
    this.definition = definition;
    this.values = values;
    this.known = known;
    this.exchangeIds = exchangeIds;
  }

  /** Reports every key that is unknown, with what is probably meant. */
  void check(Collection<String> keys) {
    keys.forEach(this::check);
  }

  private void check(String key) {
    boolean checkedByTheProxyLayer = key.startsWith("proxy.");
    if (definition.configKeys().containsKey(key)
        || WorkerKeys.contains(key)
        || checkedByTheProxyLayer) {
      return;
    }
    if (key.startsWith(ExchangeKey.PREFIX)) {
      checkExchangeKey(key);
      return;
    }
    int dot = key.indexOf('.');
    String firstWord = dot < 0 ? key : key.substring(0, dot);
    String rest = dot < 0 ? "" : key.substring(dot + 1);
    Optional<String> ofExchange = ofExchange(key.startsWith("exchanges.") ? rest : key);
    Optional<String> near = Nearest.to(key, definition.names());
    if (PROXY.matcher(key.toLowerCase(Locale.ROOT)).matches()) {
      values.error(
          key,
          "unknown key; a proxy is set with 'proxy.enabled', 'proxy.default.websocket.url' and 'proxy.default.rest.url'");
    } else if (ofExchange.isPresent()) {
      values.error(key, "unknown key; did you mean '" + ofExchange.get() + "'?");
    } else if (OTHER_PREFIXES.contains(firstWord.toLowerCase(Locale.ROOT))
        && meant(rest).isPresent()) {
      values.error(
          key,
          "unknown key; keys have no prefix '%s.': did you mean '%s'?"
              .formatted(firstWord, meant(rest).get()));
    } else if (ConnectorKeys.FIRST_WORDS.contains(firstWord) || near.isPresent()) {
      values.error(
          key,
          "unknown key; "
              + near.map(name -> "did you mean '" + name + "'?")
                  .orElse("remove it, or look it up in docs/configuration.md"));
    }
  }

  /** A key without a prefix that it must not have. */
  private Optional<String> meant(String key) {
    if (definition.configKeys().containsKey(key) || key.startsWith(ExchangeKey.PREFIX)) {
      return Optional.of(key);
    }
    return ofExchange(key).or(() -> Nearest.to(key, definition.names()));
  }

  /** The key of an exchange whose first word is the exchange. */
  private Optional<String> ofExchange(String key) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String suffix = key.substring(dot + 1);
    return known
        .idOf(key.substring(0, dot))
        .flatMap(
            id ->
                Nearest.to(suffix, ExchangeKey.suffixes())
                    .map(near -> ExchangeKey.PREFIX + id + '.' + near));
  }

  private void checkExchangeKey(String key) {
    int end = key.indexOf('.', ExchangeKey.PREFIX.length());
    String name = key.substring(ExchangeKey.PREFIX.length(), end < 0 ? key.length() : end);
    Optional<String> unknown = known.fault(name);
    if (unknown.isPresent()) {
      values.error(
          key,
          Nearest.to(key, List.of(ConnectorKeys.PROFILES_PATH))
              .map(near -> "unknown key; did you mean '" + near + "'?")
              .orElse(unknown.get()));
      return;
    }
    if (known.idOf(name).isEmpty()) {
      return; // Its profile cannot be read.
    }
    String suffix = end < 0 ? "" : key.substring(end + 1);
    if (ExchangeKey.bySuffix(suffix).isEmpty()) {
      values.error(
          key,
          Nearest.to(suffix, ExchangeKey.suffixes())
              .map(
                  near ->
                      "unknown key; did you mean '" + ExchangeKey.PREFIX + name + "." + near + "'?")
              .orElse(
                  "unknown key; known are exchange.<id>."
                      + String.join(", exchange.<id>.", ExchangeKey.suffixes())));
    } else if (exchangeIds.contains(name)) {
      ExchangeKey.bySuffix(suffix)
          .flatMap(own -> own.refusal(known.exchange(name)))
          .ifPresent(refusal -> values.error(key, refusal));
    } else if (!exchangeIds.isEmpty() && values.isSound(ConnectorKeys.EXCHANGES)) {
      values.error(
          key,
          "exchange '%s' is not in 'exchanges' (%s): add it there, or remove this key"
              .formatted(name, String.join(", ", exchangeIds)));
    }
  }
}
