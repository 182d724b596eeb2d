package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff = new Backoff(new Random(7));
  private long now = 1_000_000;

  @Test
  void the_ceiling_doubles_from_half_a_second_to_a_minute() {
    long ceiling = TimeUnit.MILLISECONDS.toNanos(500);
    for (int i = 0; i < 40; i++) {
      assertThat(backoff.failed(now)).isBetween(0L, ceiling);
      ceiling = Math.min(TimeUnit.SECONDS.toNanos(60), ceiling * 2);
    }
  }

  @Test
  void waits_are_spread_over_the_whole_range() {
    for (int i = 0; i < 10; i++) {
      backoff.failed(now);
    }
    long low = 0;
    long high = 0;
    for (int i = 0; i < 1_000; i++) {
      long wait = backoff.failed(now);
      low += wait < TimeUnit.SECONDS.toNanos(20) ? 1 : 0;
      high += wait > TimeUnit.SECONDS.toNanos(40) ? 1 : 0;
    }
    assertThat(low).isBetween(250L, 420L);
    assertThat(high).isBetween(250L, 420L);
  }

  @Test
  void logs_the_first_failure_and_each_time_the_count_doubles() {
    List<Integer> logged = new ArrayList<>();
    assertThat(backoff.isLoggable()).isFalse();
    for (int i = 0; i < 20; i++) {
      backoff.failed(now);
      if (backoff.isLoggable()) {
        logged.add(backoff.attempts());
      }
    }
    assertThat(logged).containsExactly(1, 2, 4, 8, 16);
  }

  @Test
  void is_reset_only_after_a_healthy_minute() {
    for (int i = 0; i < 8; i++) {
      backoff.failed(now);
    }
    backoff.opened(now);
    now += TimeUnit.SECONDS.toNanos(59);
    backoff.failed(now);
    assertThat(backoff.attempts()).isEqualTo(9);

    backoff.opened(now);
    now += TimeUnit.SECONDS.toNanos(60);
    backoff.failed(now);
    assertThat(backoff.attempts()).isEqualTo(1);
  }
}
