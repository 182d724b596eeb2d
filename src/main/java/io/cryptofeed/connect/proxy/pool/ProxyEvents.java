package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events of the proxy layer, for metrics, logs and the audit. Called on any thread, without a lock
 * that an implementation could wait for; must not block or throw. No argument is or holds a secret.
 */
public interface ProxyEvents {

  /** Ignores all events. */
  ProxyEvents NONE = new ProxyEvents() {};

  /**
   * A route and the egress of a connection, as they are shown.
   *
   * @param route as configured: {@code direct}, {@code pool:eu}, or the proxy
   * @param pool the pool's name, null when the route is not a pool
   * @param egress {@code direct}, or the proxy as {@code scheme://host:port}
   * @param region the region's label of the proxy, null when it has none
   */
  record Exit(String route, @Nullable String pool, String egress, @Nullable String region) {}

  /** A step of opening a connection. */
  enum Step {
    DNS,
    TCP,
    PROXY_TLS,
    TUNNEL
  }

  /**
   * A connection is open.
   *
   * @param steps how long each step took
   */
  default void connected(
      String exchange, Transport transport, String target, Exit exit, Map<Step, Duration> steps) {}

  /** An attempt to open a connection failed. */
  default void connectFailed(
      String exchange,
      Transport transport,
      String target,
      Exit exit,
      FailureKind kind,
      String message) {}

  /** A connection that was open is closed. */
  default void closed(
      String exchange,
      Transport transport,
      String target,
      Exit exit,
      Duration lifetime,
      long bytesRead,
      long bytesWritten) {}

  /** Bytes of the application went through a connection, since the last event of this kind. */
  default void transferred(
      String exchange, Transport transport, Exit exit, long bytesRead, long bytesWritten) {}

  /**
   * A connection was refused: it has no route, or no member is eligible.
   *
   * @param route as in {@link Exit}; {@code none} when it has no route
   */
  default void refused(
      String exchange, Transport transport, String target, String route, String reason) {}

  /** Another member is tried, after one has failed. */
  default void failover(String exchange, Transport transport, Exit failed, String message) {}

  /**
   * A direct connection is opened because all proxies failed, as {@code proxy.fallback=direct}
   * allows.
   *
   * @param route as in {@link Exit}: the one that failed
   */
  default void directFallback(
      String exchange, Transport transport, String target, String route, String reason) {}

  /** A direct connection is opened without a route, as {@code proxy.unmatched=direct} allows. */
  default void unmatched(String exchange, Transport transport, String target) {}

  /** The exchange responded with this HTTP status. */
  default void answered(
      String exchange, Transport transport, Exit exit, int status, Duration took) {}

  /** A WebSocket pong arrived. */
  default void roundTrip(String exchange, Exit exit, Duration took) {}

  /** A member was chosen. */
  default void selected(String pool, String strategy, boolean panic) {}

  /**
   * A member has become healthy or unhealthy.
   *
   * @param egress the member as {@code scheme://host:port}, here and below
   */
  default void healthChanged(String pool, String egress, boolean healthy, String reason) {}

  /** The circuit of a member has opened, is half open, or has closed. */
  default void circuitChanged(
      String pool, String egress, MemberState.Circuit state, Duration openFor) {}

  /** A member cools down for an exchange. */
  default void coolingDown(
      String pool, String egress, String exchange, int status, Duration pause, boolean rotates) {}

  /** A member was probed. */
  default void probed(String pool, String egress, boolean success, Duration took, String message) {}

  /** The members of a pool have changed: how many are new, and how many drain. */
  default void membersChanged(String pool, int added, int draining, int total) {}

  /**
   * The members were requested from a manager.
   *
   * @param fault null when it responded
   */
  default void managerRefreshed(String pool, int members, @Nullable String fault) {}

  /** A server presented a key that is not pinned. */
  default void pinMismatch(String host) {}
}
