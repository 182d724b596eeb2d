package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Some proxies, how each is doing, and which comes next. Does no I/O and reads no clock: all times
 * are readings of {@link System#nanoTime()}. Safe for use by many threads.
 */
public final class Pool {

  /**
   * @param random for strategies and jitter
   */
  public Pool(
      PoolSettings settings,
      FailoverSettings failover,
      CircuitSettings circuit,
      HealthSettings health,
      RandomGenerator random,
      ProxyEvents events) {
    throw new UnsupportedOperationException();
  }

  /** The pool's name, as it is configured. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  /**
   * Chooses the member for a connection. A member that is chosen is not reserved; {@link #opening}
   * does that.
   *
   * @param tried the members that have failed for this connection already
   */
  public Pick pick(Errand errand, Collection<Member> tried, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether another member than this one could be chosen now: whether it is worth to reconnect at
   * once after an exchange has refused this one.
   */
  public boolean hasAnother(Errand errand, Member than, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** A connection through the member is being opened; it counts until {@link #closed}. */
  public void opening(Member member, Errand errand, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * The connection is open.
   *
   * @param took how long that took, look-up to tunnel
   */
  public void opened(Member member, Errand errand, Duration took, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** The connection could not be opened. */
  public void failed(Member member, Errand errand, FailureKind kind, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** The socket, open or not, is gone. Called once for each {@link #opening}. */
  public void closed(Member member, Errand errand, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** An open connection fell silent: its pings were not answered. */
  public void silent(Member member, Errand errand, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes REST weight of an exchange from the member's budget, for a request on a connection that is
   * open.
   *
   * @return false when the member may not be used for it now: it cools down, its budget is spent, it
   *     is unhealthy, or has left the pool
   */
  public boolean spend(Member member, String exchange, int weight, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * The exchange answered a request or a WebSocket handshake.
   *
   * @param retryAfter how long it asks us to wait, null when it doesn't say
   */
  public void answered(
      Member member, Errand errand, int status, @Nullable Duration retryAfter, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** A ping or a request took this long through the member. */
  public void roundTrip(Member member, Duration took, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * A member was probed.
   *
   * @param failure null when it is well
   * @param target what the probe went to, as {@code host:port}
   * @param isOfExchange whether that is an exchange, whose own outage may be the reason
   */
  public void probed(
      Member member,
      @Nullable FailureKind failure,
      Duration took,
      String target,
      boolean isOfExchange,
      long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** The members that are to be probed now, were they all to be: not disabled, not draining. */
  public List<Member> probeable() {
    throw new UnsupportedOperationException();
  }

  /** Whether somebody has asked for a member since, or a connection is open. */
  public boolean isUsedSince(long nanos) {
    throw new UnsupportedOperationException();
  }

  /** What the pool was last used for, null when it has not been used. */
  public @Nullable Errand lastErrand() {
    throw new UnsupportedOperationException();
  }

  /** Replaces the members. Those that are in both lists keep their state; others drain. */
  public void setMembers(List<MemberSettings> members, long nowNanos) {
    throw new UnsupportedOperationException();
  }

  /** How the members are doing, those that drain included. */
  public List<MemberState> states(long nowNanos) {
    throw new UnsupportedOperationException();
  }
}
