package io.cryptofeed.connect.proxy.source;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The many spellings of a key, and the one that counts. */
final class KeyNames {

  /** What other layouts call the beginning of a key. */
  private static final Map<String, String> OTHER_BEGINNINGS =
      Map.of(
          "proxy.health_check.", "proxy.health.",
          "proxy.high_availability.failover.health_check_", "proxy.health.",
          "proxy.high_availability.failover.", "proxy.failover.",
          "proxy.monitoring.prometheus.", "proxy.prometheus.",
          "proxy.regional.region", "proxy.region",
          "proxy.regional.detector", "proxy.region.detector",
          "proxy.manager.plugin", "proxy.manager.class",
          "proxy.manager.refresh_interval", "proxy.manager.refresh");

  private static final Pattern SCOPED =
      Pattern.compile(
          "proxy\\.(?:default|exchanges\\.(?<exchange>[^.]+))\\.(?<transport>[^.]+)(?<leaf>(?:\\..+)?)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NAMED = Pattern.compile("proxy\\.(?:exchanges|pools)\\.[^.]+\\.");

  /** The keys of milliseconds that may be given in seconds instead. */
  private static final Pattern SECONDS =
      Pattern.compile(
          "(?<key>.*\\b(?:timeout|interval|refresh|retry\\.failed\\.after))(?:\\.seconds)?");

  private KeyNames() {}

  /**
   * The key by which all find it.
   *
   * @param isInSeconds whether the value is in seconds, and the key is one of milliseconds
   */
  record Canonical(String key, boolean isInSeconds) {}

  /** The id of an exchange as it is written in keys: lower case, with underscores. */
  static String exchange(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** {@code rest} for {@code http}, {@code websocket} for {@code ws}; empty for anything else. */
  static Optional<String> transport(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "rest", "http" -> Optional.of("rest");
      case "websocket", "ws" -> Optional.of("websocket");
      default -> Optional.empty();
    };
  }

  /** Finds the key that is meant. */
  static Canonical canonical(String key) {
    String name = scoped(usualBeginning(key));
    if (KeyCatalog.find(name).isPresent()) {
      return new Canonical(name, false);
    }
    String dotted = dotted(name);
    if (KeyCatalog.find(dotted).isPresent()) {
      return new Canonical(dotted, false);
    }
    Matcher seconds = SECONDS.matcher(dotted);
    if (seconds.matches() && KeyCatalog.find(seconds.group("key") + ".ms").isPresent()) {
      return new Canonical(seconds.group("key") + ".ms", true);
    }
    return new Canonical(name, false);
  }

  private static String usualBeginning(String key) {
    return OTHER_BEGINNINGS.entrySet().stream()
        .filter(other -> key.startsWith(other.getKey()))
        .max((one, other) -> one.getKey().length() - other.getKey().length())
        .map(other -> other.getValue() + key.substring(other.getKey().length()))
        .orElse(key);
  }

  private static String scoped(String key) {
    Matcher scoped = SCOPED.matcher(key);
    if (!scoped.matches()) {
      return key;
    }
    String exchange = scoped.group("exchange");
    String transport = scoped.group("transport");
    return (exchange == null ? "proxy.default" : "proxy.exchanges." + exchange(exchange))
        + "."
        + transport(transport).orElse(transport)
        + scoped.group("leaf");
  }

  /** With dots for underscores, except in the names of exchanges and pools. */
  private static String dotted(String key) {
    Matcher names = NAMED.matcher(key);
    int end = names.lookingAt() ? names.end() : 0;
    return key.substring(0, end) + key.substring(end).replace('_', '.');
  }
}
