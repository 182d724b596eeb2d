package io.cryptofeed.connect.ops;

import io.cryptofeed.connect.metrics.TaskMetric;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceTaskContext;

/** The metrics of one task in JMX. Safe for use by many threads. */
public interface TaskMetrics extends AutoCloseable {

  /**
   * The metrics that the worker offers to a task since Apache Kafka 4.1 (KIP-877); on an older
   * worker, an MBean of the connector.
   *
   * @param connector the connector's name
   * @param task the index of the task within the connector, in decimal digits
   */
  static TaskMetrics of(SourceTaskContext context, String connector, String task) {
    try {
      return WorkerMetrics.of(context);
    } catch (LinkageError olderWorker) {
      return new JmxMetrics(connector, task);
    }
  }

  /**
   * Shows a metric. It replaces one with the same labels. Never throws: a metric is skipped when
   * the task has ended, or when a task that the worker abandoned still shows it.
   *
   * @param labels label values by label name, in the order of the metric's labels
   * @param value the current value, read on any thread
   */
  void show(TaskMetric metric, Map<String, String> labels, LongSupplier value);

  /** Removes all metrics. Idempotent. */
  @Override
  void close();
}
