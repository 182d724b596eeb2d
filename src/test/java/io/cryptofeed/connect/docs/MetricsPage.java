package io.cryptofeed.connect.docs;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.metrics.Metric;
import io.cryptofeed.connect.metrics.TaskMetric;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** {@code docs/metrics.md}, written from the vocabulary of metrics. */
final class MetricsPage {

  /** Labels with few values, which are listed. */
  private static final Map<String, String> VALUES =
      Map.of(
          "channel",
          Channels.BUILT_IN.all().stream().map(Channel::code).sorted().collect(list()),
          "market_type",
          Arrays.stream(MarketType.values()).map(MarketType::code).sorted().collect(list()));

  private MetricsPage() {}

  static String text() {
    return """
        # Metrics

        <!-- Written from the code by ReferenceDocsTest: change the code, then run
             mvn test -Dtest=ReferenceDocsTest -Ddocs.write=true -->

        Every metric is shown in JMX, and to Prometheus if you want so.

        ## Prometheus

        Set `metrics.prometheus.port`, and every worker that runs tasks of the connector serves
        `http://host:port/metrics`. It shows the metrics of all tasks of the connector in this worker: records, queue,
        feeds, connections and proxies.

        * It listens on `127.0.0.1` unless you set `metrics.prometheus.host`. It allows only GET, and has neither a password
          nor encryption.
        * Connectors in one worker with the same host and port share the endpoint. Each time series has the label
          `connector`; those of a task also have the label `task`.
        * If the port cannot be bound, the task fails. The error names the property. Workers on one host need different
          ports, so give each its own with a placeholder such as `${env:METRICS_PORT}`.
        * `proxy.prometheus.port` and `proxy.prometheus.host` are aliases.

        ## Metrics of a task

        Each task shows these metrics. All values are whole numbers.

        * On Apache Kafka 4.1 and later, JMX shows them as metrics of the worker (KIP-877):
          `kafka.connect:type=plugins,connector="…",task="…"`, with the labels below as further properties.
        * On older workers they are attributes of one MBean for each task,
          `io.cryptofeed:type=task,connector="…",task=…`. The values of the labels are then at the end of the name, in the
          order below: `records-total-trades`, `instrument-lost-trades-binance-spot-BTC-USDT`.
        * In Prometheus a name starts with `cryptofeed_`, and has underscores in place of dashes.

        Rules of the JMX exporter that match only `type=(.+)-metrics` do not match `type=plugins`: add a rule for it.

        The metrics of an instrument appear when its trades are subscribed. If the exchange removes the instrument from its
        list and lists it again, they start again at 0.

        | JMX | Prometheus | type | unit | labels | what it shows | starts again at 0 |
        |---|---|---|---|---|---|---|
        %s%s"""
        .formatted(
            Arrays.stream(TaskMetric.values()).map(MetricsPage::row).collect(Collectors.joining()),
            ProxyMetricsPage.section());
  }

  private static String row(TaskMetric named) {
    Metric metric = named.metric();
    return "| `%s` | `%s` | %s | %s | %s | %s | %s |\n"
        .formatted(
            named.jmxName(),
            metric.name(),
            metric.type().code(),
            metric.unit(),
            metric.labels().stream().map(MetricsPage::label).collect(list()),
            metric.help(),
            metric.type() == Metric.Type.GAUGE ? "" : reset(metric));
  }

  private static String reset(Metric metric) {
    return metric.labels().contains("symbol")
        ? "when the task starts, or the instrument is listed again"
        : "when the task starts";
  }

  private static String label(String label) {
    String values = VALUES.get(label);
    return "`" + label + "`" + (values == null ? "" : " (" + values + ")");
  }

  private static Collector<CharSequence, ?, String> list() {
    return Collectors.joining(", ");
  }
}
