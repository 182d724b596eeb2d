package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Strategy;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Makes settings in a program, for use without Kafka. Its values are properties, so that a file and
 * the environment, if they are given, take precedence. Used by one thread.
 *
 * <pre>{@code
 * ProxySettings settings =
 *     new ProxySettingsBuilder()
 *         .pool("eu", Strategy.LATENCY, "socks5://eu-1:1080", "socks5://eu-2:1080")
 *         .defaultProxy(Transport.REST, "http://proxy:3128")
 *         .defaultPool(Transport.WEBSOCKET, "eu")
 *         .exchange("binance", Transport.REST, "direct")
 *         .set("proxy.failover.max.attempts", "2")
 *         .build();
 * try (ProxyInjector injector = new ProxyInjector(settings)) { ... }
 * }</pre>
 */
public final class ProxySettingsBuilder {

  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Set<String> exchanges = new LinkedHashSet<>();
  private Map<String, String> environment = Map.of();

  /** Proxies are enabled. */
  public ProxySettingsBuilder() {
    properties.put(ProxyConfiguration.ENABLED, "true");
  }

  /** Exchanges that need a route, in addition to those that other methods name. */
  public ProxySettingsBuilder exchanges(String... ids) {
    exchanges.addAll(List.of(ids));
    return this;
  }

  /** The proxy of every exchange without one of its own, or {@code direct}. */
  public ProxySettingsBuilder defaultProxy(Transport transport, String url) {
    return set("proxy.default." + transport.code() + ".url", url);
  }

  /** The pool of every exchange without a route of its own. */
  public ProxySettingsBuilder defaultPool(Transport transport, String pool) {
    return set("proxy.default." + transport.code() + ".pool", pool);
  }

  /** The proxy of one exchange, or {@code direct}. */
  public ProxySettingsBuilder exchange(String exchange, Transport transport, String url) {
    return exchangeKey(exchange, transport, "url", url);
  }

  /** The pool of one exchange. */
  public ProxySettingsBuilder exchangePool(String exchange, Transport transport, String pool) {
    return exchangeKey(exchange, transport, "pool", pool);
  }

  private ProxySettingsBuilder exchangeKey(
      String exchange, Transport transport, String leaf, String value) {
    String id = KeyNames.exchange(exchange);
    exchanges.add(id);
    return set("proxy.exchanges." + id + "." + transport.code() + "." + leaf, value);
  }

  /** A pool of these proxies. */
  public ProxySettingsBuilder pool(String name, Strategy strategy, String... urls) {
    set("proxy.pools." + name + ".members", String.join(",", urls));
    return set("proxy.pools." + name + ".strategy", strategy.code());
  }

  /** Any key of the proxy layer. */
  public ProxySettingsBuilder set(String key, String value) {
    properties.put(key, value);
    return this;
  }

  /** A YAML file whose {@code proxy} section counts more than what is set here. */
  public ProxySettingsBuilder yaml(Path file) {
    return set(ProxyConfiguration.FILE, file.toString());
  }

  /** Variables, such as those of {@link System#getenv()}, that count more than anything else. */
  public ProxySettingsBuilder environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /**
   * Makes the settings.
   *
   * @throws IllegalArgumentException with all faults, each beginning with its key; quotes no secret
   */
  public ProxySettings build() {
    List<String> faults = new ArrayList<>();
    ProxySettings settings =
        ProxyConfiguration.read(
                new ProxyConfiguration.Inputs(
                    properties, environment, exchanges, exchanges, UnaryOperator.identity()),
                (key, message) -> faults.add(key + ": " + message))
            .settings();
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return settings;
  }
}
