package io.cryptofeed.connect.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.Strategy;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One pool that many threads use. */
class PoolConcurrencyTest {

  private static final int THREADS = 8;
  private static final int ROUNDS = 4_000;

  private final AtomicLong clock = new AtomicLong();

  private static List<MemberSettings> members(int count) {
    List<MemberSettings> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(MemberSettings.of(PoolWorld.url("m" + i)));
    }
    return members;
  }

  private static Pool pool(Strategy strategy, ProxyEvents events) {
    PoolSettings usual = PoolSettings.of("eu", members(5));
    return new Pool(
        new PoolSettings(
            "eu",
            usual.members(),
            strategy,
            usual.sticky(),
            usual.stickyTtl(),
            usual.tolerance(),
            usual.explorePercent(),
            true,
            usual.panicPercent(),
            0,
            0,
            0,
            usual.cooldownStatuses(),
            usual.cooldown(),
            usual.rotateStatuses()),
        FailoverSettings.DEFAULT,
        CircuitSettings.DEFAULT,
        HealthSettings.DEFAULT,
        new SplittableRandom(7),
        events);
  }

  private record Open(Member member, ConnectRequest request) {}

  /** Opens, fails and closes connections in a random order, and closes those that are left. */
  private void use(Pool pool, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ArrayDeque<Open> open = new ArrayDeque<>();
    for (int i = 0; i < ROUNDS; i++) {
      ConnectRequest request =
          new ConnectRequest(
              "binance", Transport.WEBSOCKET, "s" + random.nextInt(50), PoolWorld.TARGET, 0);
      if (pool.pick(request, List.of(), now()) instanceof Pick.Chosen chosen) {
        pool.opening(chosen.member(), request, now());
        if (random.nextInt(10) == 0) {
          FailureKind[] kinds = FailureKind.values();
          pool.failed(chosen.member(), request, kinds[random.nextInt(kinds.length)], now());
          pool.closed(chosen.member(), request, now());
        } else {
          pool.opened(chosen.member(), request, Duration.ofMillis(random.nextInt(100)), now());
          open.add(new Open(chosen.member(), request));
        }
      }
      if (open.size() > 10) {
        close(pool, open.removeFirst());
      }
      if (i % 100 == 0) {
        pool.setMembers(members(3 + random.nextInt(4)), now());
        pool.states(now());
      }
    }
    open.forEach(each -> close(pool, each));
  }

  private void close(Pool pool, Open open) {
    pool.closed(open.member(), open.request(), now());
  }

  private long now() {
    return clock.addAndGet(1_000_000);
  }

  @ParameterizedTest
  @EnumSource
  void counts_return_to_zero_when_all_connections_are_closed(Strategy strategy) throws Exception {
    Pool pool = pool(strategy, ProxyEvents.NONE);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> users = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        users.add(threads.submit(() -> use(pool, seed)));
      }
      for (Future<?> user : users) {
        user.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    pool.setMembers(members(5), now());

    assertThat(pool.states(now()))
        .hasSize(5)
        .allMatch(state -> state.active() == 0 && !state.draining());
  }

  @Test
  void tells_events_while_other_threads_may_use_the_pool() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();
    Pool[] pool = new Pool[1];
    pool[0] =
        pool(
            Strategy.ROUND_ROBIN,
            new ProxyEvents() {
              @Override
              public void membersChanged(String name, int added, int draining, int total) {
                seen.add(answerOf(other, pool[0]));
              }
            });
    try {
      pool[0].setMembers(members(7), now());
    } finally {
      other.shutdownNow();
    }

    assertThat(seen).containsExactly(7);
  }

  private int answerOf(ExecutorService other, Pool pool) {
    try {
      return other.submit(() -> pool.states(now()).size()).get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
