package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.feed.TradeContinuity.Verdict;
import io.cryptofeed.connect.market.Trade;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the trades of one instrument that are new from those that were seen, by whatever the
 * venue's ids are good for: consecutive numbers, growing numbers, or no order at all. Used by one
 * thread; the time is passed in.
 */
final class TradeFilter {

  /** How many ids are remembered where they are not consecutive. */
  private static final int REMEMBERED = 1_024;

  private static final int[] SIZES = {16, 128, REMEMBERED};

  private final TradeContinuity continuity;
  private long[] ranks = {};
  private int rankCount;
  private long highest = Trade.NO_SEQUENCE;
  private @Nullable Set<String> ids;
  private final ArrayDeque<String> idsByAge = new ArrayDeque<>();

  TradeFilter(TradeContinuity continuity) {
    this.continuity = continuity;
  }

  /** What is missing of consecutive numbers. */
  TradeContinuity continuity() {
    return continuity;
  }

  /** Judges a trade, and remembers it. */
  Verdict accept(Trade trade, long nowNanos) {
    if (trade.sequence() != Trade.NO_SEQUENCE) {
      return continuity.accept(trade.firstSequence(), trade.sequence(), nowNanos);
    }
    return trade.rank() == Trade.NO_SEQUENCE ? acceptId(trade.id()) : acceptRank(trade.rank());
  }

  private Verdict acceptRank(long rank) {
    if (rank > highest) {
      highest = rank;
      remember(rank);
      return Verdict.NEW;
    }
    // When two connections overlap, one may have had a trade that the other one brings late.
    int known = Math.min(rankCount, ranks.length);
    for (int i = 0; i < known; i++) {
      if (ranks[i] == rank) {
        return Verdict.DUPLICATE;
      }
    }
    if (rankCount >= ranks.length && rank < lowestRemembered()) {
      return Verdict.DUPLICATE;
    }
    remember(rank);
    return Verdict.LATE;
  }

  private long lowestRemembered() {
    long lowest = Long.MAX_VALUE;
    for (long rank : ranks) {
      lowest = Math.min(lowest, rank);
    }
    return lowest;
  }

  private void remember(long rank) {
    if (rankCount == ranks.length && ranks.length < REMEMBERED) {
      ranks = Arrays.copyOf(ranks, nextSize(ranks.length));
    }
    ranks[rankCount % ranks.length] = rank;
    rankCount = rankCount == Integer.MAX_VALUE ? REMEMBERED : rankCount + 1;
  }

  private static int nextSize(int size) {
    for (int next : SIZES) {
      if (next > size) {
        return next;
      }
    }
    return REMEMBERED;
  }

  private Verdict acceptId(String id) {
    if (ids == null) {
      ids = new HashSet<>();
    }
    if (!ids.add(id)) {
      return Verdict.DUPLICATE;
    }
    idsByAge.addLast(id);
    if (idsByAge.size() > REMEMBERED) {
      ids.remove(idsByAge.removeFirst());
    }
    return Verdict.NEW;
  }
}
