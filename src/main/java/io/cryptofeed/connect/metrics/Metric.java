package io.cryptofeed.connect.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A number that the proxy layer shows.
 *
 * @param name as Prometheus has it, the unit at its end
 * @param labels the names of its labels, in order
 * @param help one sentence
 */
public record Metric(String name, Type type, List<String> labels, String help) {

  public Metric {
    labels = List.copyOf(labels);
  }

  public static Metric counter(String name, String help, String... labels) {
    return new Metric(name, Type.COUNTER, List.of(labels), help);
  }

  public static Metric gauge(String name, String help, String... labels) {
    return new Metric(name, Type.GAUGE, List.of(labels), help);
  }

  public static Metric histogram(String name, String help, String... labels) {
    return new Metric(name, Type.HISTOGRAM, List.of(labels), help);
  }

  /**
   * The labels with these values.
   *
   * @param values in the order of the labels
   * @throws IllegalArgumentException when they are not as many as the labels
   */
  Map<String, String> labelled(List<String> values) {
    if (values.size() != labels.size()) {
      throw new IllegalArgumentException(name + " has the labels " + labels + ", not " + values);
    }
    Map<String, String> labelled = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      labelled.put(labels.get(i), values.get(i));
    }
    return labelled;
  }

  /** How the number behaves. */
  public enum Type {
    /** Only grows. */
    COUNTER,
    /** As things stand now. */
    GAUGE,
    /** How many durations, and how many of them were no longer than each bound. */
    HISTOGRAM;

    /** The word that Prometheus has for it. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
