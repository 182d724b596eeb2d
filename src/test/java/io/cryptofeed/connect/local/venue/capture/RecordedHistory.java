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

/** The trades of a recorded session, in the format of their venue's trade history. */
public final class RecordedHistory {

  private final TradeDialect dialect;
  private final Map<String, List<VenueTrade>> trades;

  /**
   * @param exchange the exchange whose format is used
   * @param trades by the venue's symbol, the oldest first
   */
  public RecordedHistory(TradeExchange exchange, Map<String, List<VenueTrade>> trades) {
    this.dialect = exchange.dialect();
    this.trades = Map.copyOf(trades);
  }

  /** A page of historical trades; null for any other request. */
  @Nullable HttpReply answer(HttpCall call) {
    HistoryCall request = dialect.history(call);
    if (request == null) {
      return null;
    }
    List<VenueTrade> known = trades.getOrDefault(request.symbol(), List.of());
    return HttpReply.json(200, dialect.page(request.symbol(), request.select(known)));
  }
}
