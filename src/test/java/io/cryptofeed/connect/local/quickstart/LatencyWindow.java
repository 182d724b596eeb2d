package io.cryptofeed.connect.local.quickstart;

import java.util.Arrays;

/**
 * The latencies since the last {@link #clear}, at most the newest {@code 32,768}. For one thread.
 */
final class LatencyWindow {

  private static final int CAPACITY = 1 << 15;

  private final long[] nanos = new long[CAPACITY];
  private long count;

  void add(long latencyNs) {
    nanos[(int) (count++ % CAPACITY)] = latencyNs;
  }

  /** Removes all latencies. */
  void clear() {
    count = 0;
  }

  /**
   * A quantile of the latencies, 0 if there are none.
   *
   * @param share 0 to 1
   * @return nanoseconds
   */
  long quantile(double share) {
    int size = (int) Math.min(count, CAPACITY);
    if (size == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    return sorted[Math.min(size - 1, (int) (share * size))];
  }
}
