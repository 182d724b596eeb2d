package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;

/**
 * What happens when a member of a pool fails to open a connection.
 *
 * @param enabled whether another member is tried
 * @param maxAttempts how many different members are tried for one connection, at least 1
 * @param retryFailedAfter how long a member that failed is tried last, unless it is seen to work
 */
public record FailoverSettings(boolean enabled, int maxAttempts, Duration retryFailedAfter) {

  /** What is done where nothing is said. */
  public static final FailoverSettings DEFAULT =
      new FailoverSettings(true, 3, Duration.ofMinutes(5));
}
