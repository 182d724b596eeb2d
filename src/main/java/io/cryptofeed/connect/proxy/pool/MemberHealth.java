package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import java.time.Duration;

/**
 * Learns from attempts and probes which members of a pool are healthy, and emits what changes. A
 * failure counts against a member only if it is the proxy's fault. Guarded by its pool.
 */
final class MemberHealth {

  private final Duration retryFailedAfter;
  private final HealthSettings health;
  private final boolean reportsCircuits;
  private final FaultAttribution attribution;

  /**
   * @param reportsCircuits whether an open circuit excludes a member, so that its changes are
   *     emitted
   */
  MemberHealth(
      FailoverSettings failover,
      CircuitSettings circuit,
      HealthSettings health,
      boolean reportsCircuits) {
    retryFailedAfter = failover.retryFailedAfter();
    this.health = health;
    this.reportsCircuits = reportsCircuits;
    attribution = new FaultAttribution(circuit.window().toNanos());
  }

  // Attempts.

  void opening(Member member, long now, PendingEvents pending) {
    if (member.circuit.begin(now)) {
      reportCircuit(member, Circuit.HALF_OPEN, pending);
    }
  }

  void opened(Member member, String target, Duration took, long now, PendingEvents pending) {
    learn(member, took, now);
    if (member.circuit.succeeded(now)) {
      reportCircuit(member, Circuit.CLOSED, pending);
    }
    member.clearRefusal();
    reportHealth(member, "it accepts the user name and the password", now, pending);
    reached(member, target, now, pending);
  }

  private static void learn(Member member, Duration took, long now) {
    member.latency.sample(took.toNanos(), now);
    member.cost.succeeded(took.toNanos(), now);
    member.clearFailed();
  }

  private void reached(Member member, String target, long now, PendingEvents pending) {
    member.clearDenial(target);
    for (Member atFault : attribution.reached(member, target, now)) {
      countFault(atFault, now, pending);
    }
  }

  void failed(Member member, String target, FailureKind kind, long now, PendingEvents pending) {
    if (kind == FailureKind.PROXY_DOWN || kind == FailureKind.PROXY_TLS) {
      chooseLast(member, now);
      member.cost.failed(now);
      if (member.circuit.failed(now)) {
        reportCircuit(member, Circuit.OPEN, pending);
      }
      return;
    }
    member.circuit.withdraw();
    switch (kind) {
      case AMBIGUOUS -> ambiguous(member, target, now, pending);
      case PROXY_AUTH -> {
        chooseLast(member, now);
        member.cost.failed(now);
        rejectsCredentials(member, now, pending);
      }
      case PROXY_DENIED -> denies(member, target, now);
      case TARGET -> attribution.unreachable(member, target, now);
      case PROXY_DOWN, PROXY_TLS, NO_WAY -> {}
    }
  }

  /** An open connection is silent. */
  void silent(Member member, String target, long now, PendingEvents pending) {
    ambiguous(member, target, now, pending);
  }

  private void ambiguous(Member member, String target, long now, PendingEvents pending) {
    chooseLast(member, now);
    if (attribution.isAtFault(member, target, now)) {
      countFault(member, now, pending);
    }
  }

  private void chooseLast(Member member, long now) {
    member.setFailedUntil(now + retryFailedAfter.toNanos());
  }

  private void countFault(Member member, long now, PendingEvents pending) {
    member.cost.failed(now);
    if (member.circuit.countFault(now)) {
      reportCircuit(member, Circuit.OPEN, pending);
    }
  }

  private void rejectsCredentials(Member member, long now, PendingEvents pending) {
    member.setRefusesUntil(now + retryFailedAfter.toNanos());
    reportHealth(member, "auth: it rejected the credentials", now, pending);
  }

  private void denies(Member member, String target, long now) {
    member.setDenies(target, now + retryFailedAfter.toNanos());
  }

  // Probes.

  void probeSucceeded(
      Member member, String target, Duration took, long now, PendingEvents pending) {
    member.falls = 0;
    member.rises++;
    learn(member, took, now);
    member.probedUp |= member.rises >= health.rise();
    if (opensTunnels()) {
      member.clearRefusal();
    }
    if (member.circuit.close(now)) {
      reportCircuit(member, Circuit.CLOSED, pending);
    }
    reportHealth(member, "its probes succeed", now, pending);
    if (opensTunnels()) {
      reached(member, target, now, pending);
    }
  }

  /** Whether probes go through the proxy, and not only to it. */
  private boolean opensTunnels() {
    return health.method() != HealthSettings.Method.TCP;
  }

  void probeFailed(
      Member member,
      FailureKind failure,
      String target,
      boolean isOfExchange,
      long now,
      PendingEvents pending) {
    if (!isProxyFault(member, failure, target, isOfExchange, now)) {
      return;
    }
    member.rises = 0;
    member.falls++;
    member.cost.failed(now);
    if (member.circuit.state(now) == Circuit.HALF_OPEN && member.circuit.countFault(now)) {
      reportCircuit(member, Circuit.OPEN, pending);
    }
    if (failure == FailureKind.PROXY_AUTH) {
      rejectsCredentials(member, now, pending);
    }
    member.probedUp &= member.falls < health.fall();
    reportHealth(member, "its probes fail, the last one with " + failure.code(), now, pending);
  }

  private boolean isProxyFault(
      Member member, FailureKind failure, String target, boolean isOfExchange, long now) {
    return switch (failure) {
      case PROXY_DOWN, PROXY_TLS, PROXY_AUTH -> true;
      case AMBIGUOUS, TARGET -> !isOfExchange || attribution.isAtFault(member, target, now);
      case PROXY_DENIED -> {
        denies(member, target, now);
        yield !isOfExchange;
      }
      case NO_WAY -> false;
    };
  }

  /** A member has left the pool, and has no connection any more. */
  void forget(Member member) {
    attribution.forget(member);
  }

  private static void reportHealth(Member member, String reason, long now, PendingEvents pending) {
    boolean healthy = member.probedUp && !member.refusesCredentials(now);
    if (healthy != member.reportedHealthy) {
      member.reportedHealthy = healthy;
      pending.health(member, healthy, reason);
    }
  }

  private void reportCircuit(Member member, Circuit state, PendingEvents pending) {
    if (reportsCircuits) {
      pending.circuit(
          member, state, state == Circuit.OPEN ? member.circuit.openFor() : Duration.ZERO);
    }
  }
}
