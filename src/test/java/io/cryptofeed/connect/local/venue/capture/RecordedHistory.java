package io.cryptofeed.connect.local.venue.capture;

import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.scripted.HistoryCall;
import io.cryptofeed.connect.local.venue.scripted.TradeDialect;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trades of a recorded session, as their venue's history would tell them. */
public final class RecordedHistory {

  private final TradeDialect dialect;
  private final Map<String, List<VenueTrade>> trades;

  /**
   * @param exchange whose words are used
   * @param trades by the venue's symbol, the oldest first
   */
  public RecordedHistory(TradeExchange exchange, Map<String, List<VenueTrade>> trades) {
    this.dialect = exchange.dialect();
    this.trades = Map.copyOf(trades);
  }

  /** A page of past trades; null when something else is asked for. */
  @Nullable HttpReply answer(HttpCall call) {
    HistoryCall asked = dialect.history(call);
    if (asked == null) {
      return null;
    }
    List<VenueTrade> known = trades.getOrDefault(asked.symbol(), List.of());
    return HttpReply.json(200, dialect.page(asked.symbol(), asked.select(known)));
  }
}
