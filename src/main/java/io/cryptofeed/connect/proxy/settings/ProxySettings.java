package io.cryptofeed.connect.proxy.settings;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the proxy layer. Immutable, equal by value; shows no secret.
 *
 * @param enabled whether proxies are used at all; if not, every connection is direct
 * @param pools by name
 * @param manager null when all pools are static
 */
public record ProxySettings(
    boolean enabled,
    Routing routing,
    Map<String, PoolSettings> pools,
    HealthSettings health,
    FailoverSettings failover,
    CircuitSettings circuit,
    @Nullable ManagerSettings manager,
    TlsSettings tls,
    Compliance compliance,
    MonitoringSettings monitoring,
    ConnectSettings connect) {

  private static final Route DIRECT =
      new Route(
          new Via.Direct(),
          Routing.DEFAULT_TIMEOUT,
          new Fallback.Fail(),
          new Source("proxy.enabled", "the configuration"));

  public ProxySettings {
    pools = Map.copyOf(pools);
  }

  /** Every connection is direct. */
  public static ProxySettings disabled() {
    return of(false, Routing.NOWHERE);
  }

  /** Every connection is refused: what is left of a configuration with faults. */
  public static ProxySettings refusing() {
    return of(true, Routing.NOWHERE);
  }

  private static ProxySettings of(boolean enabled, Routing routing) {
    return new ProxySettings(
        enabled,
        routing,
        Map.of(),
        HealthSettings.DEFAULT,
        FailoverSettings.DEFAULT,
        CircuitSettings.DEFAULT,
        null,
        TlsSettings.DEFAULT,
        Compliance.NONE,
        MonitoringSettings.DEFAULT,
        ConnectSettings.DEFAULT);
  }

  /**
   * The route of a connection; empty when there is none that it may take.
   *
   * @param region where this worker stands, null when that is not known
   * @param host where the connection goes, null to ask about the exchange in general
   * @param port its port
   */
  public Optional<Route> route(
      String exchange,
      Transport transport,
      @Nullable String region,
      @Nullable String host,
      int port) {
    return enabled ? routing.route(exchange, transport, region, host, port) : Optional.of(DIRECT);
  }
}
