package io.cryptofeed.connect.feed;

import java.util.concurrent.atomic.AtomicInteger;

/** How many more live trades of a task may wait for older ones. Safe for use by many threads. */
public final class HeldTradesLimit {

  private final AtomicInteger left;

  public HeldTradesLimit(int most) {
    left = new AtomicInteger(most);
  }

  /** Takes room for one trade; false when there is none. */
  public boolean take() {
    if (left.decrementAndGet() >= 0) {
      return true;
    }
    left.incrementAndGet();
    return false;
  }

  /** Gives back the room of so many trades. */
  public void giveBack(int trades) {
    left.addAndGet(trades);
  }

  /** The room that is left. */
  public int left() {
    return left.get();
  }
}
