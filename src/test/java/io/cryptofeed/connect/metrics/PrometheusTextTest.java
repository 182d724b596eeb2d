package io.cryptofeed.connect.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.metrics.PrometheusPage.Line;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The text format of Prometheus. */
class PrometheusTextTest {

  private static final Metric METRIC = Metric.gauge("depth", "How deep.", "pool");

  private static String written(String labelValue) {
    return PrometheusText.of(List.of(Sample.of(METRIC, 1, labelValue)));
  }

  @Test
  void writes_help_and_type_before_the_samples() {
    assertThat(PrometheusText.of(List.of(Sample.of(METRIC, 1.5, "eu"), Sample.of(METRIC, 2, "us"))))
        .isEqualTo(
            """
            # HELP depth How deep.
            # TYPE depth gauge
            depth{pool="eu"} 1.5
            depth{pool="us"} 2
            """);
  }

  @Test
  void writes_nothing_without_samples() {
    assertThat(PrometheusText.of(List.of())).isEmpty();
  }

  @Test
  void escapes_quotes_backslashes_and_line_breaks_of_a_label() {
    assertThat(written("a\"b\\c\nd")).contains("depth{pool=\"a\\\"b\\\\c\\nd\"} 1\n");
  }

  @Test
  void any_label_value_can_be_read_back() {
    String value = "\\n\n\"{}=,# \\\\\"\u20ac";

    assertThat(PrometheusPage.read(written(value)).values())
        .containsOnly(Map.entry(new Line("depth", Map.of("pool", value)), 1.0));
  }

  @Test
  void escapes_backslashes_and_line_breaks_of_a_help_text() {
    Metric odd = Metric.gauge("odd", "one\\two\n\"three\"");

    assertThat(PrometheusPage.read(PrometheusText.of(List.of(Sample.of(odd, 1)))).helps())
        .containsEntry("odd", "one\\two\n\"three\"");
  }

  @Test
  void writes_the_samples_of_a_metric_together() {
    Metric other = Metric.gauge("width", "How wide.", "pool");
    String text =
        PrometheusText.of(
            List.of(
                Sample.of(METRIC, 1, "eu"), Sample.of(other, 2, "eu"), Sample.of(METRIC, 3, "us")));

    assertThat(PrometheusPage.read(text).values()).hasSize(3);
  }

  @Test
  void writes_numbers_as_prometheus_reads_them() {
    assertThat(
            List.of(
                PrometheusText.number(0),
                PrometheusText.number(1_800_000_060),
                PrometheusText.number(0.0025),
                PrometheusText.number(1e300),
                PrometheusText.number(Double.POSITIVE_INFINITY),
                PrometheusText.number(Double.NEGATIVE_INFINITY),
                PrometheusText.number(Double.NaN)))
        .containsExactly("0", "1800000060", "0.0025", "1.0E300", "+Inf", "-Inf", "NaN");
  }
}
