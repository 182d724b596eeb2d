package io.cryptofeed.connect.proxy;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which connection takes which proxy. Immutable.
 *
 * <p>Where proxies are enabled, every exchange and transport has a route of its own, and a
 * connection without one is refused: direct is only what is said to be direct.
 */
public final class ProxySettings {

  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private static final ProxySettings DISABLED =
      new ProxySettings(new TreeMap<>(), new Route.Direct("proxy.enabled", DEFAULT_TIMEOUT));

  private final SortedMap<String, Map<Transport, Route>> routes;
  private final @Nullable Route forAll;

  private ProxySettings(SortedMap<String, Map<Transport, Route>> routes, @Nullable Route forAll) {
    this.routes = routes;
    this.forAll = forAll;
  }

  /** Every connection is direct. */
  public static ProxySettings disabled() {
    return DISABLED;
  }

  /** A route for each exchange and transport; all other connections are refused. */
  static ProxySettings of(Map<String, Map<Transport, Route>> routes) {
    SortedMap<String, Map<Transport, Route>> copy = new TreeMap<>();
    routes.forEach((exchange, ways) -> copy.put(exchange, new EnumMap<>(ways)));
    return new ProxySettings(copy, null);
  }

  /**
   * Reads the {@code proxy.*} properties. Settings with faults refuse every connection.
   *
   * @param properties all properties of the connector; others are ignored
   * @param exchangeIds the ids of the exchanges that are configured
   * @param error takes each fault as key and message; the message never quotes a secret
   */
  public static ProxySettings parse(
      Map<String, String> properties,
      Collection<String> exchangeIds,
      BiConsumer<String, String> error) {
    return new ProxyProperties(properties, exchangeIds, error).settings();
  }

  /** Every key of the proxy layer, those of each exchange included. */
  public static List<ProxyKey> keys(Collection<String> exchangeIds) {
    return ProxyProperties.keys(exchangeIds);
  }

  /** The way of a connection; empty when there is none that it may take. */
  Optional<Route> route(String exchange, Transport transport) {
    return Optional.ofNullable(forAll)
        .or(() -> Optional.ofNullable(routes.get(exchange)).map(ways -> ways.get(transport)));
  }

  /** The routes by exchange, in alphabetical order; none when every connection is direct. */
  SortedMap<String, Map<Transport, Route>> routes() {
    return routes;
  }

  /** Whether every connection is direct, of whatever exchange. */
  boolean isDisabled() {
    return forAll != null;
  }
}
