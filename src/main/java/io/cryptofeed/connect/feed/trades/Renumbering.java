package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Detects that the exchange restarts its trade ids, for example because a test network was reset:
 * several live trades in a row, each much newer than the last delivered trade, have lower ids. Used
 * by one thread.
 */
final class Renumbering {

  /** A trade with a lower id is a duplicate, unless it is newer than the last trade by this. */
  private static final long NEWER_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int TRADES = 3;

  private final List<Trade> trades = new ArrayList<>();

  /**
   * Takes a trade whose id is not higher than that of the last delivered trade.
   *
   * @param lastEventNs the time of the last delivered trade, nanoseconds since the epoch; 0 if it
   *     is not known
   * @return whether its id may be a restarted one; if not, the trade is a duplicate
   */
  boolean take(Trade trade, long lastEventNs) {
    boolean isNewer =
        trade.origin() == Origin.STREAM
            && (lastEventNs == 0 || trade.eventNs() - lastEventNs > NEWER_NANOS);
    if (!isNewer) {
      reset();
      return false;
    }
    if (!trades.isEmpty() && trade.firstSequence() <= trades.get(trades.size() - 1).sequence()) {
      reset();
    }
    trades.add(trade.copy());
    return true;
  }

  /** Whether enough trades in a row have restarted ids. */
  boolean isDetected() {
    return trades.size() == TRADES;
  }

  /** Removes and returns the trades with restarted ids, the oldest first. */
  List<Trade> takeAll() {
    List<Trade> taken = List.copyOf(trades);
    reset();
    return taken;
  }

  /** A trade with a higher id shows that the ids continue. */
  void reset() {
    trades.clear();
  }
}
