package io.cryptofeed.connect.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text format of Prometheus, version 0.0.4. */
public final class PrometheusText {

  /** The media type of the format. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** From here on, not every whole number can be represented by a double. */
  private static final double EXACT = 1L << 53;

  private PrometheusText() {}

  /** Writes the samples, grouped by metric as the format requires. */
  public static String of(List<Sample> samples) {
    Map<Metric, List<Sample>> families = new LinkedHashMap<>();
    for (Sample sample : samples) {
      families.computeIfAbsent(sample.metric(), any -> new ArrayList<>()).add(sample);
    }
    StringBuilder text = new StringBuilder();
    families.forEach((metric, family) -> write(metric, family, text));
    return text.toString();
  }

  private static void write(Metric metric, List<Sample> family, StringBuilder text) {
    text.append("# HELP ").append(metric.name()).append(' ').append(escaped(metric.help()));
    text.append("\n# TYPE ").append(metric.name()).append(' ').append(metric.type().code());
    text.append('\n');
    for (Sample sample : family) {
      text.append(sample.series()).append(' ').append(number(sample.value())).append('\n');
    }
  }

  /** Unlike in a label value, quotation marks are not escaped. */
  private static String escaped(String help) {
    return help.replace("\\", "\\\\").replace("\n", "\\n");
  }

  /** A number as Prometheus reads it: whole numbers without a fraction. */
  public static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < EXACT
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
