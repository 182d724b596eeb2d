package io.cryptofeed.connect.docs;

import io.cryptofeed.connect.metrics.Metric;
import io.cryptofeed.connect.proxy.monitor.Alerts;
import io.cryptofeed.connect.proxy.monitor.AuditLog;
import io.cryptofeed.connect.proxy.monitor.AuditLogTest;
import io.cryptofeed.connect.proxy.monitor.MetricCatalog;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The section of {@code docs/metrics.md} about proxies, written from the catalogue. */
public final class ProxyMetricsPage {

  /** As {@link AuditLogTest} has it. */
  public static final String AUDIT_LINE =
      "event=opened exchange=binance transport=websocket target=stream.binance.com:443"
          + " route=pool:eu egress=socks5://proxy-1:1080 region=EU took_ms=40";

  private ProxyMetricsPage() {}

  /** The section of the page about proxies. */
  public static String section() {
    return """

        ## Metrics of the proxies

        The tasks of a connector in one worker share their proxies, and these metrics. They are there without proxies, too:
        `endpoint` is `direct` then.

        * JMX shows them as attributes of one MBean for each connector, `io.cryptofeed:type=proxy,connector="…"`. Its
          attributes are named as the time series in Prometheus:
          `proxy_healthy{pool="eu",endpoint="socks5://proxy-1:1080"}`. For a histogram there are `_sum` and `_count`.
        * Prometheus shows them with the additional label `connector`.
        * `endpoint` is `scheme://host:port` or `direct`, never with credentials. Proxies of a pool that differ only in
          their credentials share their time series.
        * `pool` is empty if the route is not a pool.
        * `class` is one of %s.
        * The buckets of every histogram have the upper bounds
          %s seconds.

        Counters and histograms start again at 0 when the last task of the connector in the worker stops. Those with the
        labels `pool` and `endpoint` are also removed when the proxy leaves its pool.

        | JMX and Prometheus | type | unit | labels | what it shows |
        |---|---|---|---|---|
        %s
        ### Alerts

        For each exchange, transport and route, the attempts to open a connection of the last five minutes are judged:

        * `latency`: opening a connection takes longer than `proxy.monitoring.latency.alert.ms` on average. Judged when %d
          connections or more were opened.
        * `success_rate`: less than `proxy.monitoring.success.rate.alert.percent` of the attempts succeeded. Judged when
          there were %d attempts or more.

        An alert writes one WARN line when it starts, and one INFO line when it ends. In between, `proxy_alert_active` is 1.

        ### Audit

        The logger `%s` writes one INFO line for every connection that is `opened`, `closed`,
        `refused`, or opened without its proxy (`direct_fallback`), as `name=value` pairs:

        ```
        %s
        ```
        """
        .formatted(
            Arrays.stream(FailureKind.values())
                .map(FailureKind::code)
                .collect(Collectors.joining(", ")),
            MetricCatalog.bounds().stream().map(String::valueOf).collect(Collectors.joining(", ")),
            MetricCatalog.all().stream().map(ProxyMetricsPage::row).collect(Collectors.joining()),
            Alerts.FEWEST_CONNECTS,
            Alerts.FEWEST_ATTEMPTS,
            AuditLog.NAME,
            AUDIT_LINE);
  }

  private static String row(Metric metric) {
    String labels =
        metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(metric.name(), metric.type().code(), metric.unit(), labels, metric.help());
  }
}
