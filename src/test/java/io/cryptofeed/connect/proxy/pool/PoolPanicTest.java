package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is done when too few members are healthy. */
class PoolPanicTest {

  @Test
  void uses_nobody_unhealthy_where_the_pool_does_not_panic() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.probesFail("a");
    world.breaks("b");

    assertThat(world.pick()).isEqualTo("none");
  }

  @Test
  void uses_all_when_less_than_the_share_is_healthy() {
    PoolWorld world = PoolWorld.of("a", "b", "c").panics();
    world.probesFail("a");
    world.probesFail("b");

    Pick pick = world.pool().pick(request(), List.of(), world.now);

    assertThat(pick).isEqualTo(new Pick.Chosen(world.member("a"), true));
    assertThat(world.told).contains("selected failover in panic");
  }

  @Test
  void does_not_panic_while_the_share_is_healthy() {
    PoolWorld world = PoolWorld.of("a", "b").panics();
    world.probesFail("a");

    Pick pick = world.pool().pick(request(), List.of(), world.now);

    assertThat(pick).isEqualTo(new Pick.Chosen(world.member("b"), false));
  }

  @Test
  void ignores_circuits_in_panic() {
    PoolWorld world = PoolWorld.of("a").panics();
    world.breaks("a");

    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void counts_no_disabled_members_for_the_share() {
    PoolWorld world =
        PoolWorld.of(
                PoolWorld.disabled("a"), PoolWorld.disabled("b"), PoolWorld.inRegion("c", null))
            .panics();

    Pick pick = world.pool().pick(request(), List.of(), world.now);

    assertThat(pick).isEqualTo(new Pick.Chosen(world.member("c"), false));
  }

  @Test
  void never_ignores_cool_downs_in_panic() {
    PoolWorld world = PoolWorld.of("a").panics();
    world.probesFail("a");
    world.answers("a", 418, null);

    assertThat(world.pick()).isEqualTo("none");
  }

  @Test
  void never_ignores_budgets_and_caps_in_panic() {
    PoolWorld connects = PoolWorld.of("a").panics().maxConnectsPer5m(1);
    connects.probesFail("a");
    connects.works("a");
    PoolWorld connections = PoolWorld.of("a").panics().maxConnections(1);
    connections.probesFail("a");
    connections.opens("a");

    assertThat(connects.pick()).isEqualTo("none");
    assertThat(connections.pick()).isEqualTo("none");
  }

  @Test
  void spends_the_weight_of_an_unhealthy_member_only_in_panic() {
    PoolWorld world = PoolWorld.of("a", "b", "c").panics();
    world.probesFail("a");
    assertThat(world.pool().spend(world.member("a"), "binance", 1, world.now)).isFalse();
    world.probesFail("b");

    assertThat(world.pool().spend(world.member("a"), "binance", 1, world.now)).isTrue();
  }
}
