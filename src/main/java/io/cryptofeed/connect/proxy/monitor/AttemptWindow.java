package io.cryptofeed.connect.proxy.monitor;

import java.time.Duration;
import java.util.Arrays;

/**
 * The attempts to open a connection of the last five minutes, to within half a minute. Safe for use
 * by many threads.
 */
final class AttemptWindow {

  /** What is looked at. */
  static final Duration LENGTH = Duration.ofMinutes(5);

  private static final int SLOTS = 10;
  private static final long SLOT_NANOS = LENGTH.toNanos() / SLOTS;

  private final long[] slots = new long[SLOTS];
  private final int[] connects = new int[SLOTS];
  private final int[] failures = new int[SLOTS];
  private final long[] connectNanos = new long[SLOTS];

  AttemptWindow() {
    Arrays.fill(slots, Long.MIN_VALUE);
  }

  /** What the window holds. */
  record Totals(int connects, int failures, long connectNanos) {

    int attempts() {
      return connects + failures;
    }

    /** Zero when nothing was opened. */
    Duration meanConnect() {
      return Duration.ofNanos(connects == 0 ? 0 : connectNanos / connects);
    }
  }

  synchronized void opened(Duration took, long nowNanos) {
    int index = index(nowNanos);
    connects[index]++;
    connectNanos[index] += took.toNanos();
  }

  synchronized void failed(long nowNanos) {
    failures[index(nowNanos)]++;
  }

  synchronized Totals totals(long nowNanos) {
    long oldest = slot(nowNanos) - SLOTS + 1;
    int opened = 0;
    int failed = 0;
    long nanos = 0;
    for (int i = 0; i < SLOTS; i++) {
      if (slots[i] >= oldest) {
        opened += connects[i];
        failed += failures[i];
        nanos += connectNanos[i];
      }
    }
    return new Totals(opened, failed, nanos);
  }

  /** Where the present is counted; empties what stood there before. */
  private int index(long nowNanos) {
    long slot = slot(nowNanos);
    int index = Math.floorMod(slot, SLOTS);
    if (slots[index] != slot) {
      slots[index] = slot;
      connects[index] = 0;
      failures[index] = 0;
      connectNanos[index] = 0;
    }
    return index;
  }

  private static long slot(long nowNanos) {
    return Math.floorDiv(nowNanos, SLOT_NANOS);
  }
}
