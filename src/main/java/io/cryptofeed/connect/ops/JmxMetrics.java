package io.cryptofeed.connect.ops;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import javax.management.ObjectName;

/**
 * Metrics on workers older than Apache Kafka 4.1: one bean for each task, {@code
 * io.cryptofeed:type=task,connector="…",task=0}, whose attributes are the numbers. A number with
 * tags has their values at the end of its name: {@code records-total-trades}.
 */
final class JmxMetrics implements TaskMetrics {

  private final Map<String, MetricsBean.Figure> numbers = new ConcurrentSkipListMap<>();
  private final MetricsBean bean;

  JmxMetrics(String connector, String task) {
    bean =
        MetricsBean.register(
            "io.cryptofeed:type=task,connector=" + ObjectName.quote(connector) + ",task=" + task,
            "What a task of the connector has done",
            () -> numbers);
  }

  @Override
  public void gauge(
      String gaugeName, String description, Map<String, String> tags, LongSupplier value) {
    StringBuilder attribute = new StringBuilder(gaugeName);
    new TreeMap<>(tags).values().forEach(tag -> attribute.append('-').append(tag));
    numbers.put(
        attribute.toString(), new MetricsBean.Figure(description, "long", value::getAsLong));
  }

  @Override
  public void close() {
    bean.close();
  }
}
