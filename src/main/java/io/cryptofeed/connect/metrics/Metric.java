package io.cryptofeed.connect.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The definition of a metric: what JMX and Prometheus show, without values.
 *
 * @param name the name in Prometheus, which ends with the unit: {@code proxy_tunnel_seconds}
 * @param labels the names of its labels, in order
 * @param help one sentence that says what is counted or measured
 */
public record Metric(String name, Type type, List<String> labels, String help) {

  private static final List<String> UNITS = List.of("seconds", "bytes", "ratio");

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
   * The unit of the values, as the name states it: {@code seconds}, {@code bytes}, {@code ratio} (0
   * to 1), or {@code number} for everything else.
   */
  public String unit() {
    return UNITS.stream()
        .filter(unit -> (name + "_").contains("_" + unit + "_"))
        .findFirst()
        .orElse("number");
  }

  /**
   * The labels with these values.
   *
   * @param values in the order of the labels
   * @throws IllegalArgumentException unless there is one value for each label
   */
  public Map<String, String> labelled(List<String> values) {
    if (values.size() != labels.size()) {
      throw new IllegalArgumentException(name + " has the labels " + labels + ", not " + values);
    }
    Map<String, String> labelled = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      labelled.put(labels.get(i), values.get(i));
    }
    return labelled;
  }

  /** How the values behave. */
  public enum Type {
    /** Only increases, until it starts again at zero. */
    COUNTER,
    /** The value at the moment of reading. */
    GAUGE,
    /** The number of durations, and for each bound the number of durations up to it. */
    HISTOGRAM;

    /** The name of the type in Prometheus: {@code counter}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
