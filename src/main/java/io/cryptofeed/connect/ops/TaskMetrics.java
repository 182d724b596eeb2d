package io.cryptofeed.connect.ops;

import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceTaskContext;

/** Where a task shows its numbers. Safe for use by many threads. */
public interface TaskMetrics extends AutoCloseable {

  /**
   * The worker's own metrics, which Apache Kafka 4.1 and later offer to a task, or else a bean of
   * our own.
   *
   * @param connector the connector's name
   * @param task the task's number
   */
  static TaskMetrics of(SourceTaskContext context, String connector, String task) {
    try {
      return WorkerMetrics.of(context);
    } catch (LinkageError olderWorker) {
      return new JmxMetrics(connector, task);
    }
  }

  /**
   * Shows a number, in the place of one of the same name and tags. Never throws: a number that
   * cannot be shown, because the task has ended or an abandoned one still shows it, is left out.
   *
   * @param name words joined by dashes
   * @param tags what the number is about
   */
  void gauge(String name, String description, Map<String, String> tags, LongSupplier value);

  /** Shows a number about the whole task. */
  default void gauge(String name, String description, LongSupplier value) {
    gauge(name, description, Map.of(), value);
  }

  /** Takes all numbers away again. Idempotent. */
  @Override
  void close();
}
