package io.cryptofeed.connect.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final CircuitBreaker circuit =
      new CircuitBreaker(CircuitSettings.DEFAULT, new SplittableRandom(7));
  private long now = Long.MAX_VALUE - 30 * SECOND;

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      circuit.begin(now);
      circuit.failed(now);
    }
  }

  private void succeed(int times) {
    for (int i = 0; i < times; i++) {
      circuit.begin(now);
      circuit.succeeded(now);
    }
  }

  private void waitUntilHalfOpen() {
    now += circuit.nanosLeft(now);
  }

  @Test
  void opens_after_so_many_failures_in_a_row() {
    fail(4);
    assertThat(circuit.state(now)).isEqualTo(Circuit.CLOSED);
    fail(1);

    assertThat(circuit.state(now)).isEqualTo(Circuit.OPEN);
    assertThat(circuit.permits(now)).isFalse();
  }

  @Test
  void counts_failures_in_a_row_anew_after_a_success() {
    succeed(10);
    fail(4);
    succeed(1);
    fail(4);

    assertThat(circuit.state(now)).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void opens_when_too_large_a_share_fails() {
    succeed(3);
    fail(2);
    assertThat(circuit.state(now)).isEqualTo(Circuit.CLOSED);
    fail(1);

    assertThat(circuit.state(now)).isEqualTo(Circuit.OPEN);
  }

  @Test
  void judges_no_share_of_too_few_attempts() {
    fail(3);
    succeed(1);

    assertThat(circuit.state(now)).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void forgets_what_was_before_the_window() {
    fail(3);
    succeed(1);
    now += 61 * SECOND;
    succeed(3);
    fail(2);

    assertThat(circuit.state(now)).isEqualTo(Circuit.CLOSED);
    assertThat(circuit.successRatio(now)).isEqualTo(0.6);
  }

  @Test
  void lets_so_many_attempts_through_when_half_open() {
    fail(5);
    waitUntilHalfOpen();
    assertThat(circuit.state(now)).isEqualTo(Circuit.HALF_OPEN);
    assertThat(circuit.permits(now)).isTrue();
    circuit.begin(now);

    assertThat(circuit.permits(now)).isFalse();
  }

  @Test
  void says_once_that_it_is_half_open() {
    CircuitBreaker generous =
        new CircuitBreaker(
            new CircuitSettings(
                1, 50, 5, Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(5), 2),
            new SplittableRandom(7));
    generous.failed(now);
    now += generous.nanosLeft(now);

    assertThat(generous.begin(now)).isTrue();
    assertThat(generous.begin(now)).isFalse();
    assertThat(generous.permits(now)).isFalse();
  }

  @Test
  void lets_the_next_through_when_an_attempt_says_nothing() {
    fail(5);
    waitUntilHalfOpen();
    circuit.begin(now);
    circuit.withdraw();

    assertThat(circuit.permits(now)).isTrue();
  }

  @Test
  void lets_the_next_through_when_an_attempt_was_given_up() {
    fail(5);
    waitUntilHalfOpen();
    circuit.begin(now);
    now += circuit.openFor().toNanos();
    assertThat(circuit.permits(now)).isFalse();
    now++;

    assertThat(circuit.permits(now)).isTrue();
    circuit.begin(now);
    assertThat(circuit.permits(now)).isFalse();
  }

  @Test
  void closes_after_a_success_when_half_open() {
    fail(5);
    waitUntilHalfOpen();
    circuit.begin(now);

    assertThat(circuit.succeeded(now)).isTrue();
    assertThat(circuit.state(now)).isEqualTo(Circuit.CLOSED);
    fail(4);
    assertThat(circuit.state(now)).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void stays_open_after_the_late_success_of_an_earlier_attempt() {
    fail(5);

    assertThat(circuit.succeeded(now)).isFalse();
    assertThat(circuit.state(now)).isEqualTo(Circuit.OPEN);
  }

  @Test
  void stays_open_twice_as_long_each_time_with_equal_jitter_up_to_the_most() {
    fail(5);
    long full = 10 * SECOND;
    for (int times = 0; times < 12; times++) {
      assertThat(circuit.openFor().toNanos()).isBetween(full / 2, full);
      assertThat(circuit.nanosLeft(now)).isEqualTo(circuit.openFor().toNanos());
      full = Math.min(2 * full, 300 * SECOND);
      waitUntilHalfOpen();
      fail(1);
    }
  }

  @Test
  void jitters() {
    CircuitBreaker other = new CircuitBreaker(CircuitSettings.DEFAULT, new SplittableRandom(8));
    fail(5);
    for (int i = 0; i < 5; i++) {
      other.failed(now);
    }

    assertThat(other.openFor()).isNotEqualTo(circuit.openFor());
  }

  @Test
  void starts_with_the_shortest_time_again_after_a_success() {
    fail(5);
    waitUntilHalfOpen();
    fail(1);
    waitUntilHalfOpen();
    succeed(1);
    fail(5);

    assertThat(circuit.openFor()).isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void keeps_to_the_most_however_long_that_is() {
    CircuitBreaker patient =
        new CircuitBreaker(
            new CircuitSettings(
                1, 50, 5, Duration.ofMinutes(1), Duration.ofDays(1), Duration.ofDays(30), 1),
            new SplittableRandom(7));
    for (int i = 0; i < 40; i++) {
      patient.failed(now);
      now += patient.nanosLeft(now);
    }

    assertThat(patient.openFor()).isBetween(Duration.ofDays(15), Duration.ofDays(30));
  }
}
