package io.cryptofeed.connect.feed.trades;

import static io.cryptofeed.connect.feed.TradeWorld.FIRST;
import static io.cryptofeed.connect.feed.TradeWorld.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.feed.TradeGap.Loss;
import io.cryptofeed.connect.feed.TradeWorld;
import io.cryptofeed.connect.feed.TradeWorld.Fault;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Trades whose ids are consecutive. */
class TradeContinuityTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static TradeWorld world(Paging paging) {
    return new TradeWorld(TradeNumbering.CONSECUTIVE, paging, null);
  }

  private static TradeWorld withoutHistory() {
    return new TradeWorld(TradeNumbering.CONSECUTIVE, null, null);
  }

  private static TradeWorld world(Paging paging, BackfillOptions options) {
    return new TradeWorld(TradeNumbering.CONSECUTIVE, paging, null, options, 0);
  }

  private static BackfillOptions begins(@Nullable Duration age, @Nullable Long id) {
    return new BackfillOptions(true, Duration.ofHours(24), age, id, Duration.ofMinutes(5), 1_000);
  }

  private static BackfillOptions aged(Duration maxAge) {
    return new BackfillOptions(true, maxAge, null, null, Duration.ofMinutes(5), 1_000);
  }

  @Test
  void a_stream_without_a_fault_is_delivered_as_it_arrives() {
    TradeWorld world = world(Paging.FROM_ID);
    world.subscribed();
    world.live(50);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 49));
    assertThat(world.pages).isZero();
    assertThat(world.gaps).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void trades_of_an_interruption_are_delivered_before_live_trades(Paging paging) {
    TradeWorld world = world(paging);
    world.subscribed();
    world.live(3);
    world.interruption(35);
    world.live(4);
    assertThat(world.delivered).hasSize(3);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 41));
    assertThat(world.origins.subList(3, 38)).containsOnly(Origin.BACKFILL);
    assertThat(world.origins.subList(38, 42)).containsOnly(Origin.STREAM);
    assertThat(world.gaps)
        .singleElement()
        .satisfies(gap -> assertThat(gap.missing()).isEqualTo(35));
    assertThat(world.settled)
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.from()).isEqualTo(Long.toString(FIRST + 3));
              assertThat(gap.to()).isEqualTo(Long.toString(FIRST + 37));
              assertThat(gap.recovered()).isEqualTo(35);
              assertThat(gap.losses()).isEmpty();
            });
    assertThat(world.pages).isBetween(4, 6);
  }

  @ParameterizedTest
  @EnumSource
  void each_of_several_gaps_that_one_page_fills_is_reported(Paging paging) {
    TradeWorld world = world(paging);
    world.subscribed();
    world.live(2);
    world.unseen(2);
    world.live(1);
    world.unseen(1);
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 6));
    assertThat(world.gaps).extracting(TradeGap::missing).containsExactly(2L, 1L);
    assertThat(world.settled).extracting(TradeGap::recovered).containsExactly(2L, 1L);
  }

  @Test
  void a_history_of_only_the_newest_page_recovers_what_that_page_has() {
    TradeWorld world = world(Paging.NEWEST);
    world.subscribed();
    world.live(3);
    world.interruption(20);
    world.live(4);
    world.passes(MINUTE);

    assertThat(world.lost()).isEqualTo(ids(FIRST + 3, FIRST + 16));
    assertThat(world.missing()).isEqualTo(ids(FIRST + 3, FIRST + 22));
    assertThat(world.delivered.subList(3, world.delivered.size()))
        .isEqualTo(ids(FIRST + 17, FIRST + 26));
    assertThat(world.pages).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_restarted_task_resumes_after_its_last_trade(Paging paging) {
    TradeWorld world = world(paging);
    world.subscribed();
    world.live(5);
    world.restart();
    world.unseen(6);
    world.subscribed();
    world.live(2);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 12));
    assertThat(world.missing()).isEqualTo(ids(FIRST + 5, FIRST + 10));
    assertThat(world.lost()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_that_stays_silent_is_compared_with_the_history(Paging paging) {
    TradeWorld world = world(paging);
    world.subscribed();
    world.live(5);
    world.interruption(7);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 11));
    assertThat(world.missing()).isEqualTo(ids(FIRST + 5, FIRST + 11));

    int pages = world.pages;
    world.interruption(0);
    world.passes(MINUTE);
    assertThat(world.pages).isEqualTo(pages + 1);
    assertThat(world.settled).hasSize(1);
  }

  @Test
  void a_live_trade_in_sequence_needs_no_history() {
    TradeWorld world = world(Paging.FROM_ID);
    world.subscribed();
    world.live(5);
    world.interruption(0);
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.pages).isZero();
  }

  @Test
  void a_late_trade_is_awaited_and_not_reported_as_missing() {
    TradeWorld world = world(Paging.FROM_ID);
    world.live(2);
    Trade overtaken = world.happens();
    world.live(2);
    world.brings(overtaken);
    world.brings(overtaken);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 4));
    assertThat(world.duplicates).isEqualTo(1);
    assertThat(world.gaps).isEmpty();
    assertThat(world.pages).isZero();
  }

  @Test
  void a_late_trade_fills_a_part_of_the_gap() {
    TradeWorld world = world(Paging.FROM_ID);
    world.live(2);
    world.unseen(4);
    world.live(1);
    world.brings(world.trade(FIRST + 3));
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 6));
    assertThat(world.origins.get(3)).isEqualTo(Origin.STREAM);
    assertThat(world.missing()).isEqualTo(ids(FIRST + 2, FIRST + 5));
  }

  @Test
  void without_a_history_missing_trades_are_lost_with_exact_ids_after_a_wait() {
    TradeWorld world = withoutHistory();
    world.live(2);
    world.unseen(4);
    world.live(1);
    world.brings(world.trade(FIRST + 3));
    world.passes(MINUTE);

    assertThat(world.delivered).containsExactly(FIRST, FIRST + 1, FIRST + 3, FIRST + 6);
    assertThat(world.lost()).containsExactly(FIRST + 2, FIRST + 4, FIRST + 5);
    assertThat(world.gaps).singleElement().satisfies(gap -> assertThat(gap.missing()).isEqualTo(4));
    assertThat(world.settled)
        .singleElement()
        .satisfies(gap -> assertThat(gap.recovered()).isEqualTo(1));
  }

  @Test
  void announced_trades_that_the_stream_does_not_send_are_requested() {
    TradeWorld world = world(Paging.BEFORE_ID);
    world.subscribed();
    world.live(2);
    world.unseen(3);
    for (int second = 0; second < 5; second++) {
      world.announces(world.newest());
      world.passes(Duration.ofSeconds(1));
    }

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 4));
    assertThat(world.missing()).isEqualTo(ids(FIRST + 2, FIRST + 4));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void a_history_with_bad_responses_is_requested_again(Paging paging) {
    for (Fault fault : Fault.values()) {
      TradeWorld world = world(paging);
      world.subscribed();
      world.live(3);
      world.answers(fault, fault, Fault.FAILURE, fault);
      world.interruption(33);
      world.live(4);
      world.passes(Duration.ofMinutes(2));

      if (fault == Fault.REFUSAL) {
        assertThat(world.delivered.size() + world.lost().size()).isEqualTo(40);
        continue;
      }
      assertThat(world.delivered).as("after %s", fault).isEqualTo(ids(FIRST, FIRST + 39));
      assertThat(world.lost()).isEmpty();
    }
  }

  @Test
  void a_history_that_refuses_three_times_is_given_up() {
    TradeWorld world = world(Paging.FROM_ID);
    world.live(3);
    world.answers(Fault.REFUSAL, Fault.REFUSAL, Fault.REFUSAL);
    world.interruption(5);
    world.live(4);
    world.passes(MINUTE);

    assertThat(world.lost()).isEqualTo(ids(FIRST + 3, FIRST + 7));
    assertThat(world.settled.get(0).losses().get(0).reason()).contains("REFUSAL");
    assertThat(world.delivered).hasSize(7).doesNotHaveDuplicates();
  }

  @Test
  void retries_of_a_history_that_fails_end() {
    TradeWorld world = world(Paging.FROM_ID);
    world.live(3);
    world.answers(Collections.nCopies(1_000, Fault.FAILURE).toArray(Fault[]::new));
    world.interruption(5);
    world.live(4);
    world.passes(Duration.ofMinutes(4));
    assertThat(world.delivered).hasSize(3);
    world.passes(Duration.ofMinutes(2));

    assertThat(world.lost()).isEqualTo(ids(FIRST + 3, FIRST + 7));
    assertThat(world.delivered).hasSize(7);
  }

  @Test
  void trades_that_the_history_lacks_are_lost_and_no_others() {
    TradeWorld world = world(Paging.FROM_ID);
    world.live(3);
    world.interruption(25);
    world.forgetBefore(FIRST + 9);
    world.live(4);
    world.passes(MINUTE);

    assertThat(world.lost()).isEqualTo(ids(FIRST + 3, FIRST + 8));
    assertThat(world.missing()).isEqualTo(ids(FIRST + 3, FIRST + 27));
    assertThat(world.delivered.subList(3, world.delivered.size()))
        .isEqualTo(ids(FIRST + 9, FIRST + 31));
  }

  @Test
  void a_history_that_lacks_more_than_the_gap_does_not_lose_live_trades() {
    TradeWorld world = world(Paging.FROM_ID);
    world.live(3);
    world.unseen(5);
    world.live(2);
    world.unseen(20);
    world.live(1);
    world.forgetBefore(FIRST + 20);
    world.passes(MINUTE);

    List<Long> lost = new ArrayList<>(ids(FIRST + 3, FIRST + 7));
    lost.addAll(ids(FIRST + 10, FIRST + 19));
    assertThat(world.lost()).isEqualTo(lost);
    assertThat(world.delivered).hasSize(16).contains(FIRST + 8, FIRST + 9).isSorted();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void trades_of_one_time_are_distinguished_by_their_ids(Paging paging) {
    TradeWorld world = world(paging);
    world.subscribed();
    world.live(3);
    world.atOnce(() -> world.live(1));
    world.atOnce(() -> world.interruption(4));
    world.unseen(20);
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 28));
  }

  @Test
  void more_trades_of_one_time_than_a_page_has_are_lost_and_later_trades_are_not() {
    TradeWorld world = world(Paging.FROM_TIME);
    world.subscribed();
    world.live(3);
    world.atOnce(() -> world.unseen(25));
    world.unseen(6);
    world.live(1);
    world.passes(MINUTE);

    // The page of that time begins with the third trade.
    assertThat(world.lost()).isEqualTo(ids(FIRST + 12, FIRST + 27));
    assertThat(world.delivered.subList(0, 12)).isEqualTo(ids(FIRST, FIRST + 11));
    assertThat(world.delivered.subList(12, 19)).isEqualTo(ids(FIRST + 28, FIRST + 34));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void trades_older_than_the_maximum_age_are_lost(Paging paging) {
    TradeWorld world = world(paging, aged(Duration.ofMillis(700)));
    world.subscribed();
    world.live(3);
    world.interruption(200);
    world.live(1);
    world.passes(MINUTE);

    // The history is requested 300 ms after the live trade, which makes those before it 400 ms too
    // old.
    assertThat(world.lost()).isEqualTo(ids(FIRST + 3, FIRST + 162));
    assertThat(world.delivered.subList(3, world.delivered.size()))
        .isEqualTo(ids(FIRST + 163, FIRST + 203));
    assertThat(world.settled.get(0).losses().get(0).reason()).contains("backfill.max.age");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void an_instrument_may_start_in_the_past(Paging paging) {
    TradeWorld world = world(paging, begins(Duration.ofMillis(900), null));
    world.unseen(300);
    world.subscribed();
    world.live(3);
    world.passes(MINUTE);

    long first = world.delivered.get(0);
    assertThat(first).isBetween(FIRST + 200, FIRST + 270);
    assertThat(world.delivered).isEqualTo(ids(first, FIRST + 302));
    assertThat(world.lost()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void an_instrument_may_start_with_an_id(Paging paging) {
    TradeWorld world = world(paging, begins(null, FIRST + 4));
    world.unseen(30);
    world.subscribed();
    world.live(3);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST + 4, FIRST + 32));
  }

  @Test
  void a_starting_id_in_the_future_does_not_hold_the_stream() {
    TradeWorld world = world(Paging.FROM_ID, begins(null, FIRST + 400));
    world.subscribed();
    world.live(3);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 2));
  }

  @Test
  void a_starting_point_before_the_history_is_reported() {
    TradeWorld world = world(Paging.NEWEST, begins(Duration.ofMillis(900), null));
    world.unseen(300);
    world.subscribed();
    world.live(3);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST + 293, FIRST + 302));
    assertThat(world.settled).anySatisfy(gap -> assertThat(gap.losses()).isNotEmpty());
  }

  @Test
  void an_offset_of_another_id_space_resumes_at_its_time() {
    TradeWorld world =
        new TradeWorld(
            TradeNumbering.CONSECUTIVE,
            Paging.FROM_ID,
            new LastTrade("", Trade.NO_SEQUENCE, 1_700_000_000_500_000_000L));
    world.unseen(100);
    world.subscribed();
    world.live(3);
    world.passes(MINUTE);

    long first = world.delivered.get(0);
    assertThat(world.trade(first).eventNs()).isGreaterThanOrEqualTo(1_700_000_000_500_000_000L);
    assertThat(world.trade(first - 1).eventNs()).isLessThan(1_700_000_000_500_000_000L);
    assertThat(world.delivered).isEqualTo(ids(first, FIRST + 102));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void an_offset_of_another_id_space_that_is_too_old_is_reported(Paging paging) {
    TradeWorld world = world(paging, aged(Duration.ofMillis(700)));
    world.live(1);
    long lastTime = world.last().eventNs();
    world.unseen(200);
    world.restart(new LastTrade("", Trade.NO_SEQUENCE, lastTime));
    world.subscribed();
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.delivered.subList(1, world.delivered.size()))
        .isEqualTo(ids(FIRST + 161, FIRST + 201));
    assertThat(world.settled.get(0).losses())
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(loss.count()).isNull();
              assertThat(loss.to()).isEqualTo(Long.toString(FIRST + 161));
              assertThat(loss.reason()).contains("backfill.max.age");
            });
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void an_offset_without_a_time_is_bounded_by_the_maximum_age_too(Paging paging) {
    TradeWorld world = world(paging, aged(Duration.ofMillis(700)));
    world.unseen(201);
    world.restart(new LastTrade("", FIRST + 2, 0));
    world.subscribed();
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.lost()).startsWith(FIRST + 3).hasSizeBetween(157, 159);
    assertThat(world.delivered).isEqualTo(ids(FIRST + 3 + world.lost().size(), FIRST + 201));
    assertThat(world.settled.get(0).losses().get(0).reason()).contains("backfill.max.age");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void live_trades_that_cannot_be_held_are_requested_later(Paging paging) {
    BackfillOptions small =
        new BackfillOptions(true, Duration.ofHours(24), null, null, Duration.ofMinutes(5), 4);
    TradeWorld world = world(paging, small);
    world.subscribed();
    world.live(3);
    world.interruption(25);
    world.live(40);
    assertThat(world.limit.left()).isZero();
    world.passes(MINUTE);
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 68));
    assertThat(world.lost()).isEmpty();
    assertThat(world.limit.left()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void held_trades_are_delivered_in_portions_and_before_newer_live_trades(Paging paging) {
    TradeWorld world = world(paging);
    world.subscribed();
    world.live(3);
    world.interruption(2);
    int waiting = 2;
    while (waiting < 4 * TradeContinuity.PORTION && paging != Paging.NEWEST || waiting < 6) {
      world.live(1);
      waiting++;
    }
    world.passes(Duration.ofMillis(310));
    for (int i = 0; i < 50; i++) {
      world.live(7);
      world.brings(world.trade(world.newest() - 3));
      world.passes(Duration.ofMillis(1));
    }
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.lost()).isEmpty();
    assertThat(world.missing()).isEqualTo(ids(FIRST + 3, FIRST + 4));
    assertThat(world.duplicates).isEqualTo(50);
    assertThat(world.limit.left()).isEqualTo(BackfillOptions.DEFAULT.heldTrades());
  }

  @Test
  void live_trades_that_cannot_be_held_are_delivered_if_they_could_not_be_requested_later() {
    BackfillOptions small =
        new BackfillOptions(true, Duration.ofHours(24), null, null, Duration.ofMinutes(5), 4);
    TradeWorld world = world(Paging.NEWEST, small);
    world.subscribed();
    world.live(3);
    world.interruption(5);
    world.live(40);
    world.passes(MINUTE);

    assertThat(world.lost()).isEqualTo(ids(FIRST + 3, FIRST + 7));
    assertThat(world.delivered).hasSize(43).isSorted();
    assertThat(world.limit.left()).isEqualTo(4);
  }

  @Test
  void restarted_trade_ids_are_not_taken_for_duplicates() {
    TradeWorld world = world(Paging.FROM_ID);
    world.subscribed();
    world.live(5);
    world.passes(Duration.ofMinutes(5));
    List<Trade> young = new ArrayList<>();
    for (long id = 7; id < 12; id++) {
      Trade model = world.happens();
      young.add(
          new Trade(model.instrument())
              .set(
                  model.instrument(),
                  Long.toString(id),
                  id,
                  id,
                  Trade.NO_SEQUENCE,
                  model.side(),
                  0,
                  Origin.STREAM,
                  model.eventNs(),
                  model.receiveNs()));
    }
    young.forEach(world::brings);

    assertThat(world.delivered.subList(5, 10)).isEqualTo(ids(7, 11));
    assertThat(world.settled)
        .singleElement()
        .satisfies(gap -> assertThat(gap.losses()).extracting(Loss::count).containsOnlyNulls());
  }

  @Test
  void the_missing_parts_of_an_aggregate_are_requested_from_the_history() {
    TradeWorld world = world(Paging.FROM_ID);
    world.live(3);
    Trade first = world.happens();
    world.brings(first);
    Trade second = world.happens();
    Trade third = world.happens();
    Trade aggregate =
        new Trade(third.instrument())
            .set(
                third.instrument(),
                third.id(),
                first.sequence(),
                third.sequence(),
                Trade.NO_SEQUENCE,
                third.side(),
                3,
                Origin.STREAM,
                third.eventNs(),
                third.receiveNs());
    world.brings(aggregate);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, third.sequence()));
    assertThat(world.missing()).isEqualTo(ids(second.sequence(), third.sequence()));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NEWEST")
  void a_storm_of_faults_loses_nothing_that_the_history_has(Paging paging) {
    for (long seed = 0; seed < 300; seed++) {
      storm(paging, seed);
    }
  }

  private static void storm(Paging paging, long seed) {
    Random random = new Random(seed);
    BackfillOptions options =
        new BackfillOptions(
            true,
            Duration.ofHours(24),
            null,
            null,
            Duration.ofMinutes(5),
            random.nextBoolean() ? 5 : 1_000);
    TradeWorld world = new TradeWorld(TradeNumbering.CONSECUTIVE, paging, null, options, seed);
    List<Trade> delayed = new ArrayList<>();
    Fault[] bad = {Fault.FAILURE, Fault.EMPTY, Fault.STALE, Fault.SKIP, Fault.SHORT};
    world.subscribed();
    world.live(1);
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(12)) {
        case 0 -> world.unseen(random.nextInt(30));
        case 1 -> world.interruption(random.nextInt(30));
        case 2 -> delayed.add(world.happens());
        case 3 -> {
          delayed.forEach(world::brings);
          delayed.clear();
        }
        case 4 -> world.answers(bad[random.nextInt(bad.length)]);
        case 5 -> world.passes(Duration.ofMillis(random.nextInt(2_000)));
        case 6 -> world.restart();
        case 7 ->
            world.brings(world.trade(FIRST + random.nextInt((int) (world.newest() - FIRST) + 1)));
        case 8 -> world.answerWhile(() -> world.live(random.nextInt(20)));
        case 9 -> world.live(random.nextInt(200));
        default -> world.live(random.nextInt(8));
      }
    }
    world.subscribed();
    world.passes(Duration.ofMinutes(3));
    world.live(1);
    world.passes(Duration.ofMinutes(3));

    List<Long> all = new ArrayList<>(world.delivered);
    all.addAll(world.lost());
    assertThat(world.delivered).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
    assertThat(all)
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(ids(FIRST, world.newest()));
    assertThat(world.lost()).as("lost, seed %d", seed).isEmpty();
    for (TradeGap gap : world.settled) {
      long lost =
          gap.losses().stream().mapToLong(loss -> loss.count() == null ? 0 : loss.count()).sum();
      assertThat(gap.missing()).as("seed %d", seed).isEqualTo(gap.recovered() + lost);
    }
    assertThat(world.limit.left()).isEqualTo(options.heldTrades());
  }
}
