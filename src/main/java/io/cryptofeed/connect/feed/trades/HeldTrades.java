package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.HeldTradesLimit;
import io.cryptofeed.connect.market.Trade;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The live trades of one instrument that wait for older ones, in order of their numbers. Used by
 * one thread.
 */
final class HeldTrades {

  private final TreeMap<Long, Trade> bySequence = new TreeMap<>();
  private final HeldTradesLimit limit;

  HeldTrades(HeldTradesLimit limit) {
    this.limit = limit;
  }

  /** What became of a trade that should wait. */
  enum Added {
    YES,
    /** It waits already. */
    TWICE,
    /** Too many wait. */
    NO_ROOM
  }

  /** Keeps a copy of a trade. */
  Added add(Trade trade) {
    if (bySequence.containsKey(trade.sequence())) {
      return Added.TWICE;
    }
    if (!limit.take()) {
      return Added.NO_ROOM;
    }
    bySequence.put(trade.sequence(), trade.copy());
    return Added.YES;
  }

  boolean isEmpty() {
    return bySequence.isEmpty();
  }

  /** The trade with the lowest number, null when none waits. */
  @Nullable Trade first() {
    Map.Entry<Long, Trade> first = bySequence.firstEntry();
    return first == null ? null : first.getValue();
  }

  /**
   * Takes the trade with the lowest number out.
   *
   * @throws NoSuchElementException when none waits
   */
  Trade removeFirst() {
    Map.Entry<Long, Trade> first = bySequence.pollFirstEntry();
    if (first == null) {
      throw new NoSuchElementException("no trade waits");
    }
    limit.giveBack(1);
    return first.getValue();
  }

  void clear() {
    limit.giveBack(bySequence.size());
    bySequence.clear();
  }
}
