package io.cryptofeed.connect.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The names of the metrics of a task, on which dashboards and alerts depend. */
class TaskMetricTest {

  @Test
  void the_names_in_jmx_do_not_change() {
    assertThat(Arrays.stream(TaskMetric.values()).map(TaskMetric::jmxName))
        .containsExactly(
            "records-total",
            "queue-records",
            "queue-bytes",
            "reading-paused",
            "messages-total",
            "unknown-messages-total",
            "malformed-messages-total",
            "duplicate-trades-total",
            "missing-trades-total",
            "recovered-trades-total",
            "lost-trades-total",
            "book-faults-total",
            "snapshot-requests-total",
            "history-requests-total",
            "connections-total",
            "disconnects-total",
            "instrument-missing-trades",
            "instrument-recovered-trades",
            "instrument-lost-trades");
  }

  @Test
  void the_name_in_prometheus_follows_from_the_name_in_jmx() {
    assertThat(TaskMetric.RECORDS.metric().name()).isEqualTo("cryptofeed_records_total");
    assertThat(TaskMetric.INSTRUMENT_LOST_TRADES.metric().name())
        .isEqualTo("cryptofeed_instrument_lost_trades");
  }

  @ParameterizedTest
  @EnumSource
  void a_name_that_ends_with_total_is_a_counter(TaskMetric metric) {
    if (metric.jmxName().endsWith("-total")) {
      assertThat(metric.metric().type()).isEqualTo(Metric.Type.COUNTER);
    }
  }

  @ParameterizedTest
  @EnumSource
  void labels_are_in_the_order_of_the_object_names_in_jmx(TaskMetric metric) {
    assertThat(metric.metric().labels()).isSorted();
  }

  @ParameterizedTest
  @EnumSource
  void the_help_is_a_sentence(TaskMetric metric) {
    assertThat(metric.metric().help()).matches("[A-Z0-9].*\\.");
  }
}
