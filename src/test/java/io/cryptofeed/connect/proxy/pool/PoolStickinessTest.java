package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.forExchange;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.ofSession;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.settings.Sticky;
import io.cryptofeed.connect.proxy.settings.Strategy;
import org.junit.jupiter.api.Test;

/** Who is given the same member again. */
class PoolStickinessTest {

  private static PoolWorld inTurn(Sticky sticky) {
    return PoolWorld.of("a", "b", "c").strategy(Strategy.ROUND_ROBIN).sticky(sticky);
  }

  @Test
  void gives_a_connection_that_is_opened_again_the_same_member() {
    PoolWorld world = inTurn(Sticky.CONNECTION);

    assertThat(world.pick(ofSession("1"))).isEqualTo("a");
    assertThat(world.pick(ofSession("2"))).isEqualTo("b");
    assertThat(world.pick(ofSession("1"))).isEqualTo("a");
  }

  @Test
  void takes_the_connections_of_two_exchanges_for_two() {
    PoolWorld world = inTurn(Sticky.CONNECTION);

    assertThat(world.pick(forExchange("binance"))).isEqualTo("a");
    assertThat(world.pick(forExchange("okx"))).isEqualTo("b");
  }

  @Test
  void gives_all_connections_of_an_exchange_one_member() {
    PoolWorld world = inTurn(Sticky.EXCHANGE);
    world.pick(ofSession("1"));

    assertThat(world.pick(ofSession("2"))).isEqualTo("a");
    assertThat(world.pick(forExchange("okx"))).isEqualTo("b");
  }

  @Test
  void gives_each_connection_a_member_anew_where_nothing_is_sticky() {
    PoolWorld world = inTurn(Sticky.NONE);
    world.pick();

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void keeps_the_member_for_the_ttl_after_the_last_use() {
    PoolWorld world = inTurn(Sticky.CONNECTION);
    world.pick();
    world.passSeconds(600);
    assertThat(world.pick()).isEqualTo("a");
    world.passSeconds(601);

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void leaves_a_member_that_may_not_be_used_and_stays_with_the_next() {
    PoolWorld world = inTurn(Sticky.CONNECTION);
    world.pick();
    world.answers("a", 429, null);
    assertThat(world.pick()).isEqualTo("b");
    world.passSeconds(61);

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void leaves_a_member_that_has_fallen_silent() {
    PoolWorld world = inTurn(Sticky.CONNECTION);
    world.pick();
    world.opens("a");
    world.pool().silent(world.member("a"), request(), world.now);
    world.closes("a");

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void stays_with_a_member_that_has_failed_when_all_have() {
    PoolWorld world = inTurn(Sticky.CONNECTION);
    world.pick();
    world.fails("b", FailureKind.AMBIGUOUS);
    world.fails("c", FailureKind.AMBIGUOUS);
    world.fails("a", FailureKind.AMBIGUOUS);

    assertThat(world.pick()).isEqualTo("a");
  }

  @Test
  void remembers_only_so_many_connections() {
    PoolWorld world = inTurn(Sticky.CONNECTION);
    world.pick(ofSession("first"));
    for (int i = 0; i < 4_096; i++) {
      world.pick(ofSession("another " + i));
    }

    // 4,097 choices were made in turn, so that it is the turn of the third.
    assertThat(world.pick(ofSession("first"))).isEqualTo("c");
  }
}
