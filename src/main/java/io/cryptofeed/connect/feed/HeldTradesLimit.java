package io.cryptofeed.connect.feed;

import java.util.concurrent.atomic.AtomicInteger;

/** Limits how many live trades of a task are held for a backfill. Safe for use by many threads. */
public final class HeldTradesLimit {

  private final AtomicInteger left;

  /**
   * @param limit how many trades may be held at the same time
   */
  public HeldTradesLimit(int limit) {
    left = new AtomicInteger(limit);
  }

  /** Reserves room for one trade; false if there is none. */
  public boolean take() {
    if (left.decrementAndGet() >= 0) {
      return true;
    }
    left.incrementAndGet();
    return false;
  }

  /** Releases the room of so many trades. */
  public void giveBack(int trades) {
    left.addAndGet(trades);
  }

  /** How many more trades may be held. */
  public int left() {
    return left.get();
  }
}
