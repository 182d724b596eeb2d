package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.pool.MemberState;
import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import io.cryptofeed.connect.proxy.settings.Source;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts, logs and audits what happens in the proxy layer of one connector, and says when it goes
 * badly. Holds no secret, for it is never given one. Safe for use by many threads; nothing blocks.
 */
public final class ProxyMonitor implements ProxyEvents {

  private static final String DIRECT = "direct";
  private static final double NANOS_PER_SECOND = 1e9;

  /** The numbers of a histogram stay in the order in which it gives them. */
  private static final Comparator<Sample> ORDER =
      Comparator.comparing((Sample sample) -> sample.metric().name())
          .thenComparing(Sample::identity);

  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Meters meters = new Meters();
  private final AuditLog audit = new AuditLog();
  private final StateLog log;
  private final Alerts alerts;
  private final Map<String, Long> managerAnswered = new ConcurrentHashMap<>();
  private final Set<Sample> routes = ConcurrentHashMap.newKeySet();
  private volatile Supplier<List<PoolStates>> pools = List::of;

  /** Watches by the clocks of this machine. */
  public ProxyMonitor(MonitoringSettings settings) {
    this(settings, InstantSource.system(), System::nanoTime);
  }

  /**
   * @param clock tells the date, for what is shown as one
   * @param nanoTime like {@link System#nanoTime()}, for everything that is measured
   */
  public ProxyMonitor(MonitoringSettings settings, InstantSource clock, LongSupplier nanoTime) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.log = new StateLog(settings.detailedLogging());
    this.alerts = new Alerts(settings, log::alert);
  }

  /**
   * Says where the state of the pools is read, whenever it is asked for. What has left its pool is
   * forgotten from then on.
   *
   * @param states is called on any thread, and must not block
   */
  public void observe(Supplier<List<PoolStates>> states) {
    pools = states;
  }

  /**
   * Shows which route an exchange has, and which source won.
   *
   * @param route as in {@link ProxyEvents.Exit}, without credentials
   */
  public void configured(String exchange, Transport transport, String route, Source source) {
    routes.add(
        Sample.of(MetricCatalog.CONFIG, 1, exchange, transport.code(), route, source.place()));
  }

  /**
   * Ends alerts that are over, tells what was added up, and forgets what has left its pool. To be
   * called every few seconds; taking samples does it, too.
   */
  public void check() {
    check(pools.get());
  }

  /** All numbers as they are now, those of a metric together. */
  public List<Sample> samples() {
    List<PoolStates> states = pools.get();
    check(states);
    List<Sample> samples = new ArrayList<>();
    meters.show(samples::add);
    new PoolGauges(clock.instant(), samples::add).show(states);
    showManagers(samples::add);
    showAlerts(samples::add);
    samples.addAll(routes);
    samples.sort(ORDER);
    return samples;
  }

  @Override
  public void connected(
      String exchange, Transport transport, String target, Exit exit, Map<Step, Duration> steps) {
    Duration took = steps.values().stream().reduce(Duration.ZERO, Duration::plus);
    meters.connected(exchange, transport, exit, steps, took);
    audit.opened(exchange, transport, target, exit, took);
    log.connected(exchange, transport, target, exit, steps);
    alerts.opened(watched(exchange, transport, exit.route()), took, nanoTime.getAsLong());
  }

  @Override
  public void connectFailed(
      String exchange,
      Transport transport,
      String target,
      Exit exit,
      FailureKind kind,
      String message) {
    meters.connectFailed(exchange, transport, exit, kind);
    log.connectFailed(exchange, transport, target, exit, kind, message);
    alerts.failed(watched(exchange, transport, exit.route()), nanoTime.getAsLong());
  }

  @Override
  public void closed(
      String exchange,
      Transport transport,
      String target,
      Exit exit,
      Duration lifetime,
      long bytesRead,
      long bytesWritten) {
    meters.closed(exchange, transport, exit);
    audit.closed(exchange, transport, target, exit, lifetime, bytesRead, bytesWritten);
    log.closed(exchange, transport, target, exit, lifetime);
  }

  @Override
  public void transferred(
      String exchange, Transport transport, Exit exit, long bytesRead, long bytesWritten) {
    meters.transferred(exchange, transport, exit, bytesRead, bytesWritten);
  }

  @Override
  public void refused(
      String exchange, Transport transport, String target, String route, String reason) {
    meters.refused(exchange, transport);
    audit.refused(exchange, transport, target, route, reason);
    alerts.failed(watched(exchange, transport, route), nanoTime.getAsLong());
  }

  @Override
  public void failover(String exchange, Transport transport, Exit failed, String message) {
    meters.failover(exchange, transport, failed);
    log.failover(exchange, transport, failed, message, nanoTime.getAsLong());
  }

  @Override
  public void directFallback(
      String exchange, Transport transport, String target, String route, String reason) {
    meters.directFallback(exchange, transport);
    audit.directFallback(exchange, transport, target, route, reason);
    log.directFallback(exchange, transport, target, reason);
  }

  @Override
  public void unmatched(String exchange, Transport transport, String target) {
    meters.unmatched(exchange, transport);
    log.unmatched(exchange, transport);
  }

  @Override
  public void answered(String exchange, Transport transport, Exit exit, int status, Duration took) {
    meters.answered(exchange, transport, exit, status, took);
  }

  @Override
  public void roundTrip(String exchange, Exit exit, Duration took) {
    meters.roundTrip(exchange, exit, took);
  }

  @Override
  public void selected(String pool, String strategy, boolean panic) {
    meters.selected(pool, strategy, panic);
    log.selected(pool, panic);
  }

  @Override
  public void healthChanged(String pool, String egress, boolean healthy, String reason) {
    if (!healthy) {
      meters.ejected(pool, egress, "health");
    }
    log.healthChanged(pool, egress, healthy, reason);
  }

  @Override
  public void circuitChanged(String pool, String egress, Circuit state, Duration openFor) {
    if (state == Circuit.OPEN) {
      meters.ejected(pool, egress, "circuit");
    }
    log.circuitChanged(pool, egress, state, openFor);
  }

  @Override
  public void coolingDown(
      String pool, String egress, String exchange, int status, Duration pause, boolean rotates) {
    meters.ejected(pool, egress, "cooldown");
    log.coolingDown(pool, egress, exchange, status, pause, rotates);
  }

  @Override
  public void probed(String pool, String egress, boolean success, Duration took, String message) {
    meters.probed(pool, egress, success);
    log.probed(pool, egress, success, took, message);
  }

  @Override
  public void membersChanged(String pool, int added, int draining, int total) {
    meters.membersChanged(pool, added, draining);
    log.membersChanged(pool, added, draining, total);
    forgetDeparted(pools.get());
  }

  @Override
  public void managerRefreshed(String pool, int members, @Nullable String fault) {
    if (fault == null) {
      managerAnswered.put(pool, nanoTime.getAsLong());
    }
    meters.managerRefreshed(pool, fault == null);
    log.managerRefreshed(pool, members, fault);
  }

  @Override
  public void pinMismatch(String host) {
    meters.pinMismatch(host);
    log.pinMismatch(host, nanoTime.getAsLong());
  }

  private void check(List<PoolStates> states) {
    long now = nanoTime.getAsLong();
    alerts.check(now);
    log.tellRepeats(now);
    forgetDeparted(states);
  }

  private void forgetDeparted(List<PoolStates> states) {
    Map<String, Set<String>> present = new HashMap<>();
    for (PoolStates pool : states) {
      Set<String> endpoints = present.computeIfAbsent(pool.pool(), any -> new HashSet<>());
      pool.members().stream().map(MemberState::egress).forEach(endpoints::add);
    }
    meters.forget(
        (pool, endpoint) ->
            present.containsKey(pool)
                && !present.get(pool).contains(endpoint)
                && !endpoint.equals(DIRECT));
  }

  private void showManagers(Consumer<Sample> to) {
    long now = nanoTime.getAsLong();
    managerAnswered.forEach(
        (pool, answered) ->
            to.accept(
                Sample.of(MetricCatalog.REFRESH_AGE, (now - answered) / NANOS_PER_SECOND, pool)));
  }

  private void showAlerts(Consumer<Sample> to) {
    alerts
        .active()
        .forEach(
            (watched, active) -> {
              for (Alerts.Kind kind : Alerts.Kind.values()) {
                to.accept(
                    Sample.of(
                        MetricCatalog.ALERTS,
                        active.contains(kind) ? 1 : 0,
                        watched.exchange(),
                        watched.transport().code(),
                        watched.route(),
                        kind.code()));
              }
            });
  }

  private static Alerts.Watched watched(String exchange, Transport transport, String route) {
    return new Alerts.Watched(exchange, transport, route);
  }
}
