package io.cryptofeed.connect.proxy.pool;

import java.util.random.RandomGenerator;

/**
 * What has been learnt about the cost of a proxy, and how sure that is: the mean of its costs,
 * which fade with time towards what is believed of one about which nothing is known. Guarded by its
 * pool.
 */
final class CostPosterior {

  /** After this time a cost weighs a third. */
  private static final double FADE_NANOS = 300e9;

  /** A failure costs as much as so many seconds of latency. */
  private static final double FAILURE_COST = 5;

  /** Of one about which nothing is known: a quarter of a second, and not sure at all. */
  private static final double PRIOR_COST = 0.25;

  private static final double PRIOR_SQUARE = 2 * PRIOR_COST * PRIOR_COST;

  private double weight;
  private double sum;
  private double squares;
  private long learntAt;

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
    learntAt = now;
  }

  private double kept(long now) {
    return weight == 0 ? 0 : Math.exp(-(now - learntAt) / FADE_NANOS);
  }

  /** A cost, in seconds, that it may well have: the less is known, the wider it is spread. */
  double sample(RandomGenerator random, long now) {
    double kept = kept(now);
    double all = 1 + weight * kept;
    double mean = (PRIOR_COST + sum * kept) / all;
    double variance = Math.max((PRIOR_SQUARE + squares * kept) / all - mean * mean, 0);
    return mean + random.nextGaussian() * Math.sqrt(variance / all);
  }
}
