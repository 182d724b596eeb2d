package io.cryptofeed.connect.feed.trades;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How often, and for how long, a history is requested again that makes no progress. Used by one
 * thread; the time is passed in.
 */
final class RetryBudget {

  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final long limitNanos;
  private final RandomGenerator random;
  private int attempts;
  private long sinceNanos;
  private long nextAtNanos;

  /**
   * @param limitNanos how long retries make sense without progress
   * @param random jitter of the backoff
   */
  RetryBudget(long limitNanos, RandomGenerator random) {
    this.limitNanos = limitNanos;
    this.random = random;
  }

  /** There is progress. */
  void renew() {
    attempts = 0;
    nextAtNanos = 0;
  }

  /** An attempt made no progress: returns whether a retry makes sense. */
  boolean spend(long nanoTime) {
    if (attempts == 0) {
      sinceNanos = nanoTime;
    }
    long backoff = Math.min(LONGEST_NANOS, SHORTEST_NANOS << Math.min(attempts, 10));
    attempts++;
    nextAtNanos = nanoTime + backoff / 2 + random.nextLong(backoff / 2 + 1);
    return nanoTime - sinceNanos < limitNanos;
  }

  /** How long until the next attempt; zero or less when it is due. */
  long waitNanos(long nanoTime) {
    return attempts == 0 ? 0 : nextAtNanos - nanoTime;
  }
}
