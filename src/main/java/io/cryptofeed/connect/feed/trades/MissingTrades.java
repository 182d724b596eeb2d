package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.feed.TradeGap.Loss;
import java.util.ArrayList;
import java.util.List;

/** A gap in the consecutive trade ids of an instrument, and what fills it. Used by one thread. */
final class MissingTrades {

  /** The end is not known yet. */
  static final long OPEN_END = Long.MAX_VALUE;

  private final long first;
  private final long dueAtNanos;
  private final String reason;
  private final List<Loss> losses = new ArrayList<>();
  private long end;
  private long recovered;
  private boolean reported;

  /** Whether the history has the trade after the gap, or does not contradict it. */
  private boolean confirmed;

  /**
   * @param first the first missing id
   * @param end the last missing id, or {@link #OPEN_END}
   * @param dueAtNanos until then late trades may fill the gap
   * @param reason how the gap was detected, for people
   */
  MissingTrades(long first, long end, long dueAtNanos, String reason) {
    this.first = first;
    this.end = end;
    this.dueAtNanos = dueAtNanos;
    this.reason = reason;
  }

  /** How long late trades may still fill the gap; zero or less when that time is over. */
  long waitNanos(long nanoTime) {
    return dueAtNanos - nanoTime;
  }

  /** The last missing id, or {@link #OPEN_END}. */
  long end() {
    return end;
  }

  boolean isOpen() {
    return end == OPEN_END;
  }

  /**
   * Sets the end if it is not known yet. A gap that is not reported ends earlier if the trade after
   * it may have had an impossible id.
   */
  void endAt(long last) {
    if (isOpen() || (!reported && AheadTrades.isFar(end - last))) {
      end = last;
    }
  }

  /** Whether the trade after the gap is known to be possible. */
  boolean isConfirmed() {
    return confirmed || reported;
  }

  /** The trade after the gap is possible. */
  void confirm() {
    confirmed = true;
  }

  /** Whether the gap was reported. */
  boolean isReported() {
    return reported;
  }

  /** The gap is reported now. */
  void setReported() {
    reported = true;
  }

  /** Those of these ids that were missing are delivered. */
  void recover(long from, long to) {
    recovered += Math.max(0, Math.min(to, end) - Math.max(from, first) + 1);
  }

  /** Those of these ids that were missing are lost. */
  void lose(long from, long to, String because) {
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

  /** What is reported; the end is known. */
  TradeGap gap() {
    return new TradeGap(
        Long.toString(first), Long.toString(end), end - first + 1, recovered, losses, reason);
  }
}
