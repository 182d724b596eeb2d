package io.cryptofeed.connect.proxy.pool;

import java.util.random.RandomGenerator;

/**
 * What has been learnt about the cost of a proxy, and how sure that is: the mean of its costs, old
 * ones discounted. Guarded by its pool.
 */
final class Belief {

  /** What each new cost leaves of the weight of the old ones. */
  private static final double DISCOUNT = 0.95;

  /** A failure costs as much as so many seconds of latency. */
  private static final double FAILURE_COST = 5;

  /** Before anything is known: a quarter of a second, and not sure at all. */
  private static final double PRIOR_COST = 0.25;

  private double weight = 1;
  private double sum = PRIOR_COST;
  private double squares = PRIOR_COST * PRIOR_COST * 2;

  void succeeded(long tookNanos) {
    learn(tookNanos / 1e9);
  }

  void failed() {
    learn(FAILURE_COST);
  }

  private void learn(double cost) {
    weight = weight * DISCOUNT + 1;
    sum = sum * DISCOUNT + cost;
    squares = squares * DISCOUNT + cost * cost;
  }

  /** A cost, in seconds, that it may well have: the less is known, the wider it is spread. */
  double sample(RandomGenerator random) {
    double mean = sum / weight;
    double variance = Math.max(squares / weight - mean * mean, 1e-6);
    return mean + random.nextGaussian() * Math.sqrt(variance / weight);
  }
}
