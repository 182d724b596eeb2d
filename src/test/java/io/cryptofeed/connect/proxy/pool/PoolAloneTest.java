package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.TOOK;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A proxy that is no member of a pool that was configured. */
class PoolAloneTest {

  private final PoolWorld world = PoolWorld.of(new String[0]);
  private final Pool pool = Pool.alone(PoolWorld.url("alice:secret@a"), world.random, world);
  private final Member member = pool.probeable().get(0);

  private void fail(FailureKind kind) {
    pool.opening(member, request(), world.now);
    pool.failed(member, request(), kind, world.now);
    pool.closed(member, request(), world.now);
  }

  private Pick pick() {
    return pool.pick(request(), List.of(member), world.now);
  }

  @Test
  void is_named_like_its_proxy_without_credentials() {
    assertThat(pool.name()).isEqualTo("socks5://a:1080");
  }

  @Test
  void is_always_chosen() {
    for (FailureKind kind : FailureKind.values()) {
      for (int i = 0; i < 5; i++) {
        fail(kind);
      }
    }
    pool.answered(member, request(), 418, null, world.now);

    assertThat(pick()).isEqualTo(new Pick.Chosen(member, false));
    assertThat(pool.spend(member, "binance", 1_000_000, world.now)).isTrue();
  }

  @Test
  void has_no_other() {
    assertThat(pool.hasAnother(request(), member, world.now)).isFalse();
  }

  @Test
  void shows_its_state() {
    pool.opening(member, request(), world.now);
    pool.opened(member, request(), TOOK, world.now);
    for (int i = 0; i < 5; i++) {
      fail(FailureKind.PROXY_DOWN);
    }
    pool.answered(member, request(), 429, Duration.ofSeconds(9), world.now);
    MemberState state = pool.states(world.now).get(0);

    assertThat(state.active()).isEqualTo(1);
    assertThat(state.ewmaNanos()).isEqualTo(TOOK.toNanos());
    assertThat(state.circuit()).isEqualTo(Circuit.OPEN);
    assertThat(state.exchanges().get(0).cooldownNanos()).isEqualTo(Duration.ofSeconds(9).toNanos());
  }

  @Test
  void never_tells_that_it_is_not_used() {
    for (int i = 0; i < 5; i++) {
      fail(FailureKind.PROXY_DOWN);
    }
    pool.answered(member, request(), 429, null, world.now);
    pick();

    assertThat(world.told).isEmpty();
  }
}
