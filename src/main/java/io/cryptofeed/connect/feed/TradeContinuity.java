package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Trade;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Checks the consecutive trade numbers of one instrument. It tells a trade that was seen from one
 * that is new, and remembers what is missing for a while: a trade may come late, when two
 * connections overlap. Used by one thread; the time is passed in.
 */
final class TradeContinuity {

  /** Older gaps than this many are given up first. */
  private static final int MAX_OPEN_GAPS = 64;

  private final ArrayDeque<Gap> gaps = new ArrayDeque<>();
  private final long graceNanos;
  private long last;

  /**
   * @param last the last trade that is known to be in Kafka, or {@link Trade#NO_SEQUENCE}
   * @param graceNanos how long a missing trade may still come
   */
  TradeContinuity(long last, long graceNanos) {
    this.last = last;
    this.graceNanos = graceNanos;
  }

  /** What a trade is. */
  enum Verdict {
    /** The next one, or the first. */
    NEW,
    /** New, and trades before it are missing: {@link #newestGap()}. */
    NEW_AFTER_GAP,
    /** One of those that were missing. */
    LATE,
    /** Seen before. */
    DUPLICATE
  }

  /** Missing trades, first and last included. */
  static final class Gap {
    private final long first;
    private final long last;
    private final long giveUpAtNanos;

    /** The ranges that are still missing, in order, as pairs of first and last. */
    private final List<long[]> open = new ArrayList<>();

    private long recovered;

    private Gap(long first, long last, long giveUpAtNanos) {
      this.first = first;
      this.last = last;
      this.giveUpAtNanos = giveUpAtNanos;
      open.add(new long[] {first, last});
    }

    long first() {
      return first;
    }

    long last() {
      return last;
    }

    long missing() {
      return last - first + 1;
    }

    long recovered() {
      return recovered;
    }

    /** What never came, as pairs of first and last. */
    List<long[]> open() {
      return open;
    }

    /** Takes out what is missing of a range; false when nothing of it is. */
    private boolean take(long from, long to) {
      long before = recovered;
      for (int i = open.size() - 1; i >= 0; i--) {
        long[] range = open.get(i);
        long first = Math.max(from, range[0]);
        long last = Math.min(to, range[1]);
        if (first > last) {
          continue;
        }
        open.remove(i);
        if (last < range[1]) {
          open.add(i, new long[] {last + 1, range[1]});
        }
        if (first > range[0]) {
          open.add(i, new long[] {range[0], first - 1});
        }
        recovered += last - first + 1;
      }
      return recovered > before;
    }
  }

  /**
   * Judges a trade, and remembers it.
   *
   * @param from the first number that it covers
   * @param to the last number that it covers
   */
  Verdict accept(long from, long to, long nowNanos) {
    if (last == Trade.NO_SEQUENCE || (from <= last + 1 && to > last)) {
      last = to;
      return Verdict.NEW;
    }
    if (from > last) {
      gaps.addLast(new Gap(last + 1, from - 1, nowNanos + graceNanos));
      last = to;
      return Verdict.NEW_AFTER_GAP;
    }
    boolean late = false;
    for (Gap gap : gaps) {
      late |= gap.take(from, to);
    }
    return late ? Verdict.LATE : Verdict.DUPLICATE;
  }

  /** The gap that the last {@link Verdict#NEW_AFTER_GAP} was about. */
  Gap newestGap() {
    return gaps.getLast();
  }

  /** Takes out the gaps that are filled, or for which no more trade is expected. */
  List<Gap> settled(long nowNanos) {
    if (gaps.isEmpty()) {
      return List.of();
    }
    List<Gap> settled = new ArrayList<>();
    int tooMany = gaps.size() - MAX_OPEN_GAPS;
    for (Iterator<Gap> i = gaps.iterator(); i.hasNext(); ) {
      Gap gap = i.next();
      if (gap.open.isEmpty() || nowNanos - gap.giveUpAtNanos >= 0 || settled.size() < tooMany) {
        settled.add(gap);
        i.remove();
      }
    }
    return settled;
  }
}
