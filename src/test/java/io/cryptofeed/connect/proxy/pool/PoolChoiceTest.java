package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.request;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.to;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.weighing;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may be chosen, and what is said when nobody may. */
class PoolChoiceTest {

  @Test
  void chooses_no_member_that_is_disabled() {
    PoolWorld world = PoolWorld.of(PoolWorld.disabled("a"), PoolWorld.inRegion("b", null));

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void chooses_no_member_that_was_tried() {
    PoolWorld world = PoolWorld.of("a", "b");

    assertThat(world.pick(request(), "a")).isEqualTo("b");
  }

  @Test
  void chooses_no_member_whose_connections_are_all_in_use() {
    PoolWorld world = PoolWorld.of("a", "b").maxConnections(1);
    world.opens("a");

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void chooses_a_member_again_when_a_connection_is_closed() {
    PoolWorld world = PoolWorld.of("a", "b").maxConnections(1);
    world.opens("a");
    world.closes("a");

    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void counts_connections_that_are_being_opened() {
    PoolWorld world = PoolWorld.of("a", "b").maxConnections(1);
    world.pool().opening(world.member("a"), request(), world.now);

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void spills_connects_beyond_the_budget_to_the_next_member() {
    PoolWorld world = PoolWorld.of("a", "b").maxConnectsPer5m(2);
    world.works("a");
    world.works("a");

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void counts_attempts_that_fail_in_the_budget_of_connects() {
    PoolWorld world = PoolWorld.of("a", "b").maxConnectsPer5m(1);
    world.fails("a", FailureKind.TARGET);

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void gives_each_exchange_a_budget_of_connects_of_its_own() {
    PoolWorld world = PoolWorld.of("a", "b").maxConnectsPer5m(1);
    world.works("a");

    assertThat(world.pick(PoolWorld.forExchange("okx"))).isEqualTo("a");
  }

  @Test
  void lets_the_budget_of_connects_slide() {
    PoolWorld world = PoolWorld.of("a", "b").maxConnectsPer5m(2);
    world.works("a");
    world.passSeconds(200);
    world.works("a");
    world.passSeconds(100);

    assertThat(world.pick()).isEqualTo("a");
    world.works("a");
    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void spills_weight_beyond_the_budget_to_the_next_member() {
    PoolWorld world = PoolWorld.of("a", "b").weightPerMinute(100);
    world.pool().spend(world.member("a"), "binance", 80, world.now);

    assertThat(world.pick(weighing(20))).isEqualTo("a");
    assertThat(world.pick(weighing(21))).isEqualTo("b");
  }

  @Test
  void asks_for_no_weight_where_the_errand_has_none() {
    PoolWorld world = PoolWorld.of("a", "b").weightPerMinute(100);
    world.pool().spend(world.member("a"), "binance", 100, world.now);

    assertThat(world.pick(weighing(0))).isEqualTo("a");
  }

  @Test
  void puts_a_member_that_has_failed_behind_all_others() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", FailureKind.PROXY_DOWN);

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void still_chooses_a_member_that_has_failed_when_there_is_no_other() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", FailureKind.PROXY_DOWN);

    assertThat(world.pick(request(), "b")).isEqualTo("a");
  }

  @Test
  void forgets_that_a_member_has_failed_when_it_is_seen_to_work() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", FailureKind.PROXY_DOWN);
    world.works("a");

    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void forgets_that_a_member_has_failed_after_retry_failed_after() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.fails("a", FailureKind.PROXY_DOWN);
    world.passSeconds(299);
    assertThat(world.pick()).isEqualTo("b");
    world.passSeconds(1);

    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void tells_each_choice_with_its_strategy() {
    PoolWorld world = PoolWorld.of("a");
    world.pick();

    assertThat(world.told).containsExactly("selected failover");
  }

  @Test
  void tells_no_choice_when_there_is_none() {
    PoolWorld world = PoolWorld.of(PoolWorld.disabled("a"));
    world.pick();

    assertThat(world.told).isEmpty();
  }

  @Test
  void says_that_a_pool_is_empty() {
    Pick.None none = PoolWorld.of(new String[0]).refusal(request());

    assertThat(none).isEqualTo(new Pick.None("it has no members", Duration.ZERO));
  }

  @Test
  void says_of_each_member_why_it_may_not_be_used() {
    PoolWorld world =
        PoolWorld.of(
            PoolWorld.disabled("a"),
            PoolWorld.inRegion("b", null),
            PoolWorld.inRegion("c", null),
            PoolWorld.inRegion("d", null),
            PoolWorld.inRegion("e", null),
            PoolWorld.inRegion("f", null));
    world.answers("b", 429, Duration.ofSeconds(42));
    world.fails("c", FailureKind.PROXY_AUTH);
    world.probesFail("d");
    world.breaks("e");
    world.fails("f", FailureKind.PROXY_DENIED);

    assertThat(world.refusal(request()).reasons())
        .startsWith(
            "socks5://a:1080 is disabled, "
                + "socks5://b:1080 cools down for binance after status 429, 42 s left, "
                + "socks5://c:1080 rejected the credentials, "
                + "socks5://d:1080 fails its probes, "
                + "socks5://e:1080 failed too often: its circuit is open for ")
        .endsWith(", socks5://f:1080 forbids stream.binance.com:443");
  }

  @Test
  void says_which_limit_is_reached() {
    PoolWorld connections = PoolWorld.of("a").maxConnections(1);
    connections.opens("a");
    PoolWorld connects = PoolWorld.of("a").maxConnectsPer5m(1);
    connects.works("a");
    PoolWorld weight = PoolWorld.of("a").weightPerMinute(10);
    weight.pool().spend(weight.member("a"), "binance", 10, weight.now);

    assertThat(connections.refusal(request()).reasons())
        .isEqualTo("socks5://a:1080 has 1 open connections, its limit");
    assertThat(connects.refusal(request()).reasons())
        .isEqualTo(
            "socks5://a:1080 has opened 1 connections to binance within five minutes, its limit");
    assertThat(weight.refusal(weighing(1)).reasons())
        .isEqualTo("socks5://a:1080 has exhausted its weight of 10 per minute for binance");
  }

  @Test
  void says_that_a_request_weighs_more_than_is_ever_allowed() {
    Pick.None none = PoolWorld.of("a").weightPerMinute(10).refusal(weighing(50));

    assertThat(none)
        .isEqualTo(
            new Pick.None(
                "socks5://a:1080 has a weight of 10 per minute for binance,"
                    + " less than the 50 of this request",
                Duration.ZERO));
  }

  @Test
  void says_that_a_member_has_just_failed() {
    PoolWorld world = PoolWorld.of("a");

    Pick pick = world.pool().pick(request(), List.of(world.member("a")), world.now);

    assertThat(pick).isEqualTo(new Pick.None("socks5://a:1080 has just failed", Duration.ZERO));
  }

  @Test
  void shows_no_credentials_in_the_reasons() {
    PoolWorld world = PoolWorld.of("alice:secret@a");
    world.fails("a", FailureKind.PROXY_AUTH);

    assertThat(world.refusal(request()).reasons())
        .isEqualTo("socks5://a:1080 rejected the credentials");
  }

  @Test
  void says_to_retry_when_the_first_member_may_be_used_again() {
    PoolWorld world = PoolWorld.of("a", "b", "c");
    world.answers("a", 429, Duration.ofSeconds(90));
    world.answers("b", 429, Duration.ofSeconds(40));
    world.probesFail("c");

    assertThat(world.refusal(request()).retryAfter()).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void says_to_retry_when_the_budgets_have_room_again() {
    PoolWorld world = PoolWorld.of("a").maxConnectsPer5m(2).weightPerMinute(10);
    world.works("a");
    world.pool().spend(world.member("a"), "binance", 4, world.now);
    world.passSeconds(10);
    world.pool().spend(world.member("a"), "binance", 4, world.now);
    assertThat(world.refusal(weighing(5)).retryAfter()).isEqualTo(Duration.ofSeconds(50));
    assertThat(world.refusal(weighing(8)).retryAfter()).isEqualTo(Duration.ofSeconds(60));

    world.works("a");
    assertThat(world.refusal(request()).retryAfter()).isEqualTo(Duration.ofSeconds(290));
  }

  @Test
  void says_to_retry_when_a_circuit_or_a_denial_ends() {
    PoolWorld broken = PoolWorld.of("a");
    broken.breaks("a");
    PoolWorld denied = PoolWorld.of("a");
    denied.fails("a", FailureKind.PROXY_DENIED);

    broken.pass(broken.refusal(request()).retryAfter());
    denied.pass(denied.refusal(request()).retryAfter());

    assertThat(broken.pick()).isEqualTo("a");
    assertThat(denied.pick()).isEqualTo("a");
  }

  @Test
  void has_another_when_a_member_that_may_be_used_is_left() {
    PoolWorld world = PoolWorld.of("a", "b");

    assertThat(world.pool().hasAnother(request(), world.member("a"), world.now)).isTrue();
    world.answers("b", 429, null);
    assertThat(world.pool().hasAnother(request(), world.member("a"), world.now)).isFalse();
  }

  @Test
  void remembers_what_it_was_used_for_last() {
    PoolWorld world = PoolWorld.of("a");
    assertThat(world.pool().lastRequest()).isNull();
    world.pick(to("ws.okx.com:8443"));

    assertThat(world.pool().lastRequest()).isEqualTo(to("ws.okx.com:8443"));
  }

  @Test
  void is_used_since_somebody_asked_or_while_a_connection_is_open() {
    PoolWorld world = PoolWorld.of("a");
    assertThat(world.pool().isUsedSince(world.now - 1)).isFalse();
    world.pick();
    assertThat(world.pool().isUsedSince(world.now)).isTrue();
    assertThat(world.pool().isUsedSince(world.now + 1)).isFalse();

    world.opens("a");
    assertThat(world.pool().isUsedSince(world.now + 1)).isTrue();
    world.closes("a");
    assertThat(world.pool().isUsedSince(world.now + 1)).isFalse();
  }

  @Test
  void probes_all_members_but_the_disabled() {
    PoolWorld world = PoolWorld.of(PoolWorld.disabled("a"), PoolWorld.inRegion("b", null));
    world.probesFail("b");

    assertThat(world.pool().probeable()).containsExactly(world.member("b"));
  }
}
