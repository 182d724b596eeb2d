package io.cryptofeed.connect.ops;

import io.cryptofeed.connect.metrics.TaskMetric;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import javax.management.ObjectName;

/**
 * Metrics on workers older than Apache Kafka 4.1: one MBean for each task, {@code
 * io.cryptofeed:type=task,connector="…",task=0}, with an attribute for each metric. The name of an
 * attribute ends with the label values, if there are any: {@code records-total-trades}.
 */
final class JmxMetrics implements TaskMetrics {

  private final Map<String, MetricsBean.Attribute> attributes = new ConcurrentSkipListMap<>();
  private final MetricsBean bean;

  JmxMetrics(String connector, String task) {
    bean =
        MetricsBean.register(
            "io.cryptofeed:type=task,connector=" + ObjectName.quote(connector) + ",task=" + task,
            "Metrics of one task of the connector",
            () -> attributes);
  }

  @Override
  public void show(TaskMetric metric, Map<String, String> labels, LongSupplier value) {
    StringBuilder name = new StringBuilder(metric.jmxName());
    labels.values().forEach(label -> name.append('-').append(label));
    attributes.put(
        name.toString(),
        new MetricsBean.Attribute(metric.metric().help(), "long", value::getAsLong));
  }

  @Override
  public void close() {
    bean.close();
  }
}
