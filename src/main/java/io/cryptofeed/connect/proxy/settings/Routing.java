package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The routes of all connections. Immutable and pure.
 *
 * <p>The exchange's own route takes precedence, then the regional rule, then the default, and then,
 * only if configured, a direct connection: {@code proxy.unmatched=direct}. The transports of an
 * exchange are independent of each other.
 *
 * @param sections the routes of exchanges, and the defaults
 * @param regional routes that depend on the region
 * @param direct the destinations that need no proxy
 * @param unmatched the route of connections without one, null when they are refused
 * @param fallback for exchanges without a fallback of their own
 * @param fallbacks by exchange
 */
public record Routing(
    Map<Scope, Section> sections,
    RegionalSettings regional,
    List<HostPattern> direct,
    @Nullable Section unmatched,
    Fallback fallback,
    Map<String, Fallback> fallbacks) {

  /** The default timeout of opening a connection. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** No connection has a route. */
  public static final Routing NOWHERE =
      new Routing(Map.of(), RegionalSettings.NONE, List.of(), null, new Fallback.Fail(), Map.of());

  public Routing {
    sections = Map.copyOf(sections);
    direct = List.copyOf(direct);
    fallbacks = Map.copyOf(fallbacks);
  }

  /**
   * The route of a connection; empty when it has none, for example because it depends on a region
   * that is not known.
   *
   * @param region of this worker, null when it is not known
   * @param host where the connection goes, null to ask about the exchange in general
   * @param port its port
   */
  public Optional<Route> route(
      String exchange,
      Transport transport,
      @Nullable String region,
      @Nullable String host,
      int port) {
    if (host != null && direct.stream().anyMatch(pattern -> pattern.matches(host, port))) {
      Source source = new Source("proxy.no.proxy", "the configuration");
      return Optional.of(route(exchange, transport, new Via.Direct(), source));
    }
    Optional<Section> own = own(exchange, transport);
    if (own.isEmpty() && needsRegion() && region == null) {
      return Optional.empty();
    }
    return own.or(() -> regional(exchange, transport, region))
        .or(() -> own(null, transport))
        .or(() -> Optional.ofNullable(unmatched))
        .flatMap(
            section ->
                Optional.ofNullable(section.via())
                    .map(via -> route(exchange, transport, via, section.source())));
  }

  /** Whether the route of an exchange without one of its own depends on the region. */
  public boolean needsRegion() {
    return regional.enabled() && !(regional.rules().isEmpty() && regional.fallback() == null);
  }

  private Optional<Section> own(@Nullable String exchange, Transport transport) {
    return Optional.ofNullable(sections.get(new Scope(exchange, transport)))
        .filter(section -> section.via() != null);
  }

  private Optional<Section> regional(
      String exchange, Transport transport, @Nullable String region) {
    if (!regional.enabled() || region == null) {
      return Optional.empty();
    }
    return regional.rules().stream()
        .filter(rule -> rule.matches(region, exchange, transport))
        .findFirst()
        .map(rule -> new Section(rule.via(), null, rule.source()))
        .or(() -> Optional.ofNullable(regional.fallback()));
  }

  private Route route(String exchange, Transport transport, Via via, Source source) {
    return new Route(
        via, timeout(exchange, transport), fallbacks.getOrDefault(exchange, fallback), source);
  }

  private Duration timeout(String exchange, Transport transport) {
    return Stream.of(new Scope(exchange, transport), new Scope(null, transport))
        .map(sections::get)
        .flatMap(section -> section == null ? Stream.empty() : Stream.ofNullable(section.timeout()))
        .findFirst()
        .orElse(DEFAULT_TIMEOUT);
  }
}
