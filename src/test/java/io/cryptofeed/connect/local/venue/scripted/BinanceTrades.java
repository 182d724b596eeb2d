package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Binance spot's single trades: {@code @trade}, and {@code historicalTrades}. */
final class BinanceTrades implements TradeDialect {

  @Override
  public @Nullable String instruments(HttpCall call) {
    return call.path().equals("/api/v3/exchangeInfo") ? BinanceMessages.listing(false) : null;
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    BinanceMessages.frame(frame, "trade", client);
  }

  @Override
  public String live(String symbol, List<VenueTrade> trades) {
    VenueTrade trade = trades.get(0);
    String data =
        """
        {"e":"trade","E":%d,"s":"%s","t":%s,"p":"%s","q":"%s","T":%d,"m":%b,"M":true}"""
            .formatted(
                trade.millis() + 1,
                symbol,
                trade.id(),
                trade.price().setScale(8),
                trade.size().setScale(8),
                trade.millis(),
                BinanceMessages.isBuyerMaker(trade));
    return BinanceMessages.wrapped(symbol, "trade", data);
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    return BinanceMessages.history(call, "/api/v3/historicalTrades");
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    return trades.stream().map(BinanceTrades::row).collect(Collectors.joining(",", "[", "]"));
  }

  private static String row(VenueTrade trade) {
    return """
        {"id":%s,"price":"%s","qty":"%s","quoteQty":"%s","time":%d,"isBuyerMaker":%b,"isBestMatch":true}"""
        .formatted(
            trade.id(),
            trade.price().setScale(8),
            trade.size().setScale(8),
            trade.price().multiply(trade.size()).setScale(8),
            trade.millis(),
            BinanceMessages.isBuyerMaker(trade));
  }

  @Override
  public String refusal() {
    return BinanceMessages.refusal();
  }
}
