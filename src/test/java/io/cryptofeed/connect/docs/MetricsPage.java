package io.cryptofeed.connect.docs;

import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.ops.TaskMetrics;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.task.RunningTask;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** {@code docs/metrics.md}, written from what a task really shows. */
final class MetricsPage {

  private MetricsPage() {}

  /** A metric with all the values that its tags take. */
  private record Metric(String description, Map<String, TreeSet<String>> tags) {}

  static String text() {
    Map<String, Metric> metrics = shown();
    StringBuilder page =
        new StringBuilder(
            """
            # Metrics

            <!-- Written from the code by ReferenceDocsTest: change the code, then run
                 mvn test -Dtest=ReferenceDocsTest -Ddocs.write=true -->

            Each task shows these numbers; all are whole numbers, and those that end in `-total` count from the start of the
            task.

            * On Apache Kafka 4.1 and later they are metrics of the worker:
              `kafka.connect:type=plugins,connector="…",task="…"`, with the tags below added.
            * On older workers they are attributes of one bean, `io.cryptofeed:type=task,connector="…",task=…`; the value of
              a tag stands at the end of the name then, as in `records-total-trades`; several in the order of their names, as
              in `instrument-lost-trades-binance-spot-BTC-USDT`.

            Numbers of an instrument are there once its trades are streamed.

            Rules of the JMX exporter that match only `type=(.+)-metrics` miss `type=plugins`; add a rule for it.

            | metric | tags | |
            |---|---|---|
            """);
    metrics.forEach(
        (name, metric) -> {
          page.append("| `").append(name).append("` | ");
          page.append(
              metric.tags.entrySet().stream()
                  .map(tag -> "`" + tag.getKey() + "`: " + String.join(", ", tag.getValue()))
                  .collect(Collectors.joining("; ")));
          page.append(" | ").append(metric.description).append(". |\n");
        });
    return page.append(ProxyMetricsPage.section()).toString();
  }

  private static Map<String, Metric> shown() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    TaskMetrics page =
        new TaskMetrics() {
          @Override
          public void gauge(
              String name, String description, Map<String, String> tags, LongSupplier value) {
            Metric metric =
                metrics.computeIfAbsent(
                    name, any -> new Metric(description, new LinkedHashMap<>()));
            new TreeMap<>(tags)
                .forEach(
                    (tag, of) -> metric.tags.computeIfAbsent(tag, any -> new TreeSet<>()).add(of));
          }

          @Override
          public void close() {}
        };
    RecordQueue queue = new RecordQueue(1, 1, 1);
    TopicTemplate topics = new TopicTemplate(TopicTemplate.DEFAULT, "crypto");
    FeedCounters seen = new FeedCounters();
    RunningTask.show(
        page, queue, new RecordWriter(queue, topics, Map.of(), DecimalMode.PRECISE, false), seen);
    Arrays.stream(MarketType.values()).map(MetricsPage::any).forEach(seen::trades);
    return metrics;
  }

  private static Instrument any(MarketType marketType) {
    return new Instrument("…", marketType, "…", "…", "…", "…", null, null, true);
  }
}
