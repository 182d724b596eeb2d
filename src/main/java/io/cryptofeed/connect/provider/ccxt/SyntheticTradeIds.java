package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtTrade;
import java.util.HashMap;
import java.util.Map;

/**
 * Names trades to which an exchange gives no id, by what they are: {@code
 * 1700000000000-buy-0.5-64000}, and {@code …-2} for the second of two alike. The stream and the
 * history give one trade one name, as long as they tell the same. Used by one thread, for trades in
 * order.
 */
final class SyntheticTradeIds {

  /** How often each trade happened at the newest time. */
  private final Map<String, Integer> alike = new HashMap<>();

  private long newestMs = Long.MIN_VALUE;

  String name(CcxtTrade trade) {
    if (trade.timestampMs() != newestMs) {
      newestMs = trade.timestampMs();
      alike.clear();
    }
    String name =
        trade.timestampMs() + "-" + trade.side() + "-" + trade.amount() + "-" + trade.price();
    int times = alike.merge(name, 1, Integer::sum);
    return times == 1 ? name : name + "-" + times;
  }
}
