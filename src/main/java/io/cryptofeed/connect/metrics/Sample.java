package io.cryptofeed.connect.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One number at one moment.
 *
 * @param name the metric's name, or with {@code _bucket}, {@code _sum} or {@code _count} a number
 *     of a histogram
 * @param labels by name, in order
 */
public record Sample(Metric metric, String name, Map<String, String> labels, double value) {

  public Sample {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /**
   * The number of a counter or a gauge.
   *
   * @param values of the labels, in the metric's order
   */
  public static Sample of(Metric metric, double value, String... values) {
    return new Sample(metric, metric.name(), metric.labelled(List.of(values)), value);
  }

  /** The same with one more label, which comes first. */
  public Sample with(String label, String labelValue) {
    Map<String, String> more = new LinkedHashMap<>();
    more.put(label, labelValue);
    more.putAll(labels);
    return new Sample(metric, name, more, value);
  }

  /** Whether it is one of the buckets of a histogram. */
  public boolean isBucket() {
    return labels.containsKey(Histogram.BOUND);
  }

  /** The values of its metric's labels, by which the samples of one metric are told apart. */
  public String identity() {
    return metric.labels().stream()
        .map(label -> labels.getOrDefault(label, ""))
        .collect(Collectors.joining("\n"));
  }

  /** What it is the number of, as Prometheus writes it: {@code proxy_healthy{pool="eu",…}}. */
  public String series() {
    return labels.isEmpty()
        ? name
        : labels.entrySet().stream()
            .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
            .collect(Collectors.joining(",", name + "{", "}"));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
