package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Finds out when the connections of a route have become slow to open, or fail too often, and when
 * that is over. Reads no clock: times are readings of {@link System#nanoTime()}. Safe for use by
 * many threads.
 *
 * <p>What counts are the last five minutes. An alert begins only when they hold enough to judge by.
 * It ends when they look well, or hold nothing: where nothing is tried, nothing fails.
 */
public final class Alerts {

  /** One failure among few attempts is not worth an alert. */
  public static final int FEWEST_ATTEMPTS = 5;

  /** Connections are opened rarely; a few slow ones say enough. */
  public static final int FEWEST_CONNECTS = 3;

  private final MonitoringSettings settings;
  private final Consumer<Change> changes;
  private final Map<Watched, Watch> watches = new ConcurrentHashMap<>();

  /**
   * @param changes is told when an alert begins or ends, on the thread that brought it about
   */
  Alerts(MonitoringSettings settings, Consumer<Change> changes) {
    this.settings = settings;
    this.changes = changes;
  }

  /** Whose connections are judged together. */
  record Watched(String exchange, Transport transport, String route) {}

  /** What an alert is about. */
  enum Kind {
    LATENCY,
    SUCCESS_RATE;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An alert has begun or ended.
   *
   * @param words what the last five minutes show, and the limit
   */
  record Change(Watched watched, Kind kind, boolean active, String words) {}

  /** A connection is open. */
  void opened(Watched watched, Duration took, long nowNanos) {
    Watch watch = watch(watched);
    watch.window.opened(took, nowNanos);
    judge(watched, watch, nowNanos);
  }

  /** A connection could not be opened. */
  void failed(Watched watched, long nowNanos) {
    Watch watch = watch(watched);
    watch.window.failed(nowNanos);
    judge(watched, watch, nowNanos);
  }

  /** Judges again, now that time has gone by. */
  void check(long nowNanos) {
    watches.forEach((watched, watch) -> judge(watched, watch, nowNanos));
  }

  /** Which alerts are active, for everything that was ever watched. */
  Map<Watched, Set<Kind>> active() {
    Map<Watched, Set<Kind>> active = new HashMap<>();
    watches.forEach((watched, watch) -> active.put(watched, watch.active()));
    return active;
  }

  private Watch watch(Watched watched) {
    return watches.computeIfAbsent(watched, any -> new Watch());
  }

  private void judge(Watched watched, Watch watch, long nowNanos) {
    AttemptWindow.Totals seen = watch.window.totals(nowNanos);
    judge(
        watched,
        watch,
        Kind.LATENCY,
        isSlow(seen),
        seen.connects() >= FEWEST_CONNECTS,
        seen.connects() == 0
            ? "nothing was opened in the last five minutes"
            : "opening a connection takes "
                + seen.meanConnect().toMillis()
                + " ms on average, the limit is "
                + settings.latencyAlert().toMillis()
                + " ms");
    judge(
        watched,
        watch,
        Kind.SUCCESS_RATE,
        failsOften(seen),
        seen.attempts() >= FEWEST_ATTEMPTS,
        seen.attempts() == 0
            ? "nothing was tried in the last five minutes"
            : seen.connects()
                + " of "
                + seen.attempts()
                + " attempts went well in the last five minutes, the limit is "
                + settings.successRateAlertPercent()
                + " %");
  }

  private void judge(
      Watched watched, Watch watch, Kind kind, boolean bad, boolean isEnough, String words) {
    if (watch.set(kind, bad, isEnough)) {
      changes.accept(new Change(watched, kind, bad, words));
    }
  }

  private boolean isSlow(AttemptWindow.Totals seen) {
    return !settings.latencyAlert().isZero()
        && seen.meanConnect().compareTo(settings.latencyAlert()) > 0;
  }

  private boolean failsOften(AttemptWindow.Totals seen) {
    return seen.connects() * 100L < (long) settings.successRateAlertPercent() * seen.attempts();
  }

  /** A window and the alerts that it has led to. */
  private static final class Watch {

    private final AttemptWindow window = new AttemptWindow();
    private final Set<Kind> active = EnumSet.noneOf(Kind.class);

    /**
     * @return whether the alert begins or ends with this
     */
    synchronized boolean set(Kind kind, boolean bad, boolean isEnough) {
      if (!bad) {
        return active.remove(kind);
      }
      return isEnough && active.add(kind);
    }

    synchronized Set<Kind> active() {
      return Set.copyOf(active);
    }
  }
}
