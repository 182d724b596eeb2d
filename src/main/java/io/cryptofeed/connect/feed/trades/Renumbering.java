package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Detects that the exchange continues with lower ids: because it restarts them, for example on a
 * test network that was reset, or because the last delivered trade had an impossible id. Several
 * live trades in a row are newer than the last delivered trade, and have lower ids. Used by one
 * thread.
 */
final class Renumbering {

  /** So many trades that are newer by this are not late copies of delivered ones. */
  private static final long NEWER_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int NEWER_TRADES = 3;

  /** So many trades with consecutive ids, each newer, are not late copies either. */
  private static final int CONSECUTIVE_TRADES = 10;

  private static final int MOST_TRADES = 1_000;

  private final List<Trade> trades = new ArrayList<>();

  /** How many of the trades are much newer than the last delivered one. */
  private int muchNewer;

  /** Whether the ids of the trades are consecutive. */
  private boolean consecutive = true;

  /**
   * Takes a live trade whose id is not higher than that of the last delivered trade.
   *
   * @param lastEventNs the time of the last delivered trade, nanoseconds since the epoch; 0 if it
   *     is not known
   * @return whether its id may be a restarted one; if not, the trade is a duplicate, and so are
   *     those that {@link #dropAll} returns
   */
  boolean take(Trade trade, long lastEventNs) {
    long newerNs = lastEventNs == 0 ? Long.MAX_VALUE : trade.eventNs() - lastEventNs;
    if (trade.origin() != Origin.STREAM || newerNs <= 0 || trades.size() == MOST_TRADES) {
      return false;
    }
    if (!trades.isEmpty()) {
      long before = trades.get(trades.size() - 1).sequence();
      if (trade.firstSequence() <= before) {
        return false;
      }
      consecutive &= trade.firstSequence() == before + 1;
    }
    trades.add(trade.copy());
    muchNewer += newerNs > NEWER_NANOS ? 1 : 0;
    return true;
  }

  /** Whether enough trades in a row have lower ids. */
  boolean isDetected() {
    return muchNewer >= NEWER_TRADES || (consecutive && trades.size() >= CONSECUTIVE_TRADES);
  }

  /** Whether no trade was taken. */
  boolean isEmpty() {
    return trades.isEmpty();
  }

  /** Removes and returns the trades, the oldest first. */
  List<Trade> dropAll() {
    if (trades.isEmpty()) {
      return List.of();
    }
    List<Trade> taken = List.copyOf(trades);
    trades.clear();
    muchNewer = 0;
    consecutive = true;
    return taken;
  }
}
