package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Backpack: no acknowledgements; the history is paged by an offset from the newest trade. */
final class BackpackTrades implements TradeDialect {

  private static final int PAGE = 1_000;

  @Override
  public @Nullable String instruments(HttpCall call) {
    return switch (call.path()) {
      case "/api/v1/markets" -> BackpackMarkets.answer(List.of("BTC_USDC", "ETH_USDC_PERP"));
      case "/api/v1/assets" -> "[]";
      default -> null;
    };
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    for (JsonNode stream : frame.path("params")) {
      String name = stream.asText();
      if (!name.startsWith("trade.")) {
        continue;
      }
      String symbol = name.substring("trade.".length());
      if (frame.path("method").asText().equals("SUBSCRIBE")) {
        client.subscribe(symbol);
      } else {
        client.unsubscribe(symbol);
      }
    }
  }

  @Override
  public String live(String symbol, List<VenueTrade> trades) {
    VenueTrade trade = trades.get(0);
    return """
        {"stream":"trade.%s","data":{"e":"trade","E":%d,"T":%d,"s":"%s","p":"%s","q":"%s",\
        "b":"5121861755","a":"5121860761","t":%s,"m":%b}}"""
        .formatted(
            symbol,
            trade.timeNanos() / 1_000 + 2,
            trade.timeNanos() / 1_000,
            symbol,
            trade.priceText(),
            trade.sizeText(),
            trade.id(),
            !trade.isBuy());
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    String symbol = call.parameter("symbol");
    if (symbol == null) {
      return null;
    }
    int limit = TradeDialect.limit(call, "limit", 100, PAGE);
    return switch (call.path()) {
      case "/api/v1/trades" -> HistoryCall.newest(symbol, limit);
      case "/api/v1/trades/history" ->
          new HistoryCall(
              symbol,
              HistoryCall.Paging.OFFSET,
              TradeDialect.limit(call, "offset", 0, Integer.MAX_VALUE),
              limit);
      default -> null;
    };
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    StringBuilder rows = new StringBuilder();
    for (VenueTrade trade : trades) {
      // Milliseconds in the history, microseconds in the stream.
      String row =
          """
          {"id":%s,"price":"%s","quantity":"%s","quoteQuantity":"%s","timestamp":%d,\
          "isBuyerMaker":%b}"""
              .formatted(
                  trade.id(),
                  trade.priceText(),
                  trade.sizeText(),
                  trade.price().multiply(trade.size()).toPlainString(),
                  trade.millis(),
                  !trade.isBuy());
      rows.insert(0, rows.isEmpty() ? row : row + ",");
    }
    return "[" + rows + "]";
  }

  @Override
  public String refusal() {
    return "{\"code\":\"SERVER_ERROR\",\"message\":\"try again\"}";
  }
}
