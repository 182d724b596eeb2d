package io.cryptofeed.connect.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The buckets, the sum and the count of durations. */
class HistogramTest {

  private static final Metric METRIC = Metric.histogram("took_seconds", "How long.", "pool");

  private final Histogram histogram = new Histogram();

  private Map<String, Double> shown() {
    Map<String, Double> shown = new LinkedHashMap<>();
    histogram.show(
        METRIC,
        Map.of("pool", "eu"),
        sample ->
            shown.put(sample.name() + sample.labels().getOrDefault("le", ""), sample.value()));
    return shown;
  }

  @Test
  void counts_a_duration_in_every_bucket_whose_bound_it_does_not_exceed() {
    histogram.add(Duration.ofMillis(100));
    histogram.add(Duration.ofMillis(100).plusNanos(1));

    assertThat(shown())
        .containsEntry("took_seconds_bucket0.05", 0.0)
        .containsEntry("took_seconds_bucket0.1", 1.0)
        .containsEntry("took_seconds_bucket0.25", 2.0)
        .containsEntry("took_seconds_bucket30", 2.0)
        .containsEntry("took_seconds_bucket+Inf", 2.0);
  }

  @Test
  void counts_a_duration_above_every_bound_only_in_the_last_bucket() {
    histogram.add(Duration.ofHours(1));

    assertThat(shown())
        .containsEntry("took_seconds_bucket30", 0.0)
        .containsEntry("took_seconds_bucket+Inf", 1.0);
  }

  @Test
  void shows_the_sum_and_the_count() {
    histogram.add(Duration.ZERO);
    histogram.add(Duration.ofMillis(1500));

    assertThat(shown())
        .containsEntry("took_seconds_sum", 1.5)
        .containsEntry("took_seconds_count", 2.0);
  }

  @Test
  void shows_the_bounds_in_ascending_order_before_sum_and_count() {
    assertThat(shown().keySet())
        .containsExactly(
            "took_seconds_bucket0.001",
            "took_seconds_bucket0.0025",
            "took_seconds_bucket0.005",
            "took_seconds_bucket0.01",
            "took_seconds_bucket0.025",
            "took_seconds_bucket0.05",
            "took_seconds_bucket0.1",
            "took_seconds_bucket0.25",
            "took_seconds_bucket0.5",
            "took_seconds_bucket1",
            "took_seconds_bucket2.5",
            "took_seconds_bucket5",
            "took_seconds_bucket10",
            "took_seconds_bucket30",
            "took_seconds_bucket+Inf",
            "took_seconds_sum",
            "took_seconds_count");
  }
}
