package io.cryptofeed.connect.feed;

import static io.cryptofeed.connect.feed.TradeContinuity.Verdict.DUPLICATE;
import static io.cryptofeed.connect.feed.TradeContinuity.Verdict.LATE;
import static io.cryptofeed.connect.feed.TradeContinuity.Verdict.NEW;
import static io.cryptofeed.connect.feed.TradeContinuity.Verdict.NEW_AFTER_GAP;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.feed.TradeContinuity.Gap;
import io.cryptofeed.connect.market.Trade;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TradeContinuityTest {

  private static final long GRACE = 5_000;

  private final TradeContinuity fresh = new TradeContinuity(Trade.NO_SEQUENCE, GRACE);

  @Test
  void the_first_trade_may_have_any_number() {
    assertThat(fresh.accept(1000, 1000, 0)).isEqualTo(NEW);
    assertThat(fresh.accept(1001, 1001, 0)).isEqualTo(NEW);
    assertThat(fresh.settled(Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void what_was_seen_is_a_duplicate() {
    fresh.accept(1000, 1000, 0);
    assertThat(fresh.accept(1000, 1000, 0)).isEqualTo(DUPLICATE);
    assertThat(fresh.accept(7, 7, 0)).isEqualTo(DUPLICATE);
  }

  @Test
  void a_gap_has_exact_bounds() {
    fresh.accept(1000, 1000, 0);
    assertThat(fresh.accept(1005, 1005, 0)).isEqualTo(NEW_AFTER_GAP);
    assertThat(fresh.newestGap().first()).isEqualTo(1001);
    assertThat(fresh.newestGap().last()).isEqualTo(1004);
    assertThat(fresh.newestGap().missing()).isEqualTo(4);
  }

  @Test
  void a_task_that_starts_again_sees_what_it_missed_in_between() {
    TradeContinuity resumed = new TradeContinuity(1000, GRACE);
    assertThat(resumed.accept(1000, 1000, 0)).isEqualTo(DUPLICATE);
    assertThat(resumed.accept(1003, 1003, 0)).isEqualTo(NEW_AFTER_GAP);
    assertThat(resumed.newestGap().missing()).isEqualTo(2);
  }

  @Test
  void a_late_trade_fills_its_gap_once() {
    fresh.accept(1, 1, 0);
    fresh.accept(5, 5, 0);
    assertThat(fresh.accept(3, 3, 1)).isEqualTo(LATE);
    assertThat(fresh.accept(3, 3, 1)).isEqualTo(DUPLICATE);

    List<Gap> settled = fresh.settled(GRACE);
    assertThat(settled).hasSize(1);
    assertThat(settled.get(0).recovered()).isEqualTo(1);
    assertThat(settled.get(0).open()).containsExactly(new long[] {2, 2}, new long[] {4, 4});
    assertThat(fresh.accept(2, 2, GRACE)).isEqualTo(DUPLICATE);
  }

  @Test
  void a_filled_gap_is_settled_at_once_and_an_open_one_after_its_grace() {
    fresh.accept(1, 1, 0);
    fresh.accept(3, 3, 0);
    fresh.accept(5, 5, 0);
    fresh.accept(2, 2, 0);

    assertThat(fresh.settled(1)).extracting(Gap::first).containsExactly(2L);
    assertThat(fresh.settled(GRACE - 1)).isEmpty();
    assertThat(fresh.settled(GRACE)).extracting(Gap::first).containsExactly(4L);
  }

  @Test
  void missing_is_always_recovered_plus_lost() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      TradeContinuity continuity = new TradeContinuity(0, GRACE);
      Set<Long> accepted = new HashSet<>();
      long missing = 0;
      long recovered = 0;
      long lost = 0;
      long highest = 0;
      for (int i = 0; i < 60; i++) {
        long sequence =
            random.nextInt(3) == 0
                ? 1 + random.nextInt((int) highest + 1)
                : highest + 1 + random.nextInt(4);
        switch (continuity.accept(sequence, sequence, i)) {
          case NEW, LATE -> assertThat(accepted.add(sequence)).isTrue();
          case NEW_AFTER_GAP -> {
            assertThat(accepted.add(sequence)).isTrue();
            missing += continuity.newestGap().missing();
          }
          case DUPLICATE -> assertThat(accepted).contains(sequence);
        }
        highest = Math.max(highest, sequence);
      }
      for (Gap gap : continuity.settled(GRACE + 60)) {
        recovered += gap.recovered();
        lost += gap.open().stream().mapToLong(range -> range[1] - range[0] + 1).sum();
      }
      assertThat(missing).isEqualTo(recovered + lost);
      assertThat(accepted).hasSize((int) (highest - lost));
    }
  }
}
