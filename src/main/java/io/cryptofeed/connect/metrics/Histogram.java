package io.cryptofeed.connect.metrics;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Durations counted in buckets. The bounds are the same for every histogram: a step on one host
 * takes about a millisecond at least, and the default timeout of a connection is 30 seconds. Safe
 * for use by many threads, without locks.
 */
public final class Histogram {

  /** The label with the upper bound of a bucket, which belongs to the bucket. */
  static final String BOUND = "le";

  /** Upper bounds of the buckets in seconds, ascending, without infinity. */
  public static final List<Double> BOUNDS =
      List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0);

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long[] BOUND_NANOS =
      BOUNDS.stream().mapToLong(bound -> Math.round(bound * NANOS_PER_SECOND)).toArray();

  private final LongAdder[] buckets = new LongAdder[BOUND_NANOS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  public Histogram() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  /** Counts one duration. */
  public void add(Duration took) {
    long nanos = took.toNanos();
    int bucket = 0;
    while (bucket < BOUND_NANOS.length && nanos > BOUND_NANOS[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    sumNanos.add(nanos);
  }

  /** Emits one sample for each bucket, then sum and count. The last bucket equals the count. */
  public void show(Metric metric, Map<String, String> labels, Consumer<Sample> to) {
    long count = 0;
    for (int i = 0; i < buckets.length; i++) {
      count += buckets[i].sum();
      Map<String, String> bounded = new LinkedHashMap<>(labels);
      bounded.put(BOUND, i < BOUND_NANOS.length ? PrometheusText.number(BOUNDS.get(i)) : "+Inf");
      to.accept(new Sample(metric, metric.name() + "_bucket", bounded, count));
    }
    to.accept(
        new Sample(metric, metric.name() + "_sum", labels, sumNanos.sum() / NANOS_PER_SECOND));
    to.accept(new Sample(metric, metric.name() + "_count", labels, count));
  }
}
