package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.TARGET;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.TOOK;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.settings.HealthSettings.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What probes say of the members. */
class PoolProbeTest {

  private static void probe(PoolWorld world, int times, FailureKind kind, boolean isOfExchange) {
    for (int i = 0; i < times; i++) {
      world.pool().probed(world.member("a"), kind, TOOK, TARGET, isOfExchange, world.now);
    }
  }

  @Test
  void takes_members_for_healthy_before_the_first_probe() {
    assertThat(PoolWorld.of("a").state("a").healthy()).isTrue();
  }

  @Test
  void takes_a_member_for_unhealthy_when_so_many_probes_in_a_row_fail() {
    PoolWorld world = PoolWorld.of("a");
    probe(world, 2, FailureKind.PROXY_DOWN, true);
    assertThat(world.state("a").healthy()).isTrue();
    probe(world, 1, FailureKind.PROXY_DOWN, true);

    assertThat(world.state("a").healthy()).isFalse();
    assertThat(world.pick()).isEqualTo("none");
    assertThat(world.told)
        .containsExactly("a unhealthy: its probes fail, the last one with proxy_down");
  }

  @Test
  void counts_probes_that_fail_anew_after_one_that_succeeds() {
    PoolWorld world = PoolWorld.of("a");
    probe(world, 2, FailureKind.PROXY_DOWN, true);
    world.probed("a", null);
    probe(world, 2, FailureKind.PROXY_DOWN, true);

    assertThat(world.state("a").healthy()).isTrue();
  }

  @Test
  void takes_a_member_for_healthy_again_when_so_many_probes_in_a_row_succeed() {
    PoolWorld world = PoolWorld.of("a");
    world.probesFail("a");
    world.probed("a", null);
    assertThat(world.state("a").healthy()).isFalse();
    world.probed("a", null);

    assertThat(world.state("a").healthy()).isTrue();
    assertThat(world.told).last().isEqualTo("a healthy: its probes succeed");
  }

  @Test
  void tells_of_a_change_once() {
    PoolWorld world = PoolWorld.of("a");
    world.probesFail("a");
    world.probesFail("a");

    assertThat(world.told).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"TARGET", "AMBIGUOUS"})
  void holds_the_outage_of_an_exchange_against_nobody(FailureKind kind) {
    PoolWorld world = PoolWorld.of("a", "b");
    probe(world, 10, kind, true);

    assertThat(world.state("a").healthy()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"TARGET", "AMBIGUOUS"})
  void counts_a_probe_that_fails_where_that_of_another_reaches_the_exchange(FailureKind kind) {
    PoolWorld world = PoolWorld.of("a", "b");
    world.probed("b", null);
    probe(world, 3, kind, true);

    assertThat(world.state("a").healthy()).isFalse();
  }

  @Test
  void counts_a_probe_that_fails_where_a_connection_of_another_reached_the_exchange() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.works("b");
    probe(world, 3, FailureKind.AMBIGUOUS, true);

    assertThat(world.state("a").healthy()).isFalse();
  }

  @Test
  void needs_no_evidence_where_the_target_is_no_exchange() {
    PoolWorld world = PoolWorld.of("a");
    probe(world, 3, FailureKind.AMBIGUOUS, false);

    assertThat(world.state("a").healthy()).isFalse();
  }

  @Test
  void learns_from_a_probe_which_exchange_a_proxy_forbids() {
    PoolWorld world = PoolWorld.of("a", "b");
    probe(world, 3, FailureKind.PROXY_DENIED, true);

    assertThat(world.state("a").healthy()).isTrue();
    assertThat(world.pick()).isEqualTo("b");
    world.probed("a", null);
    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void takes_a_member_for_unhealthy_at_once_when_it_refuses_the_credentials_of_a_probe() {
    PoolWorld world = PoolWorld.of("a");
    probe(world, 1, FailureKind.PROXY_AUTH, true);

    assertThat(world.state("a").healthy()).isFalse();
    world.probed("a", null);
    assertThat(world.state("a").healthy()).isTrue();
  }

  @Test
  void does_not_believe_that_credentials_are_accepted_by_a_probe_that_shows_none() {
    PoolWorld world = PoolWorld.of("a").probedBy(Method.TCP);
    world.fails("a", FailureKind.PROXY_AUTH);
    world.probed("a", null);

    assertThat(world.state("a").healthy()).isFalse();
  }

  @Test
  void takes_no_probe_for_a_witness_that_does_not_go_through_the_proxy() {
    PoolWorld world = PoolWorld.of("a", "b").probedBy(Method.TCP);
    world.probed("b", null);
    for (int i = 0; i < 5; i++) {
      world.fails("a", FailureKind.AMBIGUOUS);
    }

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void closes_a_circuit_that_is_half_open() {
    PoolWorld world = PoolWorld.of("a");
    world.breaks("a");
    world.probed("a", null);
    assertThat(world.state("a").circuit()).isEqualTo(Circuit.OPEN);
    world.passSeconds(10);
    world.probed("a", null);

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
    assertThat(world.told).last().isEqualTo("a circuit CLOSED");
  }

  @Test
  void opens_a_circuit_that_is_half_open() {
    PoolWorld world = PoolWorld.of("a");
    world.breaks("a");
    world.passSeconds(10);
    probe(world, 1, FailureKind.PROXY_DOWN, true);

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.OPEN);
  }

  @Test
  void hides_no_failures_of_connections_behind_probes_that_succeed() {
    PoolWorld world = PoolWorld.of("a");
    for (int i = 0; i < 5; i++) {
      world.fails("a", FailureKind.PROXY_DOWN);
      world.probed("a", null);
    }

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.OPEN);
  }

  @Test
  void forgets_that_a_member_has_failed_when_its_probe_succeeds() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", FailureKind.PROXY_DOWN);
    world.probed("a", null);

    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void learns_the_latency_from_probes_that_succeed() {
    PoolWorld world = PoolWorld.of("a");
    probe(world, 1, FailureKind.PROXY_DOWN, true);
    assertThat(world.state("a").ewmaNanos()).isZero();
    world.probed("a", null);

    assertThat(world.state("a").ewmaNanos()).isEqualTo(TOOK.toNanos());
  }

  @Test
  void learns_nothing_of_a_member_that_has_left() {
    PoolWorld world = PoolWorld.of("a");
    Member left = world.member("a");
    world.pool().setMembers(List.of(), world.now);
    world.told.clear();
    for (int i = 0; i < 3; i++) {
      world.pool().probed(left, FailureKind.PROXY_DOWN, TOOK, TARGET, true, world.now);
    }

    assertThat(world.told).isEmpty();
  }
}
