package io.cryptofeed.connect.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {

  private static final long NOON = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

  @Test
  void reads_a_retry_after_in_seconds() {
    assertThat(wait("120")).contains(Duration.ofMinutes(2));
  }

  @Test
  void reads_a_retry_after_as_a_date() {
    assertThat(wait("Fri, 20 Nov 2026 12:00:45 GMT")).contains(Duration.ofSeconds(45));
  }

  @Test
  void does_not_wait_for_a_date_that_has_passed() {
    assertThat(wait("Fri, 20 Nov 2026 11:00:00 GMT")).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999", "99999999999999999999999", "Fri, 20 Nov 2099 12:00:00 GMT"})
  void ignores_a_wait_of_more_than_a_week(String value) {
    assertThat(wait(value)).contains(Duration.ofDays(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "soon", "1.5", "Fri, 31 Foo 2026 12:00:00 GMT"})
  void ignores_a_value_that_is_neither_seconds_nor_a_date(String value) {
    assertThat(wait(value)).isEmpty();
  }

  @Test
  void has_no_wait_without_the_header() {
    assertThat(new HttpAnswer(200, Map.of(), new byte[0], 0).retryAfter(NOON)).isEmpty();
  }

  private static Optional<Duration> wait(String value) {
    return new HttpAnswer(429, Map.of("retry-after", value), new byte[0], 0).retryAfter(NOON);
  }
}
