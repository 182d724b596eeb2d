package io.cryptofeed.connect.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {

  private static final String KEY = "api.binance.com direct";
  private static final long SECOND = 1_000_000_000L;

  /** How long a permit of a window of one second is used. */
  private static final long USED = SECOND + RateLimiter.SLACK.toNanos();

  @Test
  void allows_at_once_what_fits_into_the_window() {
    RateLimiter limiter = new RateLimiter(3, Duration.ofSeconds(1));

    assertThat(limiter.reserve(KEY, 1, 0)).isZero();
    assertThat(limiter.reserve(KEY, 2, 5)).isZero();
  }

  @Test
  void delays_until_enough_permits_have_left_the_window() {
    RateLimiter limiter = new RateLimiter(3, Duration.ofSeconds(1));
    limiter.reserve(KEY, 1, 0);
    limiter.reserve(KEY, 2, 100);

    assertThat(limiter.reserve(KEY, 2, 200)).isEqualTo(USED + 100 - 200);
  }

  @Test
  void does_not_let_a_cheap_action_overtake_an_expensive_one() {
    RateLimiter limiter = new RateLimiter(3, Duration.ofSeconds(1));
    limiter.reserve(KEY, 1, 0);
    limiter.reserve(KEY, 1, 500);
    long expensive = limiter.reserve(KEY, 3, 600);

    assertThat(expensive).isEqualTo(USED + 500 - 600);
    assertThat(limiter.reserve(KEY, 1, 600)).isEqualTo(expensive + USED);
  }

  @Test
  void limits_each_key_separately() {
    RateLimiter limiter = new RateLimiter(1, Duration.ofSeconds(1));
    limiter.reserve(KEY, 1, 0);

    assertThat(limiter.reserve("api.binance.com socks5://10.0.0.1:1080", 1, 0)).isZero();
  }

  @Test
  void allows_nothing_while_it_is_parked() {
    RateLimiter limiter = new RateLimiter(5, Duration.ofSeconds(1));
    limiter.park(KEY, 30 * SECOND);

    assertThat(limiter.reserve(KEY, 1, 10 * SECOND)).isEqualTo(20 * SECOND);
    assertThat(limiter.reserve(KEY, 1, 31 * SECOND)).isZero();
  }

  @Test
  void a_shorter_parking_does_not_end_a_longer_one() {
    RateLimiter limiter = new RateLimiter(5, Duration.ofSeconds(1));
    limiter.park(KEY, 30 * SECOND);
    limiter.park(KEY, 20 * SECOND);

    assertThat(limiter.reserve(KEY, 1, 10 * SECOND)).isEqualTo(20 * SECOND);
  }

  @Test
  void keeps_its_order_when_the_clock_wraps_around() {
    RateLimiter limiter = new RateLimiter(1, Duration.ofSeconds(1));
    long beforeTheWrap = Long.MAX_VALUE - 10;
    limiter.reserve(KEY, 1, beforeTheWrap);

    assertThat(limiter.reserve(KEY, 1, beforeTheWrap + 20)).isEqualTo(USED - 20);
  }

  @Test
  void rejects_a_request_that_exceeds_the_window() {
    RateLimiter limiter = new RateLimiter(3, Duration.ofSeconds(1));

    assertThatThrownBy(() -> limiter.reserve(KEY, 4, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 permits of " + KEY)
        .hasMessageContaining("limit is 3");
  }

  @Test
  void rejects_a_limit_that_allows_nothing() {
    assertThatThrownBy(() -> new RateLimiter(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RateLimiter(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void never_grants_more_than_the_limit_in_any_window_and_never_out_of_order(long seed) {
    Random random = new Random(seed);
    int limit = 1 + random.nextInt(20);
    long window = 1L + random.nextInt(1_000);
    RateLimiter limiter = new RateLimiter(limit, Duration.ofNanos(window));
    List<Grant> grants = new ArrayList<>();
    long now = random.nextLong();
    for (int i = 0; i < 2_000; i++) {
      now += random.nextInt(100);
      if (random.nextInt(200) == 0) {
        limiter.park(KEY, now + random.nextInt(5_000));
      }
      int permits = 1 + random.nextInt(limit);
      grants.add(new Grant(now + limiter.reserve(KEY, permits, now), permits));
    }

    for (int first = 0; first < grants.size(); first++) {
      long begin = grants.get(first).at();
      int inWindow = 0;
      for (int i = first; i < grants.size() && grants.get(i).at() - begin < window; i++) {
        inWindow += grants.get(i).permits();
      }
      assertThat(inWindow).isLessThanOrEqualTo(limit);
      if (first > 0) {
        assertThat(begin - grants.get(first - 1).at()).isNotNegative();
      }
    }
  }

  /** An exchange that counts arrivals strictly, behind a network that delays each differently. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void a_strict_exchange_refuses_nothing_although_delays_differ(long seed) {
    Random random = new Random(seed);
    int limit = 1 + random.nextInt(10);
    RateLimiter limiter = new RateLimiter(limit, Duration.ofSeconds(1));
    List<Long> arrivals = new ArrayList<>();
    long now = random.nextLong();
    for (int i = 0; i < 1_000; i++) {
      now += random.nextLong(SECOND / 5);
      long sent = now + limiter.reserve(KEY, 1, now);
      arrivals.add(sent + random.nextLong(RateLimiter.SLACK.toNanos()));
    }
    long begin = now;
    arrivals.sort((one, other) -> Long.compare(one - begin, other - begin));

    for (int i = limit; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i) - arrivals.get(i - limit)).isGreaterThan(SECOND);
    }
  }

  @Test
  void uses_the_whole_limit_under_constant_load() {
    RateLimiter limiter = new RateLimiter(10, Duration.ofSeconds(1));

    long wait = 0;
    for (int i = 0; i < 100; i++) {
      wait = limiter.reserve(KEY, 1, 0);
    }

    assertThat(wait).isEqualTo(9 * USED);
  }

  @Test
  void gives_each_of_many_threads_its_own_turn() throws InterruptedException {
    RateLimiter limiter = new RateLimiter(1, Duration.ofSeconds(1));
    ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(4);
    for (int t = 0; t < 4; t++) {
      new Thread(
              () -> {
                for (int i = 0; i < 250; i++) {
                  waits.add(limiter.reserve(KEY, 1, 0));
                }
                done.countDown();
              })
          .start();
    }
    done.await();

    assertThat(waits).hasSize(1_000).doesNotHaveDuplicates().contains(0L, 999 * USED);
  }

  private record Grant(long at, int permits) {}
}
