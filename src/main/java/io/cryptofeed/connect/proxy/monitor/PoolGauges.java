package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.metrics.Metric;
import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.proxy.pool.MemberState;
import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.pool.MemberState.OfExchange;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How the members of a pool are doing, as numbers. Members that differ in their credentials alone
 * share their series, since credentials are never shown: connections add up, and of all else it is
 * the worst that counts. Of a member that drains, only the connections are shown.
 */
final class PoolGauges {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Instant now;
  private final Consumer<Sample> to;

  PoolGauges(Instant now, Consumer<Sample> to) {
    this.now = now;
    this.to = to;
  }

  void show(List<PoolStates> pools) {
    pools.forEach(this::show);
  }

  private void show(PoolStates pool) {
    long draining = count(pool, MemberState::draining);
    long healthy = count(pool, state -> !state.draining() && state.healthy());
    long unhealthy = pool.members().size() - draining - healthy;
    gauge(MetricCatalog.POOL_MEMBERS, healthy, pool.pool(), "healthy");
    gauge(MetricCatalog.POOL_MEMBERS, unhealthy, pool.pool(), "unhealthy");
    gauge(MetricCatalog.POOL_MEMBERS, draining, pool.pool(), "draining");
    pool.members().stream()
        .collect(
            Collectors.groupingBy(MemberState::egress, LinkedHashMap::new, Collectors.toList()))
        .forEach((endpoint, members) -> show(pool.pool(), endpoint, members));
  }

  private void show(String pool, String endpoint, List<MemberState> members) {
    gauge(
        MetricCatalog.MEMBER_CONNECTIONS,
        members.stream().mapToInt(MemberState::active).sum(),
        pool,
        endpoint);
    List<MemberState> staying = members.stream().filter(state -> !state.draining()).toList();
    if (staying.isEmpty()) {
      return;
    }
    boolean allHealthy = staying.stream().allMatch(MemberState::healthy);
    gauge(MetricCatalog.HEALTHY, allHealthy ? 1 : 0, pool, endpoint);
    double circuit = highest(staying, state -> level(state.circuit()));
    gauge(MetricCatalog.CIRCUIT, circuit, pool, endpoint);
    double success = -highest(staying, state -> -state.successRatio());
    gauge(MetricCatalog.SUCCESS_RATIO, success, pool, endpoint);
    double latency = highest(staying, MemberState::ewmaNanos);
    if (latency > 0) {
      gauge(MetricCatalog.EWMA, latency / NANOS_PER_SECOND, pool, endpoint);
    }
    staying.stream()
        .flatMap(state -> state.exchanges().stream())
        .collect(Collectors.groupingBy(OfExchange::exchange, TreeMap::new, Collectors.toList()))
        .forEach((exchange, uses) -> show(exchange, pool, endpoint, uses));
  }

  private void show(String exchange, String pool, String endpoint, List<OfExchange> uses) {
    gauge(
        MetricCatalog.CONNECTS_USED,
        highest(uses, OfExchange::connectsUsed),
        exchange,
        pool,
        endpoint);
    gauge(
        MetricCatalog.WEIGHT_USED, highest(uses, OfExchange::weightUsed), exchange, pool, endpoint);
    uses.stream()
        .filter(use -> use.cooldownNanos() > 0)
        .max(Comparator.comparingLong(OfExchange::cooldownNanos))
        .ifPresent(
            use ->
                gauge(
                    MetricCatalog.COOLDOWN_UNTIL,
                    now.plusNanos(use.cooldownNanos()).getEpochSecond(),
                    exchange,
                    pool,
                    endpoint,
                    String.valueOf(use.cooldownStatus())));
  }

  private void gauge(Metric metric, double value, String... values) {
    to.accept(Sample.of(metric, value, values));
  }

  private static long count(PoolStates pool, Predicate<MemberState> which) {
    return pool.members().stream().filter(which).count();
  }

  private static <T> double highest(List<T> values, ToDoubleFunction<T> of) {
    return values.stream().mapToDouble(of).max().orElse(0);
  }

  private static int level(Circuit circuit) {
    return switch (circuit) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }
}
