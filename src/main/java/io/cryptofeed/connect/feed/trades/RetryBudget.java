package io.cryptofeed.connect.feed.trades;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How often, and for how long, a history is asked that does not give what is wanted. Used by one
 * thread; the time is passed in.
 */
final class RetryBudget {

  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final long limitNanos;
  private final RandomGenerator random;
  private int tries;
  private long since;
  private long nextAt;

  /**
   * @param limitNanos how long trying again makes sense
   */
  RetryBudget(long limitNanos, RandomGenerator random) {
    this.limitNanos = limitNanos;
    this.random = random;
  }

  /** There is progress. */
  void renew() {
    tries = 0;
    nextAt = 0;
  }

  /** Notes a try that brought nothing, and returns whether another one makes sense. */
  boolean tryAgain(long nowNanos) {
    if (tries == 0) {
      since = nowNanos;
    }
    long pause = Math.min(LONGEST_NANOS, SHORTEST_NANOS << Math.min(tries, 10));
    tries++;
    nextAt = nowNanos + pause / 2 + random.nextLong(pause / 2 + 1);
    return nowNanos - since < limitNanos;
  }

  /** How many tries have brought nothing since the last progress. */
  int tries() {
    return tries;
  }

  /** How long until the next try; zero or less when it is due. */
  long waitNanos(long nowNanos) {
    return tries == 0 ? 0 : nextAt - nowNanos;
  }
}
