package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A proxy of a pool and how it is doing. Its state belongs to the pool, which guards it; what can be
 * seen here is safe for many threads. Compared by identity.
 */
public final class Member {

  private volatile MemberSettings settings;
  final CircuitBreaker circuit;
  final Latency latency = new Latency();
  final Belief belief = new Belief();
  private final Map<String, Allowance> allowances = new HashMap<>();

  /** Targets that the proxy forbids, and until when that is believed. */
  final Map<String, Long> denied = new HashMap<>();

  int active;
  boolean draining;
  boolean probedUp = true;
  int rises;
  int falls;
  boolean failedLately;
  long failedUntil;
  boolean refusesCredentials;
  long refusesUntil;

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

  boolean isHealthy(long now) {
    return probedUp && !refusesCredentials(now) && circuit.permits(now);
  }

  boolean refusesCredentials(long now) {
    refusesCredentials = refusesCredentials && refusesUntil - now > 0;
    return refusesCredentials;
  }

  boolean failedLately(long now) {
    failedLately = failedLately && failedUntil - now > 0;
    return failedLately;
  }

  boolean denies(String target, long now) {
    Long until = denied.get(target);
    if (until != null && until - now <= 0) {
      denied.remove(target);
    }
    return until != null && until - now > 0;
  }

  @Override
  public String toString() {
    return egress();
  }
}
