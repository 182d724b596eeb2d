package io.cryptofeed.connect.feed.trades;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenTradesTest {

  @Test
  void remembers_no_more_than_it_may_and_forgets_the_oldest() {
    SeenTrades seen = new SeenTrades(3);
    for (int id = 1; id <= 1_000; id++) {
      assertThat(seen.add(Integer.toString(id))).isTrue();
    }

    assertThat(seen.contains("997")).isFalse();
    assertThat(seen.contains("998")).isTrue();
    assertThat(seen.add("999")).isFalse();
    // An id that comes again does not push out others.
    assertThat(seen.contains("998")).isTrue();
    assertThat(seen.add("997")).isTrue();
    assertThat(seen.contains("998")).isFalse();
  }
}
