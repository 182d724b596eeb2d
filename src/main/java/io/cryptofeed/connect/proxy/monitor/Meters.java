package io.cryptofeed.connect.proxy.monitor;

import static io.cryptofeed.connect.proxy.monitor.StateLog.stage;

import io.cryptofeed.connect.metrics.Histogram;
import io.cryptofeed.connect.metrics.Metric;
import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.metrics.Series;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Exit;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Step;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the events add up to. Safe for use by many threads; without a lock but for the first event
 * of a series.
 */
final class Meters {

  private static final String SUCCESS = "success";
  private static final String FAILURE = "failure";

  private final Series<LongAdder> connects = counter(MetricCatalog.CONNECTS);
  private final Series<Histogram> connectSteps = histogram(MetricCatalog.CONNECT_STEP);
  private final Series<Histogram> tunnels = histogram(MetricCatalog.TUNNEL);
  private final Series<LongAdder> refused = counter(MetricCatalog.REFUSED);
  private final Series<LongAdder> active = counter(MetricCatalog.ACTIVE);
  private final Series<LongAdder> bytes = counter(MetricCatalog.BYTES);
  private final Series<Histogram> pings = histogram(MetricCatalog.PING);
  private final Series<Histogram> requests = histogram(MetricCatalog.REQUEST);
  private final Series<LongAdder> statuses = counter(MetricCatalog.STATUSES);
  private final Series<LongAdder> failovers = counter(MetricCatalog.FAILOVERS);
  private final Series<LongAdder> directFallbacks = counter(MetricCatalog.DIRECT_FALLBACKS);
  private final Series<LongAdder> unmatched = counter(MetricCatalog.UNMATCHED);
  private final Series<LongAdder> selections = counter(MetricCatalog.SELECTIONS);
  private final Series<LongAdder> panics = counter(MetricCatalog.PANICS);
  private final Series<LongAdder> probes = counter(MetricCatalog.PROBES);
  private final Series<LongAdder> ejections = counter(MetricCatalog.EJECTIONS);
  private final Series<LongAdder> memberChanges = counter(MetricCatalog.MEMBER_CHANGES);
  private final Series<LongAdder> refreshes = counter(MetricCatalog.REFRESHES);
  private final Series<LongAdder> pinMismatches = counter(MetricCatalog.PIN_MISMATCHES);

  private final List<Series<LongAdder>> counters =
      List.of(
          connects,
          refused,
          active,
          bytes,
          statuses,
          failovers,
          directFallbacks,
          unmatched,
          selections,
          panics,
          probes,
          ejections,
          memberChanges,
          refreshes,
          pinMismatches);

  private final List<Series<Histogram>> histograms =
      List.of(connectSteps, tunnels, pings, requests);

  void connected(
      String exchange, Transport transport, Exit exit, Map<Step, Duration> steps, Duration took) {
    String pool = pool(exit);
    String endpoint = exit.egress();
    connects.of(exchange, transport.code(), pool, endpoint, SUCCESS, "none").increment();
    active.of(exchange, transport.code(), pool, endpoint).increment();
    tunnels.of(exchange, transport.code(), pool, endpoint).add(took);
    steps.forEach(
        (step, duration) ->
            connectSteps.of(exchange, transport.code(), pool, endpoint, stage(step)).add(duration));
  }

  void connectFailed(String exchange, Transport transport, Exit exit, FailureKind kind) {
    connects
        .of(exchange, transport.code(), pool(exit), exit.egress(), FAILURE, kind.code())
        .increment();
  }

  void closed(String exchange, Transport transport, Exit exit) {
    active.of(exchange, transport.code(), pool(exit), exit.egress()).decrement();
  }

  void transferred(
      String exchange, Transport transport, Exit exit, long bytesRead, long bytesWritten) {
    String pool = pool(exit);
    bytes.of(exchange, transport.code(), pool, exit.egress(), "read").add(bytesRead);
    bytes.of(exchange, transport.code(), pool, exit.egress(), "written").add(bytesWritten);
  }

  void refused(String exchange, Transport transport) {
    refused.of(exchange, transport.code()).increment();
  }

  void failover(String exchange, Transport transport, Exit failed) {
    failovers.of(exchange, transport.code(), pool(failed), failed.egress()).increment();
  }

  void directFallback(String exchange, Transport transport) {
    directFallbacks.of(exchange, transport.code()).increment();
  }

  void unmatched(String exchange, Transport transport) {
    unmatched.of(exchange, transport.code()).increment();
  }

  void answered(String exchange, Transport transport, Exit exit, int status, Duration took) {
    statuses.of(exchange, transport.code(), pool(exit), exit.egress(), status(status)).increment();
    if (transport == Transport.REST) {
      requests.of(exchange, pool(exit), exit.egress()).add(took);
    }
  }

  void roundTrip(String exchange, Exit exit, Duration took) {
    pings.of(exchange, pool(exit), exit.egress()).add(took);
  }

  void selected(String pool, String strategy, boolean panic) {
    selections.of(pool, strategy).increment();
    if (panic) {
      panics.of(pool).increment();
    }
  }

  void ejected(String pool, String egress, String reason) {
    ejections.of(pool, egress, reason).increment();
  }

  void probed(String pool, String egress, boolean success) {
    probes.of(pool, egress, success ? SUCCESS : FAILURE).increment();
  }

  void membersChanged(String pool, int added, int draining) {
    memberChanges.of(pool, "added").add(added);
    memberChanges.of(pool, "drained").add(draining);
  }

  void managerRefreshed(String pool, boolean success) {
    refreshes.of(pool, success ? SUCCESS : FAILURE).increment();
  }

  void pinMismatch(String host) {
    pinMismatches.of(host).increment();
  }

  /** All numbers. */
  void show(Consumer<Sample> to) {
    counters.forEach(
        counter ->
            counter.forEach(
                (labels, sum) ->
                    to.accept(
                        new Sample(counter.metric(), counter.metric().name(), labels, sum.sum()))));
    histograms.forEach(
        histogram -> histogram.forEach((labels, of) -> of.show(histogram.metric(), labels, to)));
  }

  /**
   * Forgets the numbers of proxies that have left their pool.
   *
   * @param departed by pool and endpoint
   */
  void forget(BiPredicate<String, String> departed) {
    Stream.concat(counters.stream().filter(counter -> counter != active), histograms.stream())
        .filter(series -> series.metric().labels().containsAll(List.of("pool", "endpoint")))
        .forEach(series -> series.removeIf((labels, any) -> isDeparted(labels, departed)));
    active.removeIf((labels, open) -> open.sum() == 0 && isDeparted(labels, departed));
  }

  private static boolean isDeparted(
      Map<String, String> labels, BiPredicate<String, String> departed) {
    return departed.test(labels.getOrDefault("pool", ""), labels.getOrDefault("endpoint", ""));
  }

  private static Series<LongAdder> counter(Metric metric) {
    return new Series<>(metric, LongAdder::new);
  }

  private static Series<Histogram> histogram(Metric metric) {
    return new Series<>(metric, Histogram::new);
  }

  private static String pool(Exit exit) {
    return exit.pool() == null ? "" : exit.pool();
  }

  /** Numbers that are not a status would be series without end. */
  private static String status(int status) {
    return status >= 100 && status <= 599 ? Integer.toString(status) : "other";
  }
}
