package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.metrics.Histogram;
import io.cryptofeed.connect.metrics.Metric;
import java.util.List;

/**
 * Every number that the proxy layer shows.
 *
 * <p>The labels are what the configuration or a manager names, and small closed sets; so there are
 * no more series than pairs of a route and its proxies. {@code endpoint} is {@code
 * scheme://host:port} or {@code direct}, and {@code pool} is empty for a route that is not a pool.
 */
public final class MetricCatalog {

  static final Metric CONNECTS =
      Metric.counter(
          "proxy_connect_total",
          "Attempts to open a connection: result is success or failure, and class is the kind of failure,"
              + " or none.",
          "exchange",
          "transport",
          "pool",
          "endpoint",
          "result",
          "class");

  static final Metric CONNECT_STEP =
      Metric.histogram(
          "proxy_connect_seconds",
          "How long one step of opening a connection took: dns, tcp, tls (with the proxy), tunnel.",
          "exchange",
          "transport",
          "pool",
          "endpoint",
          "stage");

  static final Metric TUNNEL =
      Metric.histogram(
          "proxy_tunnel_seconds",
          "How long opening a connection took, from the DNS lookup to the open tunnel.",
          "exchange",
          "transport",
          "pool",
          "endpoint");

  static final Metric REFUSED =
      Metric.counter(
          "proxy_refused_total",
          "Connections refused, because they have no route or no eligible proxy.",
          "exchange",
          "transport");

  static final Metric ACTIVE =
      Metric.gauge(
          "proxy_active_connections",
          "Open connections.",
          "exchange",
          "transport",
          "pool",
          "endpoint");

  static final Metric BYTES =
      Metric.counter(
          "proxy_bytes_total",
          "Bytes of the application, counted at every response, pong and close: direction is read or written.",
          "exchange",
          "transport",
          "pool",
          "endpoint",
          "direction");

  static final Metric PING =
      Metric.histogram(
          "proxy_ws_rtt_seconds",
          "The time from a WebSocket ping to its pong.",
          "exchange",
          "pool",
          "endpoint");

  static final Metric REQUEST =
      Metric.histogram(
          "proxy_request_seconds",
          "The time from a REST request to its response.",
          "exchange",
          "pool",
          "endpoint");

  static final Metric STATUSES =
      Metric.counter(
          "proxy_http_status_total",
          "Responses of the exchanges, WebSocket handshakes included, by HTTP status.",
          "exchange",
          "transport",
          "pool",
          "endpoint",
          "status");

  static final Metric FAILOVERS =
      Metric.counter(
          "proxy_failover_total",
          "Failovers to another proxy, because this one had failed.",
          "exchange",
          "transport",
          "pool",
          "endpoint");

  static final Metric DIRECT_FALLBACKS =
      Metric.counter(
          "proxy_direct_fallback_total",
          "Direct connections because all proxies had failed, as proxy.fallback=direct allows.",
          "exchange",
          "transport");

  static final Metric UNMATCHED =
      Metric.counter(
          "proxy_unmatched_total",
          "Direct connections without a route, as proxy.unmatched=direct allows.",
          "exchange",
          "transport");

  static final Metric SELECTIONS =
      Metric.counter("proxy_selection_total", "Proxies chosen from a pool.", "pool", "strategy");

  static final Metric PANICS =
      Metric.counter(
          "proxy_panic_total",
          "Proxies chosen while health was ignored, because too few were healthy.",
          "pool");

  static final Metric HEALTHY =
      Metric.gauge(
          "proxy_healthy",
          "1 if the proxy passes its probes and its circuit breaker is not open, otherwise 0.",
          "pool",
          "endpoint");

  static final Metric CIRCUIT =
      Metric.gauge(
          "proxy_circuit_state",
          "The circuit breaker: 0 closed, 1 half open, 2 open.",
          "pool",
          "endpoint");

  static final Metric SUCCESS_RATIO =
      Metric.gauge(
          "proxy_success_ratio",
          "The share of successful attempts within the window of the circuit breaker, 0 to 1.",
          "pool",
          "endpoint");

  static final Metric EWMA =
      Metric.gauge(
          "proxy_ewma_seconds",
          "The decaying average of the latency, once known.",
          "pool",
          "endpoint");

  static final Metric MEMBER_CONNECTIONS =
      Metric.gauge(
          "proxy_member_connections",
          "Connections open or being opened, as max.connections counts them.",
          "pool",
          "endpoint");

  static final Metric POOL_MEMBERS =
      Metric.gauge(
          "proxy_pool_members",
          "Proxies that are healthy, unhealthy, or draining.",
          "pool",
          "state");

  static final Metric MEMBER_CHANGES =
      Metric.counter(
          "proxy_member_changes_total", "Proxies added to a pool, or drained.", "pool", "change");

  static final Metric COOLDOWN_UNTIL =
      Metric.gauge(
          "proxy_cooldown_until_seconds",
          "When the cooldown of the proxy for the exchange ends, in seconds since 1970; only during"
              + " a cooldown.",
          "exchange",
          "pool",
          "endpoint",
          "status");

  static final Metric WEIGHT_USED =
      Metric.gauge(
          "proxy_weight_used",
          "REST weight used within the last minute.",
          "exchange",
          "pool",
          "endpoint");

  static final Metric CONNECTS_USED =
      Metric.gauge(
          "proxy_connect_budget_used",
          "Connections opened within the last five minutes.",
          "exchange",
          "pool",
          "endpoint");

  static final Metric PROBES =
      Metric.counter(
          "proxy_health_checks_total",
          "Probes: result is success or failure.",
          "pool",
          "endpoint",
          "result");

  static final Metric EJECTIONS =
      Metric.counter(
          "proxy_ejections_total",
          "How often a proxy became ineligible: reason is health, circuit, or cooldown (for one"
              + " exchange).",
          "pool",
          "endpoint",
          "reason");

  static final Metric REFRESHES =
      Metric.counter(
          "proxy_manager_refresh_total",
          "Requests for proxies to the manager: result is success or failure.",
          "pool",
          "result");

  static final Metric REFRESH_AGE =
      Metric.gauge(
          "proxy_manager_age_seconds", "The time since the last response of the manager.", "pool");

  static final Metric PIN_MISMATCHES =
      Metric.counter(
          "proxy_pin_mismatch_total", "TLS handshakes with a key that is not pinned.", "host");

  static final Metric ALERTS =
      Metric.gauge(
          "proxy_alert_active",
          "1 while the alert is active: kind is latency or success_rate.",
          "exchange",
          "transport",
          "route",
          "kind");

  static final Metric CONFIG =
      Metric.gauge(
          "proxy_config_info",
          "Always 1: the route of an exchange, and the source that configured it.",
          "exchange",
          "transport",
          "route",
          "source");

  private static final List<Metric> ALL =
      List.of(
          CONNECTS,
          CONNECT_STEP,
          TUNNEL,
          REFUSED,
          ACTIVE,
          BYTES,
          PING,
          REQUEST,
          STATUSES,
          FAILOVERS,
          DIRECT_FALLBACKS,
          UNMATCHED,
          SELECTIONS,
          PANICS,
          HEALTHY,
          CIRCUIT,
          SUCCESS_RATIO,
          EWMA,
          MEMBER_CONNECTIONS,
          POOL_MEMBERS,
          MEMBER_CHANGES,
          COOLDOWN_UNTIL,
          WEIGHT_USED,
          CONNECTS_USED,
          PROBES,
          EJECTIONS,
          REFRESHES,
          REFRESH_AGE,
          PIN_MISMATCHES,
          ALERTS,
          CONFIG);

  private MetricCatalog() {}

  /** All of them, in the order in which they are shown. */
  public static List<Metric> all() {
    return ALL;
  }

  /** The bounds of the buckets of every histogram, in seconds, ascending, without infinity. */
  public static List<Double> bounds() {
    return Histogram.BOUNDS;
  }
}
