package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.text.YamlNode;
import io.cryptofeed.connect.text.YamlNode.Entry;
import io.cryptofeed.connect.text.YamlNode.Mapping;
import io.cryptofeed.connect.text.YamlNode.Scalar;
import java.util.Locale;

/**
 * Translates the layouts of other programs' proxy files: {@code high_availability} with its {@code
 * proxy_pool} and {@code load_balancing}, a {@code fallback} section, a pool in the place of its
 * name, and switches that have no effect here.
 */
final class OtherLayouts {

  private final YamlSource source;

  OtherLayouts(YamlSource source) {
    this.source = source;
  }

  /** Translates a mapping; false when it has the usual layout. */
  boolean mapping(String key, Mapping mapping, int depth) {
    if (key.matches("proxy\\.(?:default|exchanges\\.[^.]+)\\.[^.]+\\.pool")) {
      unnamedPool(key, mapping, depth);
    } else if (key.equals("proxy.fallback")) {
      fallback(mapping);
    } else {
      return false;
    }
    return true;
  }

  /** A pool in the place of its name: {@code pool: {proxies: [...], strategy: ...}}. */
  private void unnamedPool(String key, Mapping mapping, int depth) {
    String pool =
        "_"
            + KeyNames.canonical(key)
                .key()
                .replaceAll("^proxy\\.(?:exchanges\\.)?|\\.pool$", "")
                .replace('.', '_');
    for (Entry entry : mapping.entries()) {
      if (entry.key() instanceof Scalar name) {
        String leaf = name.text().equals("proxies") ? "members" : name.text();
        source.flatten("proxy.pools." + pool + "." + leaf, entry.value(), depth + 1);
      }
    }
    source.add(key, pool, mapping);
  }

  private void fallback(Mapping mapping) {
    boolean enabled =
        mapping.find("enabled").map(flag -> !(flag instanceof Scalar) || isTrue(flag)).orElse(true);
    String method =
        mapping.find("method").orElse(null) instanceof Scalar scalar
            ? scalar.text().toLowerCase(Locale.ROOT)
            : "fail";
    String value = method.equals("direct_connection") ? "direct" : method;
    source.add("proxy.fallback", enabled ? value : "fail", mapping);
  }

  /** Translates the value of a key; false when the key has its usual meaning. */
  boolean entry(String key, YamlNode value, int depth) {
    switch (key) {
      case "proxy.high_availability.proxy_pool" -> {
        if (!(value instanceof Mapping pools)) {
          return false;
        }
        pools.entries().forEach(pool -> defaultPool(pool, depth));
      }
      case "proxy.high_availability.load_balancing.method" -> {
        if (!(value instanceof Scalar method)) {
          return false;
        }
        defaultStrategies(method.text(), method);
      }
      case "proxy.performance.latency_optimization" -> {
        if (isTrue(value)) {
          defaultStrategies("latency", value);
        }
      }
      case "proxy.monitoring.log_credentials" -> logCredentials(value);
      // What these switch on is always on here.
      case "proxy.monitoring.enabled",
          "proxy.high_availability.enabled",
          "proxy.high_availability.load_balancing.enabled",
          "proxy.manager.enabled" -> {}
      default -> {
        return false;
      }
    }
    return true;
  }

  private void defaultPool(Entry pool, int depth) {
    if (pool.key() instanceof Scalar name) {
      KeyNames.transport(name.text())
          .ifPresentOrElse(
              transport -> {
                source.flatten(
                    "proxy.pools.default_" + transport + ".members", pool.value(), depth + 1);
                source.add("proxy.default." + transport + ".pool", "default_" + transport, name);
              },
              () ->
                  source.fault(
                      "unknown transport at " + source.at(name) + "; write rest or websocket"));
    }
  }

  private void defaultStrategies(String strategy, YamlNode node) {
    source.add("proxy.pools.default_rest.strategy", strategy, node);
    source.add("proxy.pools.default_websocket.strategy", strategy, node);
  }

  private void logCredentials(YamlNode value) {
    if (value instanceof Scalar flag && !flag.text().equalsIgnoreCase("false")) {
      source.fault(
          "log_credentials at "
              + source.at(value)
              + " is not allowed: credentials are never logged; remove it");
    }
  }

  private static boolean isTrue(YamlNode node) {
    return node instanceof Scalar flag && flag.text().equalsIgnoreCase("true");
  }
}
