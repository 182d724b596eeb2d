package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.HeldTradesLimit;
import io.cryptofeed.connect.market.Trade;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The live trades of one instrument that are held, in order of their ids. Used by one thread. */
final class HeldTrades {

  private final TreeMap<Long, Trade> bySequence = new TreeMap<>();
  private final HeldTradesLimit limit;

  HeldTrades(HeldTradesLimit limit) {
    this.limit = limit;
  }

  /** What became of a trade that should be held. */
  enum Added {
    YES,
    /** It is held already. */
    DUPLICATE,
    /** Too many trades are held. */
    NO_ROOM
  }

  /** Keeps a copy of a trade. */
  Added add(Trade trade) {
    if (bySequence.containsKey(trade.sequence())) {
      return Added.DUPLICATE;
    }
    if (!limit.take()) {
      return Added.NO_ROOM;
    }
    bySequence.put(trade.sequence(), trade.copy());
    return Added.YES;
  }

  /** The trade with the lowest id, null when none is held. */
  @Nullable Trade first() {
    Map.Entry<Long, Trade> first = bySequence.firstEntry();
    return first == null ? null : first.getValue();
  }

  /**
   * Removes the trade with the lowest id.
   *
   * @throws NoSuchElementException when none is held
   */
  Trade removeFirst() {
    Map.Entry<Long, Trade> first = bySequence.pollFirstEntry();
    if (first == null) {
      throw new NoSuchElementException("no trade is held");
    }
    limit.giveBack(1);
    return first.getValue();
  }

  /** How many trades are held. */
  int size() {
    return bySequence.size();
  }

  void clear() {
    limit.giveBack(bySequence.size());
    bySequence.clear();
  }
}
