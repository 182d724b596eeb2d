package io.cryptofeed.connect.feed.trades;

import static io.cryptofeed.connect.feed.TradeWorld.FIRST;
import static io.cryptofeed.connect.feed.TradeWorld.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.TradeWorld;
import io.cryptofeed.connect.feed.TradeWorld.Fault;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Trades whose ids are not consecutive, at an exchange whose history has only the newest ones. */
class UnsequencedTradesTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static TradeWorld world(TradeNumbering numbering) {
    return new TradeWorld(numbering, Paging.NEWEST, null);
  }

  private static TradeWorld world(TradeNumbering numbering, BackfillOptions options) {
    return new TradeWorld(numbering, Paging.NEWEST, null, options, 0);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void an_undisturbed_stream_requests_nothing(TradeNumbering numbering) {
    TradeWorld world = world(numbering);
    world.subscribed();
    world.live(30);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 29));
    assertThat(world.pages).isZero();
    assertThat(world.gaps).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void trades_of_an_interruption_are_delivered_before_live_trades(TradeNumbering numbering) {
    TradeWorld world = world(numbering);
    world.subscribed();
    world.live(4);
    world.interruption(5);
    world.live(2);
    assertThat(world.delivered).hasSize(4);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 10));
    assertThat(world.origins.subList(4, 9)).containsOnly(Origin.BACKFILL);
    // The page has the live ones, too, which were never missing.
    assertThat(world.origins.subList(9, 11)).containsOnly(Origin.STREAM);
    assertThat(world.pages).isEqualTo(1);
    assertThat(world.settled)
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.from()).isEqualTo(Long.toString(FIRST + 4));
              assertThat(gap.missing()).isEqualTo(gap.recovered());
              assertThat(gap.losses()).isEmpty();
            });
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void an_interruption_without_trades_is_not_a_gap(TradeNumbering numbering) {
    TradeWorld world = world(numbering);
    world.subscribed();
    world.live(4);
    world.interruption(0);
    world.passes(MINUTE);
    world.live(3);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 6));
    assertThat(world.pages).isEqualTo(1);
    assertThat(world.gaps).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void a_page_that_does_not_reach_back_leaves_an_unknown_number_missing(TradeNumbering numbering) {
    TradeWorld world = world(numbering);
    world.subscribed();
    world.live(4);
    world.interruption(25);
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.delivered.subList(4, world.delivered.size()))
        .isEqualTo(ids(FIRST + 20, FIRST + 29));
    assertThat(world.settled)
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.missing()).isNull();
              // The tenth has come on the stream.
              assertThat(gap.recovered()).isEqualTo(9);
              assertThat(gap.losses())
                  .singleElement()
                  .satisfies(
                      loss -> {
                        assertThat(loss.count()).isNull();
                        assertThat(loss.from()).isEqualTo(Long.toString(FIRST + 3));
                        assertThat(loss.to()).isEqualTo(Long.toString(FIRST + 20));
                        assertThat(loss.reason()).contains("does not reach back");
                      });
            });
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void a_trade_of_the_history_that_cannot_be_read_costs_only_itself_and_is_reported(
      TradeNumbering numbering) {
    TradeWorld world = world(numbering);
    world.subscribed();
    world.live(4);
    world.damages(FIRST + 6);
    world.interruption(5);
    world.live(2);
    world.passes(MINUTE);

    List<Long> others = new ArrayList<>(ids(FIRST, FIRST + 10));
    others.remove(FIRST + 6);
    assertThat(world.delivered).isEqualTo(others);
    assertThat(world.pages).isEqualTo(1);
    assertThat(world.settled)
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.recovered()).isEqualTo(4);
              assertThat(gap.losses())
                  .singleElement()
                  .satisfies(
                      loss -> {
                        assertThat(loss.count()).isNull();
                        assertThat(loss.reason())
                            .contains("cannot be read: field price of trade")
                            .contains("is not a number");
                      });
            });
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void a_restarted_task_resumes_after_its_last_trade(TradeNumbering numbering) {
    TradeWorld world = world(numbering);
    world.subscribed();
    world.live(5);
    world.restart();
    world.unseen(6);
    world.subscribed();
    world.passes(MINUTE);
    world.live(2);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 12));
    assertThat(world.settled)
        .singleElement()
        .satisfies(gap -> assertThat(gap.recovered()).isEqualTo(6));
  }

  @Test
  void increasing_ids_show_what_is_newer_if_the_history_lacks_the_last_trade() {
    TradeWorld world = world(TradeNumbering.INCREASING);
    world.subscribed();
    world.live(5);
    LastTrade last = world.last();
    world.unseen(3);
    world.forgetBefore(FIRST + 6);
    world.restart(new LastTrade(last.id(), last.sequence(), 0));
    world.subscribed();
    world.passes(MINUTE);

    assertThat(world.delivered.subList(5, 7)).isEqualTo(ids(FIRST + 6, FIRST + 7));
    assertThat(world.settled).singleElement().satisfies(gap -> assertThat(gap.losses()).hasSize(1));
  }

  @Test
  void times_show_what_is_newer_if_ids_do_not() {
    TradeWorld world = world(TradeNumbering.UNORDERED);
    world.subscribed();
    world.live(5);
    LastTrade last = world.last();
    world.unseen(3);
    world.restart(new LastTrade("unknown", last.sequence(), last.eventNs()));
    world.subscribed();
    world.passes(MINUTE);

    // The last trade itself has the time of the offset, and may be another one of that time.
    assertThat(world.delivered.subList(5, 9)).isEqualTo(ids(FIRST + 4, FIRST + 7));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void duplicates_are_dropped(TradeNumbering numbering) {
    TradeWorld world = world(numbering);
    world.subscribed();
    world.live(4);
    world.interruption(2);
    world.brings(world.trade(FIRST + 2));
    world.brings(world.trade(FIRST + 3));
    world.passes(MINUTE);
    world.brings(world.trade(FIRST + 5));
    world.brings(world.trade(FIRST + 1));

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 5));
    assertThat(world.duplicates).isEqualTo(4);
  }

  @Test
  void the_history_is_requested_again_after_a_failure() {
    TradeWorld world = world(TradeNumbering.UNORDERED);
    world.subscribed();
    world.live(4);
    world.answers(Fault.FAILURE, Fault.FAILURE, Fault.EMPTY, Fault.REFUSAL);
    world.interruption(3);
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 7));
    assertThat(world.pages).isEqualTo(5);
    assertThat(world.settled).allSatisfy(gap -> assertThat(gap.losses()).isEmpty());
  }

  @Test
  void a_history_that_refuses_is_reported_and_held_trades_are_delivered() {
    TradeWorld world = world(TradeNumbering.UNORDERED);
    world.subscribed();
    world.live(4);
    world.answers(Fault.REFUSAL, Fault.REFUSAL, Fault.REFUSAL);
    world.interruption(3);
    world.live(2);
    world.passes(MINUTE);

    assertThat(world.delivered.subList(4, 6)).isEqualTo(ids(FIRST + 7, FIRST + 8));
    assertThat(world.settled)
        .singleElement()
        .satisfies(
            gap ->
                assertThat(gap.losses())
                    .singleElement()
                    .satisfies(
                        loss -> assertThat(loss.reason()).contains("the response was REFUSAL")));
    assertThat(world.limit.left()).isEqualTo(BackfillOptions.DEFAULT.heldTrades());
  }

  @Test
  void an_empty_history_is_reported() {
    TradeWorld world = world(TradeNumbering.INCREASING);
    world.subscribed();
    world.live(4);
    world.answers(Fault.EMPTY, Fault.EMPTY, Fault.EMPTY);
    world.interruption(3);
    world.live(2);
    world.passes(MINUTE);

    assertThat(world.delivered.subList(4, 6)).isEqualTo(ids(FIRST + 7, FIRST + 8));
    assertThat(world.settled)
        .singleElement()
        .satisfies(
            gap ->
                assertThat(gap.losses())
                    .singleElement()
                    .satisfies(loss -> assertThat(loss.reason()).contains("empty")));
  }

  @Test
  void without_a_history_an_interruption_is_reported_as_soon_as_the_stream_continues() {
    TradeWorld world = new TradeWorld(TradeNumbering.UNORDERED, null, null);
    world.subscribed();
    world.live(4);
    world.interruption(3);
    world.live(2);
    world.passes(MINUTE);

    assertThat(world.delivered).hasSize(6);
    assertThat(world.settled).singleElement().satisfies(gap -> assertThat(gap.missing()).isNull());
  }

  @Test
  void more_live_trades_than_may_be_held_are_delivered_without_the_history() {
    TradeWorld world =
        world(
            TradeNumbering.UNORDERED,
            new BackfillOptions(true, Duration.ofHours(24), null, null, MINUTE, 5));
    world.subscribed();
    world.live(4);
    world.interruption(3);
    world.live(8);

    assertThat(world.delivered.subList(4, world.delivered.size()))
        .isEqualTo(ids(FIRST + 7, FIRST + 14));
    assertThat(world.settled)
        .singleElement()
        .satisfies(
            gap ->
                assertThat(gap.losses())
                    .singleElement()
                    .satisfies(loss -> assertThat(loss.reason()).contains("more live trades")));
    assertThat(world.limit.left()).isEqualTo(5);
  }

  @Test
  void held_trades_are_delivered_in_portions_and_before_newer_live_trades() {
    TradeWorld world = world(TradeNumbering.UNORDERED);
    world.subscribed();
    world.live(4);
    world.disconnected();
    world.subscribed();
    world.live(TradeWorld.PAGE - 2);
    Trade inThePage = world.trade(world.newest());
    world.passes(Duration.ofMillis(310));
    world.brings(inThePage);
    world.disconnected();
    world.subscribed();
    int before = world.delivered.size();
    world.answers(Fault.FAILURE, Fault.REFUSAL, Fault.REFUSAL, Fault.REFUSAL);
    world.live(4 * TradeContinuity.PORTION);
    assertThat(world.delivered).hasSize(before);
    world.passes(Duration.ofSeconds(10));
    for (int i = 0; i < 50; i++) {
      world.live(7);
      world.brings(world.trade(world.newest() - 3));
      world.passes(Duration.ofMillis(1));
    }
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.limit.left()).isEqualTo(BackfillOptions.DEFAULT.heldTrades());
  }

  @Test
  void an_instrument_may_start_in_the_past() {
    TradeWorld world =
        world(
            TradeNumbering.UNORDERED,
            new BackfillOptions(
                true, Duration.ofHours(24), Duration.ofHours(1), null, MINUTE, 100));
    world.unseen(6);
    world.subscribed();
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, FIRST + 6));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void storms_of_faults_lose_nothing_that_the_newest_page_has(TradeNumbering numbering) {
    for (int seed = 0; seed < 300; seed++) {
      TradeWorld world = world(numbering);
      Random random = new Random(seed);
      world.subscribed();
      world.live(1 + random.nextInt(8));
      for (int round = 0; round < 6; round++) {
        if (random.nextBoolean()) {
          world.restart();
        } else {
          world.disconnected();
        }
        if (random.nextBoolean()) {
          world.answers(Fault.FAILURE, Fault.EMPTY);
        }
        world.unseen(random.nextInt(TradeWorld.PAGE - 4));
        world.subscribed();
        world.live(random.nextInt(3));
        if (random.nextBoolean()) {
          Trade again = world.trade(world.newest());
          world.brings(again);
        }
        world.passes(Duration.ofSeconds(30));
      }
      world.live(1);
      world.passes(MINUTE);

      assertThat(world.delivered).as("seed %d", seed).isEqualTo(ids(FIRST, world.newest()));
      assertThat(world.settled).allSatisfy(gap -> assertThat(gap.losses()).isEmpty());
    }
  }
}
