package io.cryptofeed.connect.proxy.pool;

import java.util.random.RandomGenerator;

/**
 * An estimate of the cost of a proxy, and its uncertainty: the mean of observed costs, whose weight
 * decays with time towards the prior, the estimate for an unknown proxy. Guarded by its pool.
 */
final class CostPosterior {

  /** After this time a cost has a third of its weight. */
  private static final double FADE_NANOS = 300e9;

  /** The cost of a failure, as seconds of latency. */
  private static final double FAILURE_COST = 5;

  /** Of an unknown proxy: a quarter of a second, very uncertain. */
  private static final double PRIOR_COST = 0.25;

  private static final double PRIOR_SQUARE = 2 * PRIOR_COST * PRIOR_COST;

  private double weight;
  private double sum;
  private double squares;
  private long learnedAt;

  void succeeded(long tookNanos, long now) {
    learn(tookNanos / 1e9, now);
  }

  void failed(long now) {
    learn(FAILURE_COST, now);
  }

  private void learn(double cost, long now) {
    double kept = kept(now);
    weight = weight * kept + 1;
    sum = sum * kept + cost;
    squares = squares * kept + cost * cost;
    learnedAt = now;
  }

  private double kept(long now) {
    return weight == 0 ? 0 : Math.exp(-(now - learnedAt) / FADE_NANOS);
  }

  /** A random plausible cost in seconds: the less is known, the wider the spread. */
  double sample(RandomGenerator random, long now) {
    double kept = kept(now);
    double all = 1 + weight * kept;
    double mean = (PRIOR_COST + sum * kept) / all;
    double variance = Math.max((PRIOR_SQUARE + squares * kept) / all - mean * mean, 0);
    return mean + random.nextGaussian() * Math.sqrt(variance / all);
  }
}
