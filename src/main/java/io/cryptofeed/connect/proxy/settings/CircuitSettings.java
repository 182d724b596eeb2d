package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;

/**
 * When the circuit breaker of a member opens, and for how long.
 *
 * @param consecutive after so many failures in a row
 * @param failurePercent or after this share of failures, 1 to 100
 * @param minCalls among at least so many attempts
 * @param window within this time
 * @param open for how long at first; twice as long each time, with jitter
 * @param openMax at most
 * @param halfOpen how many attempts are let through after that, at least 1
 */
public record CircuitSettings(
    int consecutive,
    int failurePercent,
    int minCalls,
    Duration window,
    Duration open,
    Duration openMax,
    int halfOpen) {

  /** What is done where nothing is said. */
  public static final CircuitSettings DEFAULT =
      new CircuitSettings(
          5, 50, 5, Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(5), 1);
}
