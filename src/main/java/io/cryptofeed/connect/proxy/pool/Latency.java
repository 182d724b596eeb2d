package io.cryptofeed.connect.proxy.pool;

/**
 * The decaying average of how long a proxy takes to open a tunnel. A slower sample replaces the
 * average at once, and decays with time: a proxy that becomes slow is avoided soon, and is used
 * again gradually. Guarded by its pool.
 */
final class Latency {

  /** After this time what was known counts for a third. */
  private static final double DECAY_NANOS = 60e9;

  private double average;
  private long sampledAt;
  private boolean known;

  void sample(long nanos, long now) {
    if (!known || nanos > average) {
      average = nanos;
    } else {
      double old = Math.exp(-(now - sampledAt) / DECAY_NANOS);
      average = average * old + nanos * (1 - old);
    }
    sampledAt = now;
    known = true;
  }

  boolean isKnown() {
    return known;
  }

  /** Nanoseconds, 0 when nothing is known. */
  long nanos() {
    return Math.round(average);
  }
}
