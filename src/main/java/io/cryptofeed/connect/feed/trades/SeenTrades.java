package io.cryptofeed.connect.feed.trades;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** The ids of the last trades of an instrument. Used by one thread. */
final class SeenTrades {

  private final int most;
  private final Set<String> ids = new HashSet<>();
  private final ArrayDeque<String> byAge = new ArrayDeque<>();

  /**
   * @param most how many ids are kept, at least 1
   */
  SeenTrades(int most) {
    this.most = most;
  }

  /** Adds an id; false when it is known already. */
  boolean add(String id) {
    if (!ids.add(id)) {
      return false;
    }
    byAge.addLast(id);
    if (byAge.size() > most) {
      ids.remove(byAge.removeFirst());
    }
    return true;
  }

  boolean contains(String id) {
    return ids.contains(id);
  }
}
