package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.feed.TradeGap.Loss;
import java.util.ArrayList;
import java.util.List;

/** Numbers of an instrument's trades that were not passed in time. Used by one thread. */
final class MissingTrades {

  /** The end is not known yet. */
  static final long OPEN_END = Long.MAX_VALUE;

  private final long first;
  private final long openedAtNanos;
  private final String reason;
  private final List<Loss> losses = new ArrayList<>();
  private long end;
  private long recovered;

  /** Whether they were reported. */
  boolean announced;

  /** Whether it was looked for where those begin that are not too old. */
  boolean searched;

  /**
   * @param end the last of them, or {@link #OPEN_END}
   */
  MissingTrades(long first, long end, long openedAtNanos, String reason) {
    this.first = first;
    this.end = end;
    this.openedAtNanos = openedAtNanos;
    this.reason = reason;
  }

  long openedAtNanos() {
    return openedAtNanos;
  }

  long end() {
    return end;
  }

  boolean isOpen() {
    return end == OPEN_END;
  }

  /** Tells the end, unless it was told. */
  void endAt(long last) {
    if (isOpen()) {
      end = last;
    }
  }

  /** These numbers have come, or those of them that were missing. */
  void come(long from, long to) {
    recovered += Math.max(0, Math.min(to, end) - Math.max(from, first) + 1);
  }

  /** These numbers are lost, or those of them that were missing. */
  void lost(long from, long to, String because) {
    long firstLost = Math.max(from, first);
    long lastLost = Math.min(to, end);
    if (firstLost <= lastLost) {
      losses.add(
          new Loss(
              Long.toString(firstLost),
              Long.toString(lastLost),
              lastLost - firstLost + 1,
              because));
    }
  }

  /** What is to be reported; the end is known. */
  TradeGap gap() {
    return new TradeGap(
        Long.toString(first), Long.toString(end), end - first + 1, recovered, losses, reason);
  }
}
