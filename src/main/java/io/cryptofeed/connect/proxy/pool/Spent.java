package io.cryptofeed.connect.proxy.pool;

import java.util.ArrayDeque;

/** What was spent within a window that ends now. Guarded by its pool. */
final class Spent {

  private final long windowNanos;
  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private int sum;

  private record Item(long nanos, int amount) {}

  Spent(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  void add(int amount, long now) {
    items.addLast(new Item(now, amount));
    sum += amount;
  }

  int sum(long now) {
    while (!items.isEmpty() && now - items.getFirst().nanos() >= windowNanos) {
      sum -= items.removeFirst().amount();
    }
    return sum;
  }

  /** How long until so much may be spent again; 0 when it may be now, or never. */
  long nanosUntil(int amount, int limit, long now) {
    int left = sum(now);
    for (Item item : items) {
      if (left + amount <= limit) {
        break;
      }
      left -= item.amount();
      if (left + amount <= limit) {
        return windowNanos - (now - item.nanos());
      }
    }
    return 0;
  }
}
