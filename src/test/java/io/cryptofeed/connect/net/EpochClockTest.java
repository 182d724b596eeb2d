package io.cryptofeed.connect.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EpochClockTest {

  @Test
  void gives_the_wall_clock_time_in_nanoseconds() {
    long before = System.currentTimeMillis();
    long now = TimeUnit.NANOSECONDS.toMillis(EpochClock.nowNs());
    long after = System.currentTimeMillis();

    assertThat(now).isBetween(before, after);
  }

  @Test
  void is_finer_than_a_millisecond() {
    boolean finer = false;
    for (int i = 0; i < 1_000 && !finer; i++) {
      finer = EpochClock.nowNs() % 1_000_000 != 0;
    }

    assertThat(finer).isTrue();
  }
}
