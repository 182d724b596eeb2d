package io.cryptofeed.connect.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.TaskContext;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.metrics.TaskMetric;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the metrics of a task measure, and that JMX and Prometheus show the same. */
class TaskGaugesTest {

  private final TaskContext worker = TaskContext.of(Map.of());
  private final RecordQueue queue = new RecordQueue(2, 1_000, 2);
  private final FeedCounters counters = new FeedCounters();
  private final TaskGauges gauges =
      TaskGauges.show(
          TaskMetrics.of(worker, "metrics", "0"),
          queue,
          new RecordWriter(
              queue,
              new TopicTemplate(TopicTemplate.DEFAULT, "crypto"),
              Map.of(),
              DecimalMode.PRECISE,
              false),
          counters);

  @AfterEach
  void close() {
    gauges.close();
  }

  @Test
  void prometheus_shows_every_metric_of_the_vocabulary() {
    counters.trades(bitcoin(true));

    Set<String> names =
        gauges.samples().stream()
            .map(Sample::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));

    assertThat(names)
        .containsExactlyElementsOf(
            Arrays.stream(TaskMetric.values()).map(metric -> metric.metric().name()).toList());
  }

  @Test
  void jmx_and_prometheus_show_the_same_values() {
    counters.trades(bitcoin(true)).lost().add(2);
    counters.duplicates().add(5);
    queue.add(record(), 30);

    Map<String, Long> prometheus =
        gauges.samples().stream()
            .collect(
                Collectors.toMap(
                    sample -> jmxName(sample) + sample.labels(), sample -> (long) sample.value()));

    assertThat(prometheus)
        .isEqualTo(worker.metrics())
        .containsEntry("duplicate-trades-total{}", 5L)
        .containsEntry("queue-records{}", 1L)
        .containsEntry("queue-bytes{}", 30L)
        .containsEntry(
            "instrument-lost-trades{exchange=binance, market_type=spot, symbol=BTC-USDT}", 2L);
  }

  @Test
  void reading_is_paused_while_the_queue_is_full() {
    assertThat(value(TaskMetric.READING_PAUSED)).isZero();

    queue.add(record(), 10);
    queue.add(record(), 10);

    assertThat(value(TaskMetric.READING_PAUSED)).isEqualTo(1);
  }

  @Test
  void records_are_counted_for_each_channel() {
    List<String> channels =
        gauges.samples().stream()
            .filter(sample -> sample.metric().equals(TaskMetric.RECORDS.metric()))
            .map(sample -> sample.labels().get("channel"))
            .toList();

    assertThat(channels)
        .containsExactlyInAnyOrderElementsOf(
            Channels.BUILT_IN.all().stream().map(Channel::code).toList());
  }

  @Test
  void an_instrument_that_is_listed_again_has_one_time_series() {
    counters.trades(bitcoin(true)).missing().add(7);
    counters.trades(bitcoin(false)).missing().add(3);

    assertThat(gauges.samples())
        .filteredOn(sample -> sample.metric().equals(TaskMetric.INSTRUMENT_MISSING_TRADES.metric()))
        .extracting(Sample::value)
        .containsExactly(3.0);
  }

  private double value(TaskMetric metric) {
    return gauges.samples().stream()
        .filter(sample -> sample.metric().equals(metric.metric()))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static String jmxName(Sample sample) {
    return Arrays.stream(TaskMetric.values())
        .filter(metric -> metric.metric().equals(sample.metric()))
        .findFirst()
        .orElseThrow()
        .jmxName();
  }

  private static SourceRecord record() {
    return new SourceRecord(Map.of(), Map.of(), "topic", Schema.STRING_SCHEMA, "value");
  }

  private static Instrument bitcoin(boolean active) {
    return new Instrument(
        "binance", MarketType.SPOT, "BTC-USDT", "BTCUSDT", "base", "quote", null, null, active);
  }
}
