package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.market.Trade;
import java.util.List;

/**
 * Finds the first trade that is not older than a time, in a history that is requested by id: halves
 * the range of ids with each page. Used by one thread.
 */
final class IdBisection {

  private final long fromNs;
  private long lowest;
  private long highest;

  /**
   * @param lowest no lower id is wanted
   * @param highest the trade of this id is not older than the time
   * @param fromNs the time, nanoseconds since the epoch
   */
  IdBisection(long lowest, long highest, long fromNs) {
    this.lowest = lowest;
    this.highest = highest;
    this.fromNs = fromNs;
  }

  boolean isDone() {
    return lowest >= highest;
  }

  /** The id to request next; that of the wanted trade when the search is done. */
  long probe() {
    return lowest + (highest - lowest) / 2;
  }

  /** Takes the trades from {@link #probe} on. */
  void take(List<Trade> page) {
    boolean narrowed = false;
    for (Trade trade : page) {
      if (trade.firstSequence() < lowest || trade.sequence() > highest) {
        continue;
      }
      if (trade.eventNs() < fromNs) {
        lowest = trade.sequence() + 1;
      } else {
        highest = trade.firstSequence();
      }
      narrowed = true;
      if (isDone()) {
        return;
      }
    }
    if (!narrowed) {
      takeNothing();
    }
  }

  /** The history has no trade at {@link #probe}, because that trade is too old for it. */
  void takeNothing() {
    lowest = probe() + 1;
  }
}
