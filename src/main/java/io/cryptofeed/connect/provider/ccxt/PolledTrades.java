package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtTrade;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the new trades in each page, when the newest trades of an instrument are polled. Used by
 * one thread.
 */
final class PolledTrades {

  private Set<String> known = Set.of();
  private boolean started;

  /**
   * The new trades of a page.
   *
   * @param trades the trades that were not in the page before, the oldest first
   * @param continues whether no trade can be missing between the page before and this one
   */
  record News(List<CcxtTrade> trades, boolean continues) {}

  /**
   * Compares a page with the one before. The stream starts with the first page; its trades, and
   * older ones, are emitted only by a backfill.
   *
   * @param page the oldest first
   */
  News take(List<CcxtTrade> page) {
    SyntheticTradeIds syntheticIds = new SyntheticTradeIds();
    Set<String> ids = new LinkedHashSet<>();
    List<CcxtTrade> fresh = new ArrayList<>();
    boolean overlaps = known.isEmpty() || page.isEmpty();
    for (CcxtTrade trade : page) {
      String id = trade.id() == null ? syntheticIds.next(trade) : trade.id();
      ids.add(id);
      if (known.contains(id)) {
        overlaps = true;
      } else {
        fresh.add(trade);
      }
    }
    boolean first = !started;
    started = true;
    if (!page.isEmpty()) {
      known = ids;
    }
    return first ? new News(List.of(), false) : new News(fresh, overlaps);
  }

  /** Polling was interrupted: trades may be missing before the next page. */
  void interrupt() {
    started = false;
    known = Set.of();
  }
}
