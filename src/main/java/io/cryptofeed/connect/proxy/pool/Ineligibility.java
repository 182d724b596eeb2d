package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

/** Why a member is not eligible for a connection now. */
enum Ineligibility {
  DISABLED,
  COOLS_DOWN,
  REFUSES_CREDENTIALS,
  FAILS_PROBES,
  CIRCUIT_OPEN,
  HALF_OPEN,
  FORBIDS_TARGET,
  TOO_MANY_CONNECTIONS,
  TOO_MANY_CONNECTS,
  TOO_MUCH_WEIGHT;

  /**
   * The first reason; null when the member is eligible.
   *
   * @param panic whether health is ignored
   */
  static @Nullable Ineligibility of(
      Member member, ConnectRequest request, PoolSettings pool, boolean panic, long now) {
    if (!member.settings().enabled()) {
      return DISABLED;
    }
    Allowance allowance = member.allowance(request.exchange());
    if (allowance.isCooling(now)) {
      return COOLS_DOWN;
    }
    Ineligibility unhealthy = panic ? null : ofHealth(member, now);
    return unhealthy == null ? limit(member, allowance, request, pool, now) : unhealthy;
  }

  /** Why a member is not healthy; null when it is. */
  static @Nullable Ineligibility ofHealth(Member member, long now) {
    if (member.refusesCredentials(now)) {
      return REFUSES_CREDENTIALS;
    } else if (!member.probedUp) {
      return FAILS_PROBES;
    } else if (member.circuit.permits(now)) {
      return null;
    }
    return member.circuit.nanosLeft(now) > 0 ? CIRCUIT_OPEN : HALF_OPEN;
  }

  private static @Nullable Ineligibility limit(
      Member member, Allowance allowance, ConnectRequest request, PoolSettings pool, long now) {
    if (member.denies(request.target(), now)) {
      return FORBIDS_TARGET;
    } else if (pool.maxConnections() > 0 && member.active >= pool.maxConnections()) {
      return TOO_MANY_CONNECTIONS;
    } else if (!allowance.mayConnect(pool, now)) {
      return TOO_MANY_CONNECTS;
    }
    return allowance.maySpend(pool, request.weight(), now) ? null : TOO_MUCH_WEIGHT;
  }

  /** The reason, to be read after the name of the member. */
  String text(Member member, ConnectRequest request, PoolSettings pool, long now) {
    return switch (this) {
      case DISABLED -> "is disabled";
      case COOLS_DOWN ->
          "cools down for "
              + request.exchange()
              + " after status "
              + member.allowance(request.exchange()).coolStatus(now)
              + ", "
              + seconds(nanos(member, request, pool, now))
              + " left";
      case REFUSES_CREDENTIALS -> "rejected the credentials";
      case FAILS_PROBES -> "fails its probes";
      case CIRCUIT_OPEN ->
          "failed too often: its circuit is open for " + seconds(nanos(member, request, pool, now));
      case HALF_OPEN ->
          "failed too often: its circuit is half open, and another connection tries it";
      case FORBIDS_TARGET -> "forbids " + request.target();
      case TOO_MANY_CONNECTIONS -> "has " + member.active + " open connections, its limit";
      case TOO_MANY_CONNECTS ->
          "has opened "
              + pool.maxConnectsPer5m()
              + " connections to "
              + request.exchange()
              + " within five minutes, its limit";
      case TOO_MUCH_WEIGHT ->
          request.weight() > pool.weightPerMinute()
              ? "has a weight of "
                  + pool.weightPerMinute()
                  + " per minute for "
                  + request.exchange()
                  + ", less than the "
                  + request.weight()
                  + " of this request"
              : "has exhausted its weight of "
                  + pool.weightPerMinute()
                  + " per minute for "
                  + request.exchange();
    };
  }

  private static String seconds(long nanos) {
    return Math.max(1, Math.round(nanos / 1e9)) + " s";
  }

  /** How long until the reason ends; {@link SlidingWindow#NEVER} when that is not known. */
  long nanos(Member member, ConnectRequest request, PoolSettings pool, long now) {
    Allowance allowance = member.allowance(request.exchange());
    return switch (this) {
      case DISABLED, FAILS_PROBES, HALF_OPEN, TOO_MANY_CONNECTIONS -> SlidingWindow.NEVER;
      case COOLS_DOWN -> allowance.coolNanos(now);
      case REFUSES_CREDENTIALS -> member.refusesNanos(now);
      case CIRCUIT_OPEN -> member.circuit.nanosLeft(now);
      case FORBIDS_TARGET -> member.deniesNanos(request.target(), now);
      case TOO_MANY_CONNECTS -> allowance.nanosUntilConnect(pool, now);
      case TOO_MUCH_WEIGHT -> allowance.nanosUntilSpend(pool, request.weight(), now);
    };
  }
}
