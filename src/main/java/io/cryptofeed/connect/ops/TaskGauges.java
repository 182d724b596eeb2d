package io.cryptofeed.connect.ops;

import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.metrics.PrometheusAddress;
import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.metrics.TaskMetric;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects the metrics of one task to what they measure: its queue, its records and its feeds. They
 * are shown in JMX, and to Prometheus if that is wanted. Metrics of instruments are added on event
 * loops; everything else happens on the task's thread.
 */
public final class TaskGauges implements AutoCloseable {

  private final TaskMetrics jmx;
  private final Map<Key, LongSupplier> values =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(Key::metric)
              .thenComparing(key -> String.join("\n", key.labels().values())));
  private @Nullable PrometheusEndpoint endpoint;

  private TaskGauges(TaskMetrics jmx) {
    this.jmx = jmx;
  }

  private record Key(TaskMetric metric, Map<String, String> labels) {}

  /**
   * Shows all metrics of a task, before its feeds start. The metrics of an instrument are added
   * when its first trade stream is subscribed.
   *
   * @param jmx closed together with the result
   */
  public static TaskGauges show(
      TaskMetrics jmx, RecordQueue queue, RecordWriter writer, FeedCounters counters) {
    TaskGauges gauges = new TaskGauges(jmx);
    for (Channel channel : Channels.BUILT_IN.all()) {
      gauges.show(TaskMetric.RECORDS, () -> writer.written(channel), channel.code());
    }
    gauges.show(TaskMetric.QUEUE_RECORDS, queue::size);
    gauges.show(TaskMetric.QUEUE_BYTES, queue::bytes);
    gauges.show(TaskMetric.READING_PAUSED, () -> queue.isFull() ? 1 : 0);
    counters.totals().forEach((metric, total) -> gauges.show(metric, total::sum));
    counters.onInstrument(gauges::show);
    return gauges;
  }

  private void show(Instrument instrument, FeedCounters.InstrumentTrades trades) {
    String[] labels = {instrument.exchange(), instrument.marketType().code(), instrument.symbol()};
    show(TaskMetric.INSTRUMENT_MISSING_TRADES, trades.missing()::sum, labels);
    show(TaskMetric.INSTRUMENT_RECOVERED_TRADES, trades.recovered()::sum, labels);
    show(TaskMetric.INSTRUMENT_LOST_TRADES, trades.lost()::sum, labels);
  }

  private void show(TaskMetric metric, LongSupplier value, String... labelValues) {
    Map<String, String> labels = metric.metric().labelled(List.of(labelValues));
    values.put(new Key(metric, labels), value);
    jmx.show(metric, labels, value);
  }

  /**
   * Serves the metrics of this task for Prometheus, with the labels {@code connector} and {@code
   * task}, and those of the connector's proxies, with the label {@code connector}.
   *
   * @throws IllegalArgumentException when the address cannot be used; begins with the property
   */
  public void serve(
      PrometheusAddress address, String connector, String task, ProxyMetrics proxies) {
    endpoint =
        PrometheusEndpoint.open(
            address,
            List.of(
                new PrometheusEndpoint.Source(
                    new TreeMap<>(Map.of("connector", connector, "task", task)), this::samples),
                new PrometheusEndpoint.Source(
                    Map.of("connector", connector), () -> proxies.samples(connector))));
  }

  /** Removes the metrics from JMX and from the endpoint. Idempotent. */
  @Override
  public void close() {
    if (endpoint != null) {
      endpoint.close();
    }
    jmx.close();
  }

  /** The current values, in the order of {@link TaskMetric}. */
  List<Sample> samples() {
    return values.entrySet().stream()
        .map(
            entry ->
                new Sample(
                    entry.getKey().metric().metric(),
                    entry.getKey().metric().metric().name(),
                    entry.getKey().labels(),
                    entry.getValue().getAsLong()))
        .toList();
  }
}
