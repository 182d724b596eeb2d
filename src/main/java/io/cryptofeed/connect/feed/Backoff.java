package io.cryptofeed.connect.feed;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: exponential, capped at 60 s, with full jitter, because
 * connections that were lost together must not reconnect together. It is reset only after a
 * connection has been open for a minute: a server that closes every connection right after it was
 * opened must not be flooded. Used by one thread; the time is passed in.
 */
public final class Backoff {

  private static final long BASE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long CAP_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long HEALTHY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final RandomGenerator random;
  private int attempt;
  private long openSince;
  private boolean open;

  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The connection is open and in use. */
  public void opened(long nowNanos) {
    open = true;
    openSince = nowNanos;
  }

  /**
   * The connection was lost, or an attempt failed.
   *
   * @return how long to wait before the next attempt, in nanoseconds
   */
  public long failed(long nowNanos) {
    if (open && nowNanos - openSince >= HEALTHY_NANOS) {
      attempt = 0;
    }
    open = false;
    long ceiling = Math.min(CAP_NANOS, BASE_NANOS << Math.min(attempt, 10));
    attempt++;
    return random.nextLong(ceiling + 1);
  }

  /** How many attempts have failed since the last reset. */
  public int attempts() {
    return attempt;
  }

  /** Whether the last failure is to be logged: the first one, and each time the count doubles. */
  public boolean isLoggable() {
    return Integer.bitCount(attempt) == 1;
  }
}
