package io.cryptofeed.connect.net;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps what we do within what an exchange allows: for each key (a host and the egress by which it
 * sees us) at most so many permits in any window, wherever the window begins. The exchange counts
 * what arrives, and the network may delay the first action of a window more than the last one. So
 * each window is kept longer than the exchange's, by {@link #SLACK}. Who asks first acts first.
 * Holds no clock: all times are readings of {@link System#nanoTime()} that the caller passes in.
 * Safe for use by many threads.
 */
public final class RateLimiter {

  /** Delays of the network that differ by up to this time do not break a limit. */
  public static final Duration SLACK = Duration.ofMillis(250);

  private final int permits;
  private final long windowNs;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  /**
   * @param permits how many in any window, at least 1
   * @param window the exchange's window, more than zero
   */
  public RateLimiter(int permits, Duration window) {
    if (permits < 1 || window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException(
          "a rate limit of " + permits + " permits per " + window + " lets nothing through");
    }
    this.permits = permits;
    this.windowNs = window.plus(SLACK).toNanos();
  }

  /**
   * Takes permits; what is reserved cannot be given back.
   *
   * @param permits what the action costs, 1 to the limit
   * @param nowNanos the present {@link System#nanoTime()}
   * @return how long to wait before acting, in nanoseconds; 0 means now
   * @throws IllegalArgumentException when the action costs more than the limit allows in a window
   */
  public long reserve(String key, int permits, long nowNanos) {
    if (permits < 1 || permits > this.permits) {
      throw new IllegalArgumentException(
          "cannot reserve " + permits + " permits of " + key + ": the limit is " + this.permits);
    }
    return bucket(key, nowNanos).reserve(permits, nowNanos);
  }

  /**
   * Lets nothing through for this key before the given time, as {@code Retry-After} asks. Never
   * shortens an earlier call; what was reserved before is not called back.
   *
   * @param untilNanos a {@link System#nanoTime()}
   */
  public void park(String key, long untilNanos) {
    bucket(key, untilNanos).park(untilNanos);
  }

  private Bucket bucket(String key, long notBefore) {
    return buckets.computeIfAbsent(key, k -> new Bucket(notBefore));
  }

  /** The permits of one key. Times are compared by difference: nanoTime may wrap around. */
  private final class Bucket {

    /** What was granted within the window that ends at the latest grant, oldest first. */
    private final Deque<Grant> grants = new ArrayDeque<>();

    private int granted;

    /** The latest grant or the end of the parking, whichever is later. */
    private long notBefore;

    Bucket(long notBefore) {
      this.notBefore = notBefore;
    }

    synchronized long reserve(int permits, long now) {
      long at = later(now, notBefore);
      while (!grants.isEmpty() && at - grants.getFirst().end() >= 0) {
        granted -= grants.removeFirst().permits();
      }
      while (granted + permits > RateLimiter.this.permits) {
        Grant oldest = grants.removeFirst();
        granted -= oldest.permits();
        at = oldest.end();
      }
      grants.addLast(new Grant(at + windowNs, permits));
      granted += permits;
      notBefore = at;
      return Math.max(0, at - now);
    }

    synchronized void park(long until) {
      notBefore = later(until, notBefore);
    }
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  /**
   * @param end when the permits are free again
   */
  private record Grant(long end, int permits) {}
}
