package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtTrade;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells which trades of a page are new where the newest trades of an instrument are asked for again
 * and again. Used by one thread.
 */
final class PolledTrades {

  private Set<String> known = Set.of();
  private boolean begun;

  /**
   * What a page brings.
   *
   * @param trades those that the page before had not, the oldest first
   * @param continues whether no trade can lie between the page before and this one
   */
  record News(List<CcxtTrade> trades, boolean continues) {}

  /**
   * Compares a page with the one before. The first is where the stream begins: what happened before
   * is for the history to tell, if anybody wants to know.
   *
   * @param page the oldest first
   */
  News take(List<CcxtTrade> page) {
    SyntheticTradeIds names = new SyntheticTradeIds();
    Set<String> ids = new LinkedHashSet<>();
    List<CcxtTrade> fresh = new ArrayList<>();
    boolean overlaps = known.isEmpty() || page.isEmpty();
    for (CcxtTrade trade : page) {
      String id = trade.id() == null ? names.name(trade) : trade.id();
      ids.add(id);
      if (known.contains(id)) {
        overlaps = true;
      } else {
        fresh.add(trade);
      }
    }
    boolean first = !begun;
    begun = true;
    if (!page.isEmpty()) {
      known = ids;
    }
    return first ? new News(List.of(), false) : new News(fresh, overlaps);
  }

  /** Nobody asked for a while, and nobody knows what happened. */
  void interrupt() {
    begun = false;
    known = Set.of();
  }
}
