package io.cryptofeed.connect;

import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.proxy.monitor.ProxyMetricsPage;
import io.cryptofeed.connect.record.DecimalMode;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import io.cryptofeed.connect.record.TopicTemplate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;

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
              a tag stands at the end of the name then, as in `records-total-trades`.

            Rules of the JMX exporter that match only `type=(.+)-metrics` miss `type=plugins`; add a rule for it.

            | metric | tags | |
            |---|---|---|
            """);
    metrics.forEach(
        (name, metric) -> {
          page.append("| `").append(name).append("` | ");
          metric.tags.forEach(
              (tag, values) ->
                  page.append('`').append(tag).append("`: ").append(String.join(", ", values)));
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
            tags.forEach(
                (tag, of) -> metric.tags.computeIfAbsent(tag, any -> new TreeSet<>()).add(of));
          }

          @Override
          public void close() {}
        };
    RecordQueue queue = new RecordQueue(1, 1, 1);
    TopicTemplate topics = new TopicTemplate(TopicTemplate.DEFAULT, "crypto");
    RunningTask.show(
        page,
        queue,
        new RecordWriter(queue, topics, Map.of(), DecimalMode.PRECISE, false),
        new FeedCounters());
    return metrics;
  }
}
