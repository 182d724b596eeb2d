package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A proxy of a pool and its state. The state is guarded by the pool; the public methods are safe
 * for many threads. Compared by identity.
 */
public final class Member {

  private volatile MemberSettings settings;
  final CircuitBreaker circuit;
  final Latency latency = new Latency();
  final CostPosterior cost = new CostPosterior();
  private final Map<String, Allowance> allowances = new HashMap<>();

  /** Targets that the proxy forbids, and until when they are not tried again. */
  private final Map<String, Long> denied = new HashMap<>();

  /** Open connections, those that are being opened included. */
  int active;

  /** When a strategy that takes turns last chose it. */
  long turn;

  boolean draining;
  boolean probedUp = true;
  int rises;
  int falls;

  /** The health that was last reported. */
  boolean reportedHealthy = true;

  private boolean failedLately;
  private long failedUntil;
  private boolean refusesCredentials;
  private long refusesUntil;

  Member(MemberSettings settings, CircuitSettings circuit, RandomGenerator random) {
    this.settings = settings;
    this.circuit = new CircuitBreaker(circuit, random);
  }

  /** The proxy. */
  public ProxyUrl url() {
    return settings.url();
  }

  /** {@code scheme://host:port}, without credentials. */
  public String egress() {
    return url().egress();
  }

  /** Whether it is enabled. */
  public boolean isEnabled() {
    return settings.enabled();
  }

  /** The region's label, null when it has none. */
  public @Nullable String region() {
    return settings.region();
  }

  MemberSettings settings() {
    return settings;
  }

  void setSettings(MemberSettings changed) {
    settings = changed;
  }

  Allowance allowance(String exchange) {
    return allowances.computeIfAbsent(exchange, any -> new Allowance());
  }

  Map<String, Allowance> allowances() {
    return allowances;
  }

  void setFailedUntil(long until) {
    failedLately = true;
    failedUntil = until;
  }

  void clearFailed() {
    failedLately = false;
  }

  boolean failedLately(long now) {
    failedLately = failedLately && failedUntil - now > 0;
    return failedLately;
  }

  void setRefusesUntil(long until) {
    refusesCredentials = true;
    refusesUntil = until;
  }

  void clearRefusal() {
    refusesCredentials = false;
  }

  boolean refusesCredentials(long now) {
    refusesCredentials = refusesCredentials && refusesUntil - now > 0;
    return refusesCredentials;
  }

  long refusesNanos(long now) {
    return refusesCredentials(now) ? refusesUntil - now : 0;
  }

  void setDenies(String target, long until) {
    denied.put(target, until);
  }

  void clearDenial(String target) {
    denied.remove(target);
  }

  boolean denies(String target, long now) {
    return !denied.isEmpty() && deniesNanos(target, now) > 0;
  }

  long deniesNanos(String target, long now) {
    Long until = denied.get(target);
    if (until != null && until - now <= 0) {
      denied.remove(target);
    }
    return until == null ? 0 : Math.max(0, until - now);
  }

  @Override
  public String toString() {
    return egress();
  }
}
