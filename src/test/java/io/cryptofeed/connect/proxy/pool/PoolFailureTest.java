package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.request;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom a failure is held against. */
class PoolFailureTest {

  private static void failOften(PoolWorld world, String host, FailureKind kind) {
    for (int i = 0; i < 5; i++) {
      world.fails(host, kind);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PROXY_DOWN", "PROXY_TLS"})
  void opens_the_circuit_of_a_proxy_that_is_to_blame(FailureKind kind) {
    PoolWorld world = PoolWorld.of("a", "b");
    failOften(world, "a", kind);

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.OPEN);
    assertThat(world.told).containsExactly("a circuit OPEN");
  }

  @ParameterizedTest
  @EnumSource(names = {"TARGET", "PROXY_DENIED", "PROXY_AUTH", "NO_WAY"})
  void opens_no_circuit_for_what_is_no_matter_of_it(FailureKind kind) {
    PoolWorld world = PoolWorld.of("a", "b");
    failOften(world, "a", kind);

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
    assertThat(world.state("a").successRatio()).isEqualTo(1);
  }

  @Test
  void does_not_put_a_member_last_for_a_failure_of_the_target() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", FailureKind.TARGET);

    assertThat(world.pick()).isEqualTo("a");
  }

  // Credentials.

  @Test
  void leaves_a_proxy_that_refuses_the_credentials_at_once() {
    PoolWorld world = PoolWorld.of("a");
    world.fails("a", FailureKind.PROXY_AUTH);

    assertThat(world.pick()).isEqualTo("none");
    assertThat(world.state("a").healthy()).isFalse();
    assertThat(world.told).containsExactly("a unhealthy: auth: it rejected the credentials");
  }

  @Test
  void tells_of_refused_credentials_once() {
    PoolWorld world = PoolWorld.of("a");
    failOften(world, "a", FailureKind.PROXY_AUTH);

    assertThat(world.told).hasSize(1);
  }

  @Test
  void tries_refused_credentials_again_after_retry_failed_after() {
    PoolWorld world = PoolWorld.of("a");
    world.fails("a", FailureKind.PROXY_AUTH);
    world.passSeconds(300);

    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void tells_when_refused_credentials_are_accepted() {
    PoolWorld world = PoolWorld.of("a");
    world.fails("a", FailureKind.PROXY_AUTH);
    world.passSeconds(300);
    world.works("a");

    assertThat(world.state("a").healthy()).isTrue();
    assertThat(world.told).last().isEqualTo("a healthy: it accepts the user name and the password");
  }

  // Rules.

  @Test
  void leaves_a_proxy_that_forbids_the_target_for_that_target_only() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", to("ws.okx.com:8443"), FailureKind.PROXY_DENIED);

    assertThat(world.pick(to("ws.okx.com:8443"))).isEqualTo("b");
    assertThat(world.pick(to("ws.okx.com:443"))).isEqualTo("a");
    assertThat(world.state("a").healthy()).isTrue();
  }

  @Test
  void asks_a_proxy_that_forbids_the_target_again_after_retry_failed_after() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", FailureKind.PROXY_DENIED);
    world.passSeconds(299);
    assertThat(world.pick()).isEqualTo("b");
    world.passSeconds(1);

    assertThat(world.pick()).isEqualTo("a");
  }

  // What may be the fault of either.

  @Test
  void blames_a_proxy_for_what_another_has_just_reached() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.works("b");
    world.passSeconds(59);
    failOften(world, "a", FailureKind.AMBIGUOUS);

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.OPEN);
  }

  @Test
  void blames_a_proxy_for_what_another_reaches_a_little_later() {
    PoolWorld world = PoolWorld.of("a", "b");
    failOften(world, "a", FailureKind.AMBIGUOUS);
    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
    world.passSeconds(59);
    world.works("b");

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.OPEN);
    assertThat(world.told).containsExactly("a circuit OPEN");
  }

  @Test
  void blames_no_proxy_for_what_another_reaches_much_later_or_reached_long_ago() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.works("b");
    world.passSeconds(61);
    failOften(world, "a", FailureKind.AMBIGUOUS);
    world.passSeconds(61);
    world.works("b");

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void blames_no_proxy_for_what_only_it_has_reached_before() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.works("a");
    failOften(world, "a", FailureKind.AMBIGUOUS);
    world.works("a");

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void blames_no_proxy_because_another_reaches_another_target() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.works("b", to("ws.okx.com:8443"));
    failOften(world, "a", FailureKind.AMBIGUOUS);
    world.works("b", to("ws.okx.com:8443"));

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void blames_no_proxy_when_an_exchange_that_was_out_for_all_comes_back() {
    PoolWorld world = PoolWorld.of("a", "b");
    failOften(world, "b", FailureKind.AMBIGUOUS);
    failOften(world, "a", FailureKind.AMBIGUOUS);
    world.passSeconds(1);
    world.works("b");

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void takes_no_witness_who_says_himself_that_the_target_is_out() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.works("b");
    world.fails("b", FailureKind.TARGET);
    failOften(world, "a", FailureKind.AMBIGUOUS);

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void puts_a_member_last_that_may_be_to_blame() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", FailureKind.AMBIGUOUS);

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void blames_a_proxy_for_silence_only_with_evidence() {
    PoolWorld world = PoolWorld.of("a", "b");
    for (int i = 0; i < 5; i++) {
      world.opens("a");
    }
    world.passSeconds(3_600);
    for (int i = 0; i < 5; i++) {
      world.pool().silent(world.member("a"), request(), world.now);
    }
    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
    world.works("b");

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.OPEN);
  }
}
