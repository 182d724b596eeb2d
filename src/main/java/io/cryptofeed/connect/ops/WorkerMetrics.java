package io.cryptofeed.connect.ops;

import io.cryptofeed.connect.metrics.TaskMetric;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics of the worker, under {@code kafka.connect:type=plugins}. The only class that names a type
 * of Apache Kafka 4.1, so that older workers can load the others.
 */
final class WorkerMetrics implements TaskMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerMetrics.class);

  private final PluginMetrics metrics;
  private final Set<MetricName> shown = new HashSet<>();
  private boolean closed;

  private WorkerMetrics(PluginMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * @throws LinkageError when the worker is older than Apache Kafka 4.1
   */
  static TaskMetrics of(SourceTaskContext context) {
    return new WorkerMetrics(context.pluginMetrics());
  }

  @Override
  public synchronized void show(TaskMetric metric, Map<String, String> labels, LongSupplier value) {
    if (closed) {
      return;
    }
    try {
      show(
          metrics.metricName(metric.jmxName(), metric.metric().help(), new LinkedHashMap<>(labels)),
          (config, now) -> value.getAsLong());
    } catch (IllegalStateException | IllegalArgumentException e) {
      LOG.debug("the worker does not show the metric {} {}", metric.jmxName(), labels, e);
    }
  }

  private void show(MetricName metric, Gauge<Long> gauge) {
    if (shown.remove(metric)) {
      metrics.removeMetric(metric);
    }
    metrics.addMetric(metric, gauge);
    shown.add(metric);
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      shown.forEach(metrics::removeMetric);
    } catch (IllegalStateException e) {
      LOG.debug("the worker has removed the metrics already", e);
    }
    shown.clear();
  }
}
