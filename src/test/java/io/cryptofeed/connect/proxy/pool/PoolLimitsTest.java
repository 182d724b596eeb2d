package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.forExchange;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.inRegion;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.pool.MemberState.OfExchange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an exchange's answers and budgets mean for the members. */
class PoolLimitsTest {

  private static boolean spends(PoolWorld world, String host, int weight) {
    return world.pool().spend(world.member(host), "binance", weight, world.now);
  }

  // Cool-downs.

  @Test
  void does_not_use_a_member_for_an_exchange_until_its_retry_after() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.answers("a", 429, Duration.ofMinutes(2));
    world.passSeconds(119);
    assertThat(world.pick()).isEqualTo("b");
    world.passSeconds(1);

    assertThat(world.pick()).isEqualTo("a");
    assertThat(world.told).contains("a cools down for binance 120 s after 429");
  }

  @Test
  void goes_on_using_the_member_for_other_exchanges() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.answers("a", 418, null);

    assertThat(world.pick(forExchange("okx"))).isEqualTo("a");
  }

  @Test
  void takes_the_configured_cool_down_where_the_exchange_names_none() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.answers("a", 418, null);
    world.answers("b", 418, Duration.ZERO);

    assertThat(world.told)
        .containsExactly(
            "a cools down for binance 60 s after 418", "b cools down for binance 60 s after 418");
  }

  @Test
  void cools_down_for_three_days_at_most() {
    PoolWorld world = PoolWorld.of("a");
    world.answers("a", 418, Duration.ofDays(400_000));

    assertThat(world.refusal(request()).retryAfter()).isEqualTo(Duration.ofDays(3));
  }

  @Test
  void never_shortens_a_cool_down() {
    PoolWorld world = PoolWorld.of("a");
    world.answers("a", 418, Duration.ofMinutes(10));
    world.answers("a", 429, Duration.ofSeconds(5));

    assertThat(world.refusal(request()).retryAfter()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void tells_of_a_cool_down_that_goes_on_only_when_it_grows_much_longer() {
    PoolWorld world = PoolWorld.of("a");
    world.answers("a", 429, Duration.ofMinutes(1));
    world.answers("a", 429, Duration.ofSeconds(61));
    assertThat(world.told).hasSize(1);
    world.answers("a", 418, Duration.ofMinutes(10));

    assertThat(world.told).hasSize(2);
  }

  @Test
  void leaves_other_statuses_alone() {
    PoolWorld world = PoolWorld.of("a");
    for (int status : new int[] {101, 200, 302, 400, 403, 404, 451, 500, 503}) {
      world.answers("a", status, Duration.ofMinutes(1));
    }

    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void does_not_take_a_member_for_fast_that_is_refused_fast() {
    PoolWorld world = PoolWorld.of("a");
    world.opens("a", request(), Duration.ofMillis(300));
    world.passSeconds(60);
    world.answers("a", 429, null);

    assertThat(world.state("a").ewmaNanos()).isEqualTo(Duration.ofMillis(300).toNanos());
  }

  // Rotation.

  @Test
  void leaves_a_whole_region_after_a_status_that_rotates() {
    PoolWorld world =
        PoolWorld.of(inRegion("a", "US"), inRegion("b", "US"), inRegion("c", "EU"))
            .rotatesOn(403, 451);
    world.answers("a", 451, null);

    assertThat(world.pick()).isEqualTo("c");
    assertThat(world.told)
        .startsWith(
            "a cools down for binance 60 s after 451, rotates",
            "b cools down for binance 60 s after 451, rotates");
  }

  @Test
  void leaves_a_region_for_the_one_exchange_only() {
    PoolWorld world = PoolWorld.of(inRegion("a", "US"), inRegion("b", "EU")).rotatesOn(451);
    world.answers("a", 451, null);

    assertThat(world.pick(forExchange("coinbase"))).isEqualTo("a");
  }

  @Test
  void leaves_only_the_one_member_where_members_have_no_regions() {
    PoolWorld world = PoolWorld.of("a", "b").rotatesOn(403);
    world.answers("a", 403, null);

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void leaves_no_region_after_a_status_that_only_cools_down() {
    PoolWorld world = PoolWorld.of(inRegion("a", "US"), inRegion("b", "US")).rotatesOn(403, 451);
    world.answers("a", 429, null);

    assertThat(world.pick()).isEqualTo("b");
  }

  // Weight.

  @Test
  void spends_what_the_budget_holds_and_no_more() {
    PoolWorld world = PoolWorld.of("a").weightPerMinute(100);

    assertThat(spends(world, "a", 60)).isTrue();
    assertThat(spends(world, "a", 41)).isFalse();
    assertThat(spends(world, "a", 40)).isTrue();
  }

  @Test
  void lets_the_budget_of_weight_slide() {
    PoolWorld world = PoolWorld.of("a").weightPerMinute(100);
    spends(world, "a", 60);
    world.passSeconds(30);
    spends(world, "a", 40);
    world.passSeconds(30);

    assertThat(spends(world, "a", 61)).isFalse();
    assertThat(spends(world, "a", 60)).isTrue();
  }

  @Test
  void spends_nothing_while_the_member_cools_down() {
    PoolWorld world = PoolWorld.of("a");
    world.answers("a", 429, null);

    assertThat(spends(world, "a", 1)).isFalse();
  }

  @Test
  void spends_nothing_through_a_member_that_is_unhealthy() {
    PoolWorld probed = PoolWorld.of("a");
    probed.probesFail("a");
    PoolWorld broken = PoolWorld.of("a");
    broken.breaks("a");

    assertThat(spends(probed, "a", 1)).isFalse();
    assertThat(spends(broken, "a", 1)).isFalse();
  }

  @Test
  void spends_through_what_is_open_while_a_circuit_is_tried() {
    PoolWorld world = PoolWorld.of("a");
    world.breaks("a");
    world.passSeconds(10);
    world.pool().opening(world.member("a"), request(), world.now);

    assertThat(spends(world, "a", 1)).isTrue();
  }

  @Test
  void spends_nothing_through_a_member_that_drains_or_was_disabled() {
    PoolWorld drained = PoolWorld.of("a");
    Member member = drained.member("a");
    drained.opens("a");
    drained.pool().setMembers(List.of(), drained.now);
    PoolWorld disabled = PoolWorld.of("a");
    disabled.pool().setMembers(List.of(PoolWorld.disabled("a")), disabled.now);

    assertThat(drained.pool().spend(member, "binance", 1, drained.now)).isFalse();
    assertThat(spends(disabled, "a", 1)).isFalse();
  }

  @Test
  void spends_without_limit_where_there_is_no_budget() {
    PoolWorld world = PoolWorld.of("a");

    assertThat(spends(world, "a", 1_000_000)).isTrue();
  }

  @Test
  void shows_what_each_exchange_has_used() {
    PoolWorld world = PoolWorld.of("a").weightPerMinute(100);
    world.works("a");
    spends(world, "a", 30);
    world.answers("a", 429, Duration.ofSeconds(5));

    assertThat(world.state("a").exchanges())
        .containsExactly(new OfExchange("binance", Duration.ofSeconds(5).toNanos(), 429, 1, 30));
  }
}
