package io.cryptofeed.connect.proxy.pool;

import java.util.ArrayDeque;

/** The sum of the amounts within a window that ends now. Guarded by its pool. */
final class SlidingWindow {

  /** The result if waiting does not help. */
  static final long NEVER = Long.MAX_VALUE;

  private final long windowNanos;
  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private int sum;

  private record Item(long nanos, int amount) {}

  SlidingWindow(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  void add(int amount, long now) {
    sum(now);
    if (amount > 0) {
      items.addLast(new Item(now, amount));
      sum += amount;
    }
  }

  int sum(long now) {
    while (!items.isEmpty() && now - items.getFirst().nanos() >= windowNanos) {
      sum -= items.removeFirst().amount();
    }
    return sum;
  }

  /** How long until so much may be spent; 0 when it may be now, {@link #NEVER} over the limit. */
  long nanosUntil(int amount, int limit, long now) {
    int left = sum(now);
    long wait = 0;
    for (Item item : items) {
      if (left + amount <= limit) {
        break;
      }
      left -= item.amount();
      wait = windowNanos - (now - item.nanos());
    }
    return left + amount <= limit ? wait : NEVER;
  }
}
