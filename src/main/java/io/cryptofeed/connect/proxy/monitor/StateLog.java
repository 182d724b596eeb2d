package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.metrics.PrometheusText;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Exit;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Step;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.text.Repeats;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines of the proxy layer: one for each change of state, INFO where things get better and
 * WARN where they get worse. What repeats itself is added up. Safe for use by many threads.
 */
final class StateLog {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyMonitor.class);

  private final boolean detailed;
  private final Repeats<Failover> failovers = new Repeats<>();
  private final Repeats<String> pinMismatches = new Repeats<>();
  private final Set<Unmatched> unmatched = ConcurrentHashMap.newKeySet();
  private final Set<String> panicking = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> managerFaults = new ConcurrentHashMap<>();

  /**
   * @param detailed whether every connection, every failed attempt and every probe has a line
   */
  StateLog(boolean detailed) {
    this.detailed = detailed;
  }

  private record Failover(String exchange, Transport transport, String route, String egress) {}

  private record Unmatched(String exchange, Transport transport) {}

  void connected(
      String exchange, Transport transport, String target, Exit exit, Map<Step, Duration> steps) {
    if (detailed) {
      String times =
          steps.entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(step -> stage(step.getKey()) + "_ms=" + millis(step.getValue()))
              .collect(Collectors.joining(" "));
      LOG.info(
          "exchange={} transport={} proxy={} opened a connection to {}: {}",
          exchange,
          transport.code(),
          exit.egress(),
          target,
          times);
    }
  }

  void connectFailed(
      String exchange,
      Transport transport,
      String target,
      Exit exit,
      FailureKind kind,
      String message) {
    if (detailed) {
      LOG.info(
          "exchange={} transport={} proxy={} class={} no connection to {}: {}",
          exchange,
          transport.code(),
          exit.egress(),
          kind.code(),
          target,
          LogFields.plain(message));
    }
  }

  void closed(String exchange, Transport transport, String target, Exit exit, Duration lifetime) {
    if (detailed) {
      LOG.info(
          "exchange={} transport={} proxy={} the connection to {} is closed after {} ms",
          exchange,
          transport.code(),
          exit.egress(),
          target,
          lifetime.toMillis());
    }
  }

  void failover(String exchange, Transport transport, Exit failed, String message, long nowNanos) {
    Failover alike = new Failover(exchange, transport, failed.route(), failed.egress());
    if (failovers.isFirst(alike, nowNanos)) {
      LOG.warn(
          "exchange={} transport={} route={} proxy={} failed, another is tried: {}",
          exchange,
          transport.code(),
          failed.route(),
          failed.egress(),
          LogFields.plain(message));
    }
  }

  void directFallback(String exchange, Transport transport, String target, String reason) {
    LOG.warn(
        "FALLBACK DIRECT {} {}: the connection to {} goes without a proxy, which"
            + " proxy.fallback=direct allows, and its host name is resolved by the worker: {}",
        exchange,
        transport.code(),
        target,
        LogFields.plain(reason));
  }

  void unmatched(String exchange, Transport transport) {
    if (unmatched.add(new Unmatched(exchange, transport))) {
      LOG.warn(
          "exchange={} transport={} has no route and goes without a proxy, which"
              + " proxy.unmatched=direct allows; set proxy.exchanges.{}.{}.url, or write 'direct'"
              + " there",
          exchange,
          transport.code(),
          exchange,
          transport.code());
    }
  }

  void selected(String pool, boolean panic) {
    if (panic) {
      if (panicking.add(pool)) {
        LOG.warn("pool={} too few proxies are healthy: all are used, healthy or not", pool);
      }
    } else if (panicking.remove(pool)) {
      LOG.info("pool={} enough proxies are healthy again: the others are left out", pool);
    }
  }

  void healthChanged(String pool, String egress, boolean healthy, String reason) {
    if (healthy) {
      LOG.info("pool={} proxy={} is healthy again: {}", pool, egress, LogFields.plain(reason));
    } else {
      LOG.warn("pool={} proxy={} is no longer healthy: {}", pool, egress, LogFields.plain(reason));
    }
  }

  void circuitChanged(String pool, String egress, Circuit state, Duration openFor) {
    switch (state) {
      case OPEN ->
          LOG.warn(
              "pool={} proxy={} circuit open: not used for {} ms",
              pool,
              egress,
              openFor.toMillis());
      case HALF_OPEN -> LOG.info("pool={} proxy={} circuit half open: on trial", pool, egress);
      case CLOSED -> LOG.info("pool={} proxy={} circuit closed: used again", pool, egress);
    }
  }

  void coolingDown(
      String pool, String egress, String exchange, int status, Duration pause, boolean rotates) {
    LOG.warn(
        "exchange={} pool={} proxy={} was answered {}: not used for this exchange for {} ms{}",
        exchange,
        pool,
        egress,
        status,
        pause.toMillis(),
        rotates ? ", another is taken" : "");
  }

  void probed(String pool, String egress, boolean success, Duration took, String message) {
    if (detailed) {
      LOG.info(
          "pool={} proxy={} probe {} after {} ms: {}",
          pool,
          egress,
          success ? "went well" : "failed",
          millis(took),
          LogFields.plain(message));
    }
  }

  void membersChanged(String pool, int added, int draining, int total) {
    LOG.info("pool={} has {} proxies now: {} added, {} draining", pool, total, added, draining);
  }

  void managerRefreshed(String pool, int members, @Nullable String fault) {
    if (fault == null) {
      Integer faults = managerFaults.remove(pool);
      if (faults != null) {
        LOG.info(
            "pool={} the manager responds again after {} failures: {} proxies",
            pool,
            faults,
            members);
      }
    } else if (managerFaults.merge(pool, 1, Integer::sum) == 1) {
      LOG.warn(
          "pool={} the manager has no proxies to offer, the last known ones stay: {}",
          pool,
          LogFields.plain(fault));
    }
  }

  void pinMismatch(String host, long nowNanos) {
    if (pinMismatches.isFirst(host, nowNanos)) {
      LOG.warn(
          "host={} showed a key that is not pinned, and is not spoken to; if its key has been"
              + " changed on purpose, change the pins in proxy.tls.pins or proxy.pins.{}",
          host,
          host);
    }
  }

  void alert(Alerts.Change change) {
    Alerts.Watched watched = change.watched();
    String line =
        "exchange=%s transport=%s route=%s alert=%s %s: %s"
            .formatted(
                watched.exchange(),
                watched.transport().code(),
                watched.route(),
                change.kind().code(),
                change.active() ? "begins" : "is over",
                change.words());
    if (change.active()) {
      LOG.warn("{}", line);
    } else {
      LOG.info("{}", line);
    }
  }

  /** Reports the sums, when a minute is over. */
  void tellRepeats(long nowNanos) {
    failovers.report(
        nowNanos,
        (alike, times) ->
            LOG.warn(
                "exchange={} transport={} route={} proxy={} failed {} more times, and others were"
                    + " tried",
                alike.exchange,
                alike.transport.code(),
                alike.route,
                alike.egress,
                times));
    pinMismatches.report(
        nowNanos,
        (host, times) ->
            LOG.warn("host={} showed a key that is not pinned {} more times", host, times));
  }

  /** The name of a step in metrics and logs. */
  static String stage(Step step) {
    return switch (step) {
      case DNS -> "dns";
      case TCP -> "tcp";
      case PROXY_TLS -> "tls";
      case TUNNEL -> "tunnel";
    };
  }

  /** With a decimal, since steps on one machine take less than a millisecond. */
  private static String millis(Duration duration) {
    return PrometheusText.number(Math.round(duration.toNanos() / 1e5) / 10.0);
  }
}
