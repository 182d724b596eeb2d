package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.url;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each strategy by itself, among members that may all be used. */
class SelectionTest {

  private static final long TOLERANCE = Duration.ofMillis(50).toNanos();

  private final SplittableRandom random = new SplittableRandom(7);
  private final Member a = member("a", 1, 1);
  private final Member b = member("b", 2, 0);
  private final Member c = member("c", 7, 0);
  private final List<Member> all = List.of(a, b, c);
  private long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

  private Member member(String host, double weight, int priority) {
    return new Member(
        new MemberSettings(url(host), weight, null, priority, true),
        CircuitSettings.DEFAULT,
        random);
  }

  private void takes(Member member, int millis) {
    member.latency.sample(Duration.ofMillis(millis).toNanos(), now);
    member.cost.succeeded(Duration.ofMillis(millis).toNanos(), now);
  }

  private List<Member> choices(Selection selection, List<Member> candidates, int times) {
    return IntStream.range(0, times).mapToObj(i -> selection.choose(candidates, now)).toList();
  }

  private Map<Member, Long> counts(Selection selection, List<Member> candidates, int times) {
    return choices(selection, candidates, times).stream()
        .collect(groupingBy(member -> member, counting()));
  }

  @Test
  void round_robin_takes_one_after_the_other() {
    assertThat(choices(new Selection.RoundRobin(), all, 5)).containsExactly(a, b, c, a, b);
  }

  @Test
  void round_robin_stays_even_whoever_is_out_meanwhile() {
    Selection inTurn = new Selection.RoundRobin();
    List<Member> chosen = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      chosen.add(inTurn.choose(all, now));
      chosen.add(inTurn.choose(List.of(b, c), now));
    }

    long ofB = chosen.stream().filter(b::equals).count();
    long ofC = chosen.stream().filter(c::equals).count();
    assertThat(ofB).isCloseTo(ofC, within(1L));
  }

  @Test
  void round_robin_does_not_run_after_the_one_that_comes_back() {
    Selection inTurn = new Selection.RoundRobin();
    choices(inTurn, List.of(b, c), 20);

    assertThat(choices(inTurn, all, 4)).containsExactly(a, b, c, a);
  }

  @Test
  void random_takes_all_alike() {
    Selection any = Selection.of(PoolWorld.of("a").strategy(Strategy.RANDOM).settings(), random);

    counts(any, all, 3_000)
        .values()
        .forEach(times -> assertThat(times).isCloseTo(1_000L, within(100L)));
  }

  @Test
  void weighted_takes_each_in_proportion_to_its_weight() {
    Map<Member, Long> times = counts(new Selection.Weighted(random), all, 10_000);

    assertThat(times.get(a)).isCloseTo(1_000L, within(150L));
    assertThat(times.get(b)).isCloseTo(2_000L, within(200L));
    assertThat(times.get(c)).isCloseTo(7_000L, within(300L));
  }

  @Test
  void least_connections_takes_the_one_with_the_fewest() {
    a.active = 2;
    b.active = 1;
    c.active = 2;

    assertThat(new Selection.LeastConnections().choose(all, now)).isSameAs(b);
  }

  @Test
  void least_connections_takes_equals_in_turn() {
    assertThat(choices(new Selection.LeastConnections(), all, 4)).containsExactly(a, b, c, a);
  }

  @Test
  void failover_takes_the_lowest_priority_number_and_the_first_of_equals() {
    assertThat(new Selection.ByPriority().choose(all, now)).isSameAs(b);
    assertThat(new Selection.ByPriority().choose(List.of(a), now)).isSameAs(a);
  }

  // Latency.

  private Soonest soonest(int explorePercent) {
    return new Soonest(TOLERANCE, explorePercent / 100.0, random);
  }

  @Test
  void latency_takes_the_fastest() {
    takes(a, 90);
    takes(b, 20);
    takes(c, 120);

    assertThat(soonest(0).choose(all, now)).isSameAs(b);
  }

  @Test
  void latency_stays_with_the_present_one_within_the_tolerance() {
    Soonest soonest = soonest(0);
    takes(a, 60);
    takes(b, 90);
    takes(c, 120);
    soonest.choose(all, now);
    takes(a, 139);
    assertThat(soonest.choose(all, now)).isSameAs(a);
    takes(a, 141);

    assertThat(soonest.choose(all, now)).isSameAs(b);
  }

  @Test
  void latency_leaves_a_present_one_that_may_not_be_used() {
    Soonest soonest = soonest(0);
    takes(a, 20);
    takes(b, 30);
    soonest.choose(List.of(a, b), now);

    assertThat(soonest.choose(List.of(b), now)).isSameAs(b);
  }

  @Test
  void latency_looks_at_the_unknown_first() {
    takes(a, 5);
    takes(b, 5);

    assertThat(soonest(0).choose(all, now)).isSameAs(c);
  }

  @Test
  void latency_does_not_run_to_one_that_is_still_unknown() {
    Soonest soonest = soonest(0);
    List<Member> chosen = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Member next = soonest.choose(all, now);
      next.active++;
      chosen.add(next);
    }

    assertThat(chosen).containsExactly(a, b, c, a, b, c);
  }

  @Test
  void latency_explores_so_many_percent() {
    takes(a, 20);
    takes(b, 500);
    takes(c, 500);
    Map<Member, Long> times = counts(soonest(30), all, 3_000);

    assertThat(times.get(a)).isCloseTo(2_400L, within(100L));
  }

  private List<Member> bigPool() {
    return IntStream.rangeClosed(0, Soonest.BIG).mapToObj(i -> member("m" + i, 1, 0)).toList();
  }

  @Test
  void latency_never_takes_the_worst_of_a_big_pool() {
    List<Member> big = bigPool();
    big.forEach(member -> takes(member, 20));
    takes(big.get(3), 500);

    assertThat(counts(soonest(0), big, 2_000)).hasSize(8).doesNotContainKey(big.get(3));
  }

  @Test
  void latency_weighs_the_load_in_a_big_pool() {
    List<Member> big = bigPool();
    big.forEach(member -> takes(member, 20));
    big.get(3).active = 5;

    assertThat(counts(soonest(0), big, 2_000)).hasSize(8).doesNotContainKey(big.get(3));
  }

  @Test
  void latency_rises_to_a_peak_at_once_and_decays_with_time() {
    takes(a, 20);
    takes(a, 400);
    assertThat(a.latency.nanos()).isEqualTo(Duration.ofMillis(400).toNanos());
    takes(a, 20);
    assertThat(a.latency.nanos()).isEqualTo(Duration.ofMillis(400).toNanos());
    now += Duration.ofMinutes(1).toNanos();
    takes(a, 20);
    assertThat(a.latency.nanos() / 1e6).isCloseTo(20 + 380 / Math.E, within(0.1));
    now += Duration.ofMinutes(10).toNanos();
    takes(a, 20);

    assertThat(a.latency.nanos() / 1e6).isCloseTo(20, within(0.1));
  }

  // Adaptive.

  @Test
  void adaptive_learns_who_is_cheapest() {
    for (int i = 0; i < 30; i++) {
      takes(a, 200);
      takes(b, 20);
      takes(c, 120);
    }

    assertThat(counts(new Selection.Cheapest(random), all, 1_000).get(b)).isGreaterThan(950);
  }

  @Test
  void adaptive_takes_a_failure_for_very_slow() {
    for (int i = 0; i < 30; i++) {
      takes(a, 200);
      takes(b, 20);
      takes(c, 200);
    }
    for (int i = 0; i < 15; i++) {
      b.cost.failed(now);
    }

    assertThat(counts(new Selection.Cheapest(random), List.of(a, b), 1_000).getOrDefault(b, 0L))
        .isLessThan(50);
  }

  @Test
  void adaptive_tries_all_when_it_knows_nothing() {
    counts(new Selection.Cheapest(random), all, 3_000)
        .values()
        .forEach(times -> assertThat(times).isCloseTo(1_000L, within(150L)));
  }

  @Test
  void adaptive_forgets_with_time() {
    for (int i = 0; i < 30; i++) {
      a.cost.failed(now);
      takes(b, 100);
    }
    assertThat(counts(new Selection.Cheapest(random), List.of(a, b), 1_000)).containsOnlyKeys(b);
    now += Duration.ofHours(1).toNanos();

    assertThat(counts(new Selection.Cheapest(random), List.of(a, b), 1_000)).containsKeys(a, b);
  }
}
