package io.cryptofeed.connect.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The value of one time series at one moment.
 *
 * @param name the metric's name; for a histogram with {@code _bucket}, {@code _sum} or {@code
 *     _count} at its end
 * @param labels label values by label name, in order
 */
public record Sample(Metric metric, String name, Map<String, String> labels, double value) {

  public Sample {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /**
   * The value of a counter or a gauge.
   *
   * @param values the label values, in the order of the metric's labels
   */
  public static Sample of(Metric metric, double value, String... values) {
    return new Sample(metric, metric.name(), metric.labelled(List.of(values)), value);
  }

  /** The same sample with more labels, which come before its own. */
  public Sample with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(more);
    all.putAll(labels);
    return new Sample(metric, name, all, value);
  }

  /** Whether this is a bucket of a histogram. */
  public boolean isBucket() {
    return labels.containsKey(Histogram.BOUND);
  }

  /** The values of the metric's labels, which distinguish the samples of one metric. */
  public String identity() {
    return metric.labels().stream()
        .map(label -> labels.getOrDefault(label, ""))
        .collect(Collectors.joining("\n"));
  }

  /** The time series, as Prometheus writes it: {@code proxy_healthy{pool="eu",…}}. */
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
