package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.pool.MemberState;
import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.pool.MemberState.OfExchange;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Exit;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Step;
import io.cryptofeed.connect.proxy.pool.TestMembers;
import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A monitor whose clocks stand still until they are moved. */
final class Scene {

  static final String TARGET = "stream.binance.com:443";
  static final String EGRESS = "socks5://proxy-1:1080";
  static final Exit EU = new Exit("pool:eu", "eu", EGRESS, "EU");
  static final Exit DIRECT = new Exit("direct", null, "direct", null);

  private final List<PoolStates> pools = new ArrayList<>();
  final ProxyMonitor monitor;

  /** Negative, as the clock of a JVM may be. */
  private long nanos = -Duration.ofHours(1).toNanos();

  private Scene(MonitoringSettings settings) {
    monitor = new ProxyMonitor(settings, () -> Instant.ofEpochSecond(1_800_000_000), () -> nanos);
    monitor.observe(() -> List.copyOf(pools));
  }

  static Scene of() {
    return new Scene(MonitoringSettings.DEFAULT);
  }

  /** Every connection is logged. */
  static Scene detailed() {
    return new Scene(new MonitoringSettings(Duration.ofMillis(500), 95, true));
  }

  void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** The only pool, from now on. */
  void pool(String name, MemberState... members) {
    pools.clear();
    pools.add(new PoolStates(name, List.of(members)));
  }

  /** A member that is well, and idle. */
  static MemberState member(String url, OfExchange... exchanges) {
    return member(url, true, false, 0, exchanges);
  }

  static MemberState member(
      String url, boolean healthy, boolean draining, int active, OfExchange... exchanges) {
    return new MemberState(
        TestMembers.of(url),
        healthy,
        healthy ? Circuit.CLOSED : Circuit.OPEN,
        active,
        0,
        healthy ? 1 : 0.25,
        draining,
        List.of(exchanges));
  }

  void connect(Exit exit) {
    connect(exit, Duration.ofMillis(40));
  }

  void connect(Exit exit, Duration tunnel) {
    monitor.connected("binance", Transport.WEBSOCKET, TARGET, exit, Map.of(Step.TUNNEL, tunnel));
  }

  void fail(Exit exit) {
    monitor.connectFailed(
        "binance", Transport.WEBSOCKET, TARGET, exit, FailureKind.PROXY_DOWN, "cannot reach proxy");
  }

  void close(Exit exit) {
    monitor.transferred("binance", Transport.WEBSOCKET, exit, 2000, 300);
    monitor.closed("binance", Transport.WEBSOCKET, TARGET, exit, Duration.ofSeconds(90), 2000, 300);
  }

  /** All numbers but the buckets of histograms. */
  Map<String, Double> numbers() {
    Map<String, Double> numbers = new TreeMap<>();
    monitor.samples().stream()
        .filter(sample -> !sample.isBucket())
        .forEach(sample -> numbers.put(sample.series(), sample.value()));
    return numbers;
  }

  /** By how much which numbers change when something happens. */
  Map<String, Double> changes(Runnable happening) {
    Map<String, Double> before = numbers();
    happening.run();
    Map<String, Double> changes = new TreeMap<>(numbers());
    changes.replaceAll((series, value) -> value - before.getOrDefault(series, 0.0));
    changes.values().removeIf(change -> change == 0);
    return changes;
  }
}
