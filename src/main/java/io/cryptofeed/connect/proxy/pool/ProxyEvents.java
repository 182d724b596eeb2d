package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens in the proxy layer, for those who count, log and audit it. Called on any thread,
 * under no lock that an implementation could wait for; must not block or throw. Nothing handed over
 * here is or holds a secret.
 */
public interface ProxyEvents {

  /** Takes no notice. */
  ProxyEvents NONE = new ProxyEvents() {};

  /**
   * One way out, as it is shown.
   *
   * @param route what the configuration says: {@code direct}, {@code pool:eu}, or the proxy
   * @param pool the pool's name, null when the route is not a pool
   * @param egress {@code direct}, or the proxy as {@code scheme://host:port}
   * @param region the region's label of the proxy, null when it has none
   */
  record Exit(String route, @Nullable String pool, String egress, @Nullable String region) {}

  /** A step on the way to an open connection. */
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

  /** Bytes of the application went through a connection, since the last time that this was told. */
  default void transferred(
      String exchange, Transport transport, Exit exit, long bytesRead, long bytesWritten) {}

  /**
   * A connection was refused: it has no route, or no member may be used.
   *
   * @param route as in {@link Exit}; {@code none} when it has no route
   */
  default void refused(
      String exchange, Transport transport, String target, String route, String reason) {}

  /** Another member is tried, after one has failed. */
  default void failover(String exchange, Transport transport, Exit failed, String message) {}

  /**
   * A connection goes without its proxy, as {@code proxy.fallback=direct} says.
   *
   * @param route as in {@link Exit}: the one that failed
   */
  default void directFallback(
      String exchange, Transport transport, String target, String route, String reason) {}

  /** A connection goes without a proxy, as {@code proxy.unmatched=direct} says. */
  default void unmatched(String exchange, Transport transport, String target) {}

  /** The exchange answered with this HTTP status. */
  default void answered(
      String exchange, Transport transport, Exit exit, int status, Duration took) {}

  /** A WebSocket ping was answered. */
  default void roundTrip(String exchange, Exit exit, Duration took) {}

  /** A member was chosen. */
  default void selected(String pool, String strategy, boolean panic) {}

  /**
   * A member has become healthy, or no longer is.
   *
   * @param egress the member as {@code scheme://host:port}, here and below
   */
  default void healthChanged(String pool, String egress, boolean healthy, String reason) {}

  /** The circuit of a member has opened, is half open, or has closed. */
  default void circuitChanged(
      String pool, String egress, MemberState.Circuit state, Duration openFor) {}

  /** A member is not used for an exchange for a while. */
  default void coolingDown(
      String pool, String egress, String exchange, int status, Duration pause, boolean rotates) {}

  /** A member was probed. */
  default void probed(String pool, String egress, boolean success, Duration took, String message) {}

  /** The members of a pool have changed: how many are new, and how many drain. */
  default void membersChanged(String pool, int added, int draining, int total) {}

  /**
   * A manager was asked for members.
   *
   * @param fault null when it answered
   */
  default void managerRefreshed(String pool, int members, @Nullable String fault) {}

  /** A server showed a key that is not pinned. */
  default void pinMismatch(String host) {}
}
