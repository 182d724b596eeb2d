package io.cryptofeed.connect.feed.trades;

import static io.cryptofeed.connect.feed.TradeWorld.FIRST;
import static io.cryptofeed.connect.feed.TradeWorld.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.feed.TradeWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A trade whose id the exchange cannot have given it stops no other trade, and no other trade is
 * lost or taken for a duplicate because of it.
 */
class ImpossibleTradeIdsTest {

  private static final long ROGUE = 9_000_000_000L;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** How the history is requested; null for none. */
  static Stream<@Nullable Paging> histories() {
    return Stream.concat(Stream.of(Paging.values()), Stream.of((Paging) null));
  }

  private static TradeWorld world(@Nullable Paging paging) {
    TradeWorld world = new TradeWorld(TradeNumbering.CONSECUTIVE, paging, null);
    world.subscribed();
    return world;
  }

  @ParameterizedTest
  @MethodSource("histories")
  void an_id_far_ahead_costs_its_own_trade(@Nullable Paging paging) {
    TradeWorld world = world(paging);
    world.live(3);
    world.bringsImpossible(ROGUE);
    for (int i = 0; i < 2_000; i++) {
      world.live(1, Duration.ofMillis(20));
      assertThat(world.delivered).as("no trade waits").endsWith(world.newest());
    }

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.lost()).containsExactly(ROGUE);
    assertThat(world.missing()).containsExactly(ROGUE);
    assertThat(world.duplicates).isZero();
    assertThat(world.last().sequence()).isEqualTo(world.newest());
  }

  @ParameterizedTest
  @MethodSource("histories")
  void several_ids_far_ahead_cost_their_own_trades(@Nullable Paging paging) {
    TradeWorld world = world(paging);
    world.live(3);
    world.bringsImpossible(ROGUE);
    world.bringsImpossible(ROGUE - 5_000_000);
    world.live(200, Duration.ofMillis(20));
    world.bringsImpossible(Long.MAX_VALUE - 1);
    world.live(500, Duration.ofMillis(20));

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.lost()).containsExactly(ROGUE - 5_000_000, ROGUE, Long.MAX_VALUE - 1);
    assertThat(world.duplicates).isZero();
  }

  @ParameterizedTest
  @MethodSource("histories")
  void a_market_with_a_trade_every_few_seconds_goes_on(@Nullable Paging paging) {
    TradeWorld world = world(paging);
    world.live(3);
    world.bringsImpossible(ROGUE);
    world.live(30, Duration.ofSeconds(3));

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.lost()).containsExactly(ROGUE);
  }

  @ParameterizedTest
  @MethodSource("histories")
  void an_id_a_little_ahead_costs_its_own_trade(@Nullable Paging paging) {
    TradeWorld world = world(paging);
    world.live(3);
    world.bringsImpossible(world.newest() + 900);
    world.live(800, Duration.ofMillis(100));

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.lost()).containsExactly(FIRST + 2 + 900);
  }

  @ParameterizedTest
  @MethodSource("histories")
  void an_impossible_announcement_costs_nothing(@Nullable Paging paging) {
    TradeWorld world = world(paging);
    world.live(3);
    world.announces(ROGUE);
    world.passes(Duration.ofMillis(100));
    world.announces(ROGUE);
    world.live(500, Duration.ofMillis(100));

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.lost()).isEmpty();
    assertThat(world.duplicates).isZero();
  }

  @ParameterizedTest
  @MethodSource("histories")
  void the_first_id_of_all_may_be_impossible(@Nullable Paging paging) {
    TradeWorld world = world(paging);
    world.bringsImpossible(ROGUE);
    world.live(200, Duration.ofMillis(20));

    assertThat(world.delivered.subList(1, world.delivered.size()))
        .isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.duplicates).isZero();
  }

  @ParameterizedTest
  @MethodSource("histories")
  void a_newer_trade_with_a_used_id_is_lost_and_reported(@Nullable Paging paging) {
    TradeWorld world = world(paging);
    world.live(200, Duration.ofMillis(20));
    world.passes(Duration.ofSeconds(5));
    world.bringsImpossible(5);
    world.live(200, Duration.ofMillis(20));

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.lost()).containsExactly(5L);
    assertThat(world.duplicates).isZero();
  }

  @ParameterizedTest
  @MethodSource("histories")
  void used_ids_minutes_apart_do_not_restart_the_ids(@Nullable Paging paging) {
    TradeWorld world = world(paging);
    for (long id = 5; id < 20; id++) {
      world.live(20, Duration.ofMillis(20));
      world.passes(MINUTE.multipliedBy(2));
      world.bringsImpossible(id);
    }
    world.live(20, Duration.ofMillis(20));

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.lost()).isEqualTo(ids(5, 19));
  }

  @Test
  void a_gap_of_many_trades_before_one_live_trade_is_filled() {
    TradeWorld world = world(Paging.FROM_ID);
    world.live(3);
    world.interruption(5_000);
    world.live(1);
    world.passes(MINUTE);

    assertThat(world.delivered).isEqualTo(ids(FIRST, world.newest()));
    assertThat(world.missing()).isEqualTo(ids(FIRST + 3, FIRST + 5_002));
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void trades_that_are_missing_below_an_impossible_id_are_recovered() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      TradeWorld world = world(Paging.FROM_ID);
      world.live(3);
      List<Long> rogues = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        if (random.nextInt(4) == 0) {
          rogues.add(ROGUE + random.nextInt(1_000_000));
          world.bringsImpossible(rogues.get(rogues.size() - 1));
        }
        if (random.nextInt(3) == 0) {
          world.unseen(1 + random.nextInt(20));
        }
        world.live(1 + random.nextInt(30), Duration.ofMillis(20));
      }
      world.live(200, Duration.ofMillis(200));

      assertThat(world.delivered).as("seed " + seed).isEqualTo(ids(FIRST, world.newest()));
      assertThat(world.lost())
          .as("seed " + seed)
          .containsExactlyElementsOf(rogues.stream().sorted().toList());
      assertThat(world.duplicates).as("seed " + seed).isZero();
    }
  }
}
