package io.cryptofeed.connect;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** What a worker gives to a task: no offsets yet, and metrics. */
public final class TaskContext implements SourceTaskContext, OffsetStorageReader, PluginMetrics {

  private final Map<String, String> properties;
  private final boolean hasPluginMetrics;
  private final Map<MetricName, MetricValueProvider<?>> metrics = new LinkedHashMap<>();
  private boolean closed;

  private TaskContext(Map<String, String> properties, boolean hasPluginMetrics) {
    this.properties = properties;
    this.hasPluginMetrics = hasPluginMetrics;
  }

  /** A worker of today. */
  public static TaskContext of(Map<String, String> properties) {
    return new TaskContext(properties, true);
  }

  /** A worker older than Apache Kafka 4.1. */
  public static TaskContext ofOldWorker(Map<String, String> properties) {
    return new TaskContext(properties, false);
  }

  /** The metrics by name, with their tags behind it. */
  public Map<String, Long> metrics() {
    Map<String, Long> values = new TreeMap<>();
    metrics.forEach(
        (name, gauge) ->
            values.put(
                name.name() + name.tags(), (Long) ((Gauge<?>) gauge).value(new MetricConfig(), 0)));
    return values;
  }

  /** As the worker does with the task's metrics in the end. */
  public void closeMetrics() {
    metrics.clear();
    closed = true;
  }

  @Override
  public Map<String, String> configs() {
    return properties;
  }

  @Override
  public OffsetStorageReader offsetStorageReader() {
    return this;
  }

  @Override
  public PluginMetrics pluginMetrics() {
    if (!hasPluginMetrics) {
      throw new NoSuchMethodError("pluginMetrics");
    }
    return this;
  }

  @Override
  public <T> Map<String, Object> offset(Map<String, T> partition) {
    return Map.of();
  }

  @Override
  public <T> Map<Map<String, T>, Map<String, Object>> offsets(
      Collection<Map<String, T>> partitions) {
    return new HashMap<>();
  }

  @Override
  @SuppressWarnings("NonApiType") // Kafka's signature.
  public MetricName metricName(
      String name, String description, LinkedHashMap<String, String> tags) {
    return new MetricName(name, "plugins", description, tags);
  }

  @Override
  public void addMetric(MetricName name, MetricValueProvider<?> provider) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (metrics.putIfAbsent(name, provider) != null) {
      throw new IllegalArgumentException(name + " exists");
    }
  }

  @Override
  public void removeMetric(MetricName name) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (metrics.remove(name) == null) {
      throw new IllegalArgumentException(name + " does not exist");
    }
  }

  @Override
  public Sensor addSensor(String name) {
    throw new UnsupportedOperationException("sensors are shared by all tasks of a worker");
  }

  @Override
  public void removeSensor(String name) {
    throw new UnsupportedOperationException(List.of(name).toString());
  }
}
