package io.cryptofeed.connect.docs;

import io.cryptofeed.connect.metrics.Metric;
import io.cryptofeed.connect.proxy.monitor.Alerts;
import io.cryptofeed.connect.proxy.monitor.AuditLog;
import io.cryptofeed.connect.proxy.monitor.AuditLogTest;
import io.cryptofeed.connect.proxy.monitor.MetricCatalog;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What {@code docs/metrics.md} says of the proxy layer, written from the catalog. */
public final class ProxyMetricsPage {

  /** As {@link AuditLogTest} has it. */
  public static final String AUDIT_LINE =
      "event=opened exchange=binance transport=websocket target=stream.binance.com:443"
          + " route=pool:eu egress=socks5://proxy-1:1080 region=EU took_ms=40";

  private ProxyMetricsPage() {}

  /** The part of the page that is about proxies. */
  public static String section() {
    return """

        ## Proxies

        The proxy layer of a connector counts for all its tasks in one worker. Its numbers are shown

        * as one bean, `io.cryptofeed:type=proxy,connector="…"`, whose attributes are named after metric and labels, as in
          `proxy_healthy{pool="eu",endpoint="socks5://proxy-1:1080"}`; of a histogram it has `_sum` and `_count`;
        * to Prometheus at `http://host:port/metrics`, where `proxy.prometheus.port` is set. Connectors of one worker that
          set the same host and port share it, and every series has the label `connector`. It listens on `127.0.0.1`
          unless `proxy.prometheus.host` says otherwise, answers only GET, and asks for no password. A port that cannot be
          had fails the task, with the key in the message.

        `endpoint` is `scheme://host:port` or `direct`, never with credentials; proxies of a pool that differ in their
        credentials alone share their series. `pool` is empty for a route that is no pool. The series of a proxy that has
        left its pool are dropped. `class` is one of %s.
        The bounds of every histogram are
        %s seconds.

        | metric | type | labels | |
        |---|---|---|---|
        %s
        ### Alerts

        For each exchange, transport and route, the attempts to open a connection of the last five minutes are judged:

        * `latency`: opening takes longer than `proxy.monitoring.latency.alert.ms` on average, of %d connections or more;
        * `success_rate`: less than `proxy.monitoring.success.rate.alert.percent` of %d attempts or more went well.

        An alert that begins is one WARN line, one that is over one INFO line, and `proxy_alert_active` is 1 in between.

        ### Audit

        The logger `%s` has one INFO line for every connection that is `opened`, `closed`,
        `refused`, or goes without its proxy (`direct_fallback`), in `name=value` pairs:

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
    return "| `%s` | %s | %s | %s |\n"
        .formatted(metric.name(), metric.type().code(), labels, metric.help());
  }
}
