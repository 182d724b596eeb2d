package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

/** Why a member may not be used for an errand now. */
enum Ineligibility {
  DISABLED,
  COOLS_DOWN,
  REFUSES_CREDENTIALS,
  FAILS_PROBES,
  CIRCUIT_OPEN,
  ON_TRIAL,
  FORBIDS_TARGET,
  TOO_MANY_CONNECTIONS,
  TOO_MANY_CONNECTS,
  TOO_MUCH_WEIGHT;

  /**
   * The first of those that there are; null when the member may be used.
   *
   * @param panic whether health does not count
   */
  static @Nullable Ineligibility of(
      Member member, ConnectRequest errand, PoolSettings pool, boolean panic, long now) {
    if (!member.settings().enabled()) {
      return DISABLED;
    }
    Allowance allowance = member.allowance(errand.exchange());
    if (allowance.isCooling(now)) {
      return COOLS_DOWN;
    }
    Ineligibility illness = panic ? null : illness(member, now);
    return illness == null ? limit(member, allowance, errand, pool, now) : illness;
  }

  /** What keeps a member from being healthy; null when it is. */
  static @Nullable Ineligibility illness(Member member, long now) {
    if (member.refusesCredentials(now)) {
      return REFUSES_CREDENTIALS;
    } else if (!member.probedUp) {
      return FAILS_PROBES;
    } else if (member.circuit.permits(now)) {
      return null;
    }
    return member.circuit.nanosLeft(now) > 0 ? CIRCUIT_OPEN : ON_TRIAL;
  }

  private static @Nullable Ineligibility limit(
      Member member, Allowance allowance, ConnectRequest errand, PoolSettings pool, long now) {
    if (member.denies(errand.target(), now)) {
      return FORBIDS_TARGET;
    } else if (pool.maxConnections() > 0 && member.active >= pool.maxConnections()) {
      return TOO_MANY_CONNECTIONS;
    } else if (!allowance.mayConnect(pool, now)) {
      return TOO_MANY_CONNECTS;
    }
    return allowance.maySpend(pool, errand.weight(), now) ? null : TOO_MUCH_WEIGHT;
  }

  /** What it is, to be read after the member's name. */
  String words(Member member, ConnectRequest errand, PoolSettings pool, long now) {
    return switch (this) {
      case DISABLED -> "is disabled";
      case COOLS_DOWN ->
          "cools down for "
              + errand.exchange()
              + " after status "
              + member.allowance(errand.exchange()).coolStatus(now)
              + ", "
              + seconds(nanos(member, errand, pool, now))
              + " left";
      case REFUSES_CREDENTIALS -> "refuses its user name or password";
      case FAILS_PROBES -> "fails its probes";
      case CIRCUIT_OPEN ->
          "failed too often, left alone for " + seconds(nanos(member, errand, pool, now));
      case ON_TRIAL -> "failed too often, and is just being tried again";
      case FORBIDS_TARGET -> "forbids " + errand.target();
      case TOO_MANY_CONNECTIONS -> "has " + member.active + " open connections, its limit";
      case TOO_MANY_CONNECTS ->
          "has opened "
              + pool.maxConnectsPer5m()
              + " connections to "
              + errand.exchange()
              + " within five minutes, its limit";
      case TOO_MUCH_WEIGHT ->
          errand.weight() > pool.weightPerMinute()
              ? "may spend a weight of "
                  + pool.weightPerMinute()
                  + " per minute for "
                  + errand.exchange()
                  + ", less than the "
                  + errand.weight()
                  + " of this request"
              : "has spent its weight of "
                  + pool.weightPerMinute()
                  + " per minute for "
                  + errand.exchange();
    };
  }

  private static String seconds(long nanos) {
    return Math.max(1, Math.round(nanos / 1e9)) + " s";
  }

  /** How long until it is gone by itself; {@link SlidingWindow#NEVER} when that is not known. */
  long nanos(Member member, ConnectRequest errand, PoolSettings pool, long now) {
    Allowance allowance = member.allowance(errand.exchange());
    return switch (this) {
      case DISABLED, FAILS_PROBES, ON_TRIAL, TOO_MANY_CONNECTIONS -> SlidingWindow.NEVER;
      case COOLS_DOWN -> allowance.coolNanos(now);
      case REFUSES_CREDENTIALS -> member.refusesNanos(now);
      case CIRCUIT_OPEN -> member.circuit.nanosLeft(now);
      case FORBIDS_TARGET -> member.deniesNanos(errand.target(), now);
      case TOO_MANY_CONNECTS -> allowance.nanosUntilConnect(pool, now);
      case TOO_MUCH_WEIGHT -> allowance.nanosUntilSpend(pool, errand.weight(), now);
    };
  }
}
