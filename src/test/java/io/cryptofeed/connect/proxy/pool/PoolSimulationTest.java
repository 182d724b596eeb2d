package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.settings.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pool at work in a world where proxies are slow, flaky or dead and exchanges are out:
 * connections are opened at a steady rate, up to three members are tried for each, and probes run
 * every half minute.
 */
class PoolSimulationTest {

  private static final String[] HOSTS = {"p20", "p25", "p30", "p60", "p120"};
  private static final int PROBE_SECONDS = 30;
  private static final int ATTEMPTS = 3;

  private final SplittableRandom random = new SplittableRandom(11);
  private final Map<String, Proxy> proxies = new LinkedHashMap<>();
  private boolean exchangeIsOut;

  /** What is true of a proxy, which the pool has to find out. */
  private static final class Proxy {
    int millis;
    double failing;
    boolean dead;

    Proxy(int millis) {
      this.millis = millis;
    }
  }

  /** What became of the connections. */
  private static final class Outcome {
    final Map<String, Integer> attempts = new LinkedHashMap<>();
    int opened;
    int refused;
    int failedAttempts;
    double millis;

    int attempts(String host) {
      return attempts.getOrDefault(host, 0);
    }

    double meanMillis() {
      return millis / opened;
    }
  }

  private PoolWorld world(Strategy strategy) {
    for (String host : HOSTS) {
      proxies.put(host, new Proxy(Integer.parseInt(host.substring(1))));
    }
    return PoolWorld.of(HOSTS).strategy(strategy).explorePercent(5);
  }

  private Proxy proxy(String host) {
    return Objects.requireNonNull(proxies.get(host));
  }

  /** Opens and closes a connection each so many milliseconds for so long. */
  private Outcome run(PoolWorld world, int minutes, int everyMillis) {
    Outcome outcome = new Outcome();
    long passed = 0;
    long probed = 0;
    while (passed < Duration.ofMinutes(minutes).toMillis()) {
      if (passed >= probed) {
        probe(world);
        probed += Duration.ofSeconds(PROBE_SECONDS).toMillis();
      }
      connect(world, outcome);
      world.pass(Duration.ofMillis(everyMillis));
      passed += everyMillis;
    }
    return outcome;
  }

  private void connect(PoolWorld world, Outcome outcome) {
    List<Member> tried = new ArrayList<>();
    ConnectRequest request = PoolWorld.request();
    while (tried.size() < ATTEMPTS
        && world.pool().pick(request, tried, world.now) instanceof Pick.Chosen chosen) {
      Member member = chosen.member();
      outcome.attempts.merge(member.url().host(), 1, Integer::sum);
      world.pool().opening(member, request, world.now);
      FailureKind failure = attempt(member);
      if (failure == null) {
        Duration took = took(member);
        world.pool().opened(member, request, took, world.now);
        world.pool().closed(member, request, world.now);
        outcome.opened++;
        outcome.millis += took.toMillis();
        return;
      }
      world.pool().failed(member, request, failure, world.now);
      world.pool().closed(member, request, world.now);
      outcome.failedAttempts++;
      tried.add(member);
    }
    outcome.refused++;
  }

  private @Nullable FailureKind attempt(Member member) {
    Proxy proxy = proxy(member.url().host());
    if (proxy.dead || random.nextDouble() < proxy.failing) {
      return FailureKind.PROXY_DOWN;
    }
    return exchangeIsOut ? FailureKind.AMBIGUOUS : null;
  }

  private Duration took(Member member) {
    double jitter = 0.8 + 0.4 * random.nextDouble();
    return Duration.ofNanos((long) (proxy(member.url().host()).millis * 1e6 * jitter));
  }

  private void probe(PoolWorld world) {
    for (Member member : world.pool().probeable()) {
      world.pool().probed(member, attempt(member), took(member), TARGET, true, world.now);
    }
  }

  private static int share(Outcome outcome, String host) {
    int all = outcome.attempts.values().stream().mapToInt(times -> times).sum();
    return 100 * outcome.attempts(host) / all;
  }

  // A brown-out.

  @ParameterizedTest
  @EnumSource(names = {"LATENCY", "ADAPTIVE"})
  void a_learning_strategy_leaves_a_member_that_browns_out(Strategy strategy) {
    PoolWorld world = world(strategy);
    Outcome before = run(world, 10, 200);
    proxy("p20").millis = 500;
    Outcome after = run(world, 10, 200);

    assertThat(share(before, "p20") + share(before, "p25") + share(before, "p30"))
        .isGreaterThan(80);
    assertThat(share(after, "p20")).isLessThan(5);
  }

  @Test
  void round_robin_does_not_notice_a_member_that_browns_out() {
    PoolWorld world = world(Strategy.ROUND_ROBIN);
    proxy("p20").millis = 500;

    assertThat(share(run(world, 10, 200), "p20")).isEqualTo(20);
  }

  @ParameterizedTest
  @EnumSource(names = {"LATENCY", "ADAPTIVE"})
  void a_learning_strategy_comes_back_to_a_member_that_has_recovered(Strategy strategy) {
    PoolWorld world = world(strategy);
    for (String host : HOSTS) {
      proxy(host).millis = 300;
    }
    proxy("p20").millis = 800;
    run(world, 10, 200);
    proxy("p20").millis = 20;
    run(world, 10, 200);

    assertThat(share(run(world, 5, 200), "p20")).isGreaterThan(80);
  }

  @Test
  void probes_let_the_latency_strategy_learn_at_few_connections() {
    PoolWorld world = world(Strategy.LATENCY);
    run(world, 10, 20_000);
    proxy("p20").millis = 500;
    run(world, 1, 20_000);

    assertThat(share(run(world, 60, 20_000), "p20")).isLessThan(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"LATENCY", "ADAPTIVE"})
  void a_learning_strategy_is_faster_than_round_robin(Strategy strategy) {
    double learning = run(world(strategy), 20, 200).meanMillis();
    double inTurn = run(world(Strategy.ROUND_ROBIN), 20, 200).meanMillis();

    assertThat(learning).isLessThan(0.8 * inTurn);
  }

  // A flaky member.

  @ParameterizedTest
  @EnumSource
  void a_flaky_member_is_chosen_less(Strategy strategy) {
    PoolWorld healthy = world(strategy);
    int usual = run(healthy, 20, 200).attempts("p20");
    PoolWorld world = world(strategy);
    proxy("p20").failing = 0.5;
    Outcome outcome = run(world, 20, 200);

    assertThat(outcome.attempts("p20")).isLessThan(usual / 2);
    assertThat(outcome.refused).isZero();
  }

  // An exchange that is out.

  @ParameterizedTest
  @ValueSource(ints = {200, 2_000, 20_000})
  void an_outage_of_the_exchange_ejects_nobody(int everyMillis) {
    PoolWorld world = world(Strategy.ROUND_ROBIN);
    run(world, 5, everyMillis);
    exchangeIsOut = true;
    Outcome outage = run(world, 5, everyMillis);
    exchangeIsOut = false;
    Outcome after = run(world, 5, everyMillis);

    assertThat(outage.opened).isZero();
    assertThat(after.refused).isZero();
    assertThat(after.failedAttempts).isZero();
    assertThat(world.told)
        .noneMatch(event -> event.contains("OPEN") || event.contains("unhealthy"));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20, 50})
  void an_exchange_that_comes_and_goes_ejects_nobody(int seconds) {
    PoolWorld world = world(Strategy.ROUND_ROBIN);
    run(world, 5, 200);
    for (int i = 0; i < 20; i++) {
      exchangeIsOut = !exchangeIsOut;
      for (int passed = 0; passed < seconds * 1_000; passed += 200) {
        connect(world, new Outcome());
        world.pass(Duration.ofMillis(200));
      }
      probe(world);
    }

    assertThat(world.told)
        .noneMatch(event -> event.contains("OPEN") || event.contains("unhealthy"));
  }

  // A dead member.

  @ParameterizedTest
  @EnumSource
  void a_dead_member_is_ejected_and_comes_back(Strategy strategy) {
    PoolWorld world = world(strategy);
    run(world, 5, 200);
    proxy("p20").dead = true;
    Outcome dead = run(world, 10, 200);
    assertThat(world.state("p20").healthy()).isFalse();
    assertThat(dead.refused).isZero();
    assertThat(dead.failedAttempts).isLessThan(10);

    proxy("p20").dead = false;
    run(world, 10, 200);
    assertThat(world.state("p20").healthy()).isTrue();
    assertThat(world.state("p20").circuit()).isEqualTo(Circuit.CLOSED);
    assertThat(run(world, 10, 200).attempts("p20")).isPositive();
  }

  @Test
  void all_dead_members_come_back() {
    PoolWorld world = world(Strategy.ROUND_ROBIN);
    proxies.values().forEach(proxy -> proxy.dead = true);
    assertThat(run(world, 10, 1_000).opened).isZero();
    proxies.values().forEach(proxy -> proxy.dead = false);
    // As long as a circuit may be open at most, and one more probe.
    run(world, 6, 1_000);

    assertThat(run(world, 1, 1_000).refused).isZero();
    assertThat(world.pool().states(world.now)).allMatch(MemberState::healthy);
  }
}
