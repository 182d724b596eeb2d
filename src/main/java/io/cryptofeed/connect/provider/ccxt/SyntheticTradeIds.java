package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtTrade;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes ids for trades that have none, from their values: {@code 1700000000000-buy-0.5-64000}, and
 * {@code …-2} for the second of two equal trades. The stream and the trade history give a trade the
 * same id if they send the same values. Used by one thread, for trades in order.
 */
final class SyntheticTradeIds {

  /** How often each trade occurred at the newest time. */
  private final Map<String, Integer> counts = new HashMap<>();

  private long newestMs = Long.MIN_VALUE;

  /** The id of the next trade. */
  String next(CcxtTrade trade) {
    if (trade.timestampMs() != newestMs) {
      newestMs = trade.timestampMs();
      counts.clear();
    }
    String id =
        trade.timestampMs() + "-" + trade.side() + "-" + trade.amount() + "-" + trade.price();
    int count = counts.merge(id, 1, Integer::sum);
    return count == 1 ? id : id + "-" + count;
  }
}
