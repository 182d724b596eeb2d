package io.cryptofeed.connect.feed.trades;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StartingPointTest {

  private static final long NOW_NS = 1_700_000_000_000_000_000L;

  private static StartingPoint initial(@Nullable Duration age, @Nullable Long id) {
    return StartingPoint.initial(
        new BackfillOptions(true, Duration.ofHours(24), age, id, Duration.ofMinutes(5), 10));
  }

  @Test
  void is_the_next_live_trade_by_default() {
    StartingPoint start = StartingPoint.initial(BackfillOptions.DEFAULT);

    assertThat(start.isTime()).isFalse();
    assertThat(start.isIdBefore(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void may_be_a_time_ago_which_moves_until_the_history_is_requested() {
    StartingPoint start = initial(Duration.ofSeconds(2), null);

    assertThat(start.isTime()).isTrue();
    assertThat(start.timeNs(NOW_NS)).isEqualTo(NOW_NS - 2_000_000_000L);
    assertThat(start.timeNs(NOW_NS + 5)).isEqualTo(NOW_NS - 1_999_999_995L);
  }

  @Test
  void may_be_an_id_that_is_lower_than_that_of_the_first_live_trade() {
    StartingPoint start = initial(null, 7L);

    assertThat(start.isIdBefore(8)).isTrue();
    assertThat(start.isIdBefore(7)).isFalse();
    assertThat(start.isTime()).isFalse();
  }

  @Test
  void is_the_time_of_a_last_trade_of_another_id_space() {
    StartingPoint start = StartingPoint.after(new LastTrade("", Trade.NO_SEQUENCE, NOW_NS - 30));

    assertThat(start.isTime()).isTrue();
    assertThat(start.timeNs(NOW_NS)).isEqualTo(NOW_NS - 30);
    assertThat(start.isIdBefore(Long.MAX_VALUE)).isFalse();
  }
}
