package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Bybit, spot for BTC and linear for ETH: ids are unordered, and the history has only the newest
 * trades, 60 of spot and 1000 of linear.
 */
final class BybitTrades implements TradeDialect {

  private static final String SPOT = "BTCUSDT";
  private static final String LINEAR = "ETHUSDT";

  @Override
  public @Nullable String instruments(HttpCall call) {
    if (!call.path().equals("/v5/market/instruments-info")) {
      return null;
    }
    boolean spot = "spot".equals(call.parameter("category"));
    return """
        {"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"%s",%s"baseCoin":"%s",\
        "quoteCoin":"USDT","status":"Trading","priceFilter":{"tickSize":"0.01"},\
        "lotSizeFilter":{"basePrecision":"0.001","qtyStep":"0.001"}}],"nextPageCursor":""}}"""
        .formatted(
            spot ? SPOT : LINEAR,
            spot ? "" : "\"contractType\":\"LinearPerpetual\",\"deliveryTime\":\"0\",",
            spot ? "BTC" : "ETH");
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    String operation = frame.path("op").asText();
    if (operation.equals("ping")) {
      client.send("{\"success\":true,\"ret_msg\":\"pong\",\"op\":\"ping\"}");
      return;
    }
    client.send(
        "{\"success\":true,\"ret_msg\":\"\",\"req_id\":%s,\"op\":\"%s\"}"
            .formatted(frame.path("req_id"), operation));
    for (JsonNode topic : frame.path("args")) {
      String[] name = topic.asText().split("\\.", -1);
      if (!name[0].equals("publicTrade")) {
        continue;
      }
      if (operation.equals("subscribe")) {
        client.subscribe(name[1]);
      } else {
        client.unsubscribe(name[1]);
      }
    }
  }

  @Override
  public String live(String symbol, List<VenueTrade> trades) {
    return trades.stream()
        .map(trade -> live(symbol, trade))
        .collect(
            Collectors.joining(
                ",",
                "{\"topic\":\"publicTrade."
                    + symbol
                    + "\",\"type\":\"snapshot\",\"ts\":1672304486868,\"data\":[",
                "]}"));
  }

  private static String live(String symbol, VenueTrade trade) {
    return """
        {"T":%d,"s":"%s","S":"%s","v":"%s","p":"%s","i":"%s","BT":false,"seq":%d}"""
        .formatted(
            trade.millis(),
            symbol,
            side(trade),
            trade.sizeText(),
            trade.priceText(),
            trade.id(),
            trade.number() / 2);
  }

  private static String side(VenueTrade trade) {
    return trade.isBuy() ? "Buy" : "Sell";
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    String symbol = call.parameter("symbol");
    if (!call.path().equals("/v5/market/recent-trade") || symbol == null) {
      return null;
    }
    boolean fits = "linear".equals(call.parameter("category")) == symbol.equals(LINEAR);
    int most = reach(symbol);
    return fits ? HistoryCall.newest(symbol, TradeDialect.limit(call, "limit", most, most)) : null;
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    StringBuilder rows = new StringBuilder();
    for (VenueTrade trade : trades) {
      String row =
          """
          {"execId":"%s","symbol":"%s","price":"%s","size":"%s","side":"%s","time":"%d",\
          "isBlockTrade":false,"isRPITrade":false,"seq":"%d"}"""
              .formatted(
                  trade.id(),
                  symbol,
                  trade.priceText(),
                  trade.sizeText(),
                  side(trade),
                  trade.millis(),
                  trade.number() / 2);
      rows.insert(0, rows.isEmpty() ? row : row + ",");
    }
    return """
        {"retCode":0,"retMsg":"OK","result":{"category":"%s","list":[%s]},"time":1672304486868}"""
        .formatted(symbol.equals(SPOT) ? "spot" : "linear", rows);
  }

  @Override
  public String refusal() {
    return "{\"retCode\":10016,\"retMsg\":\"Internal error\",\"result\":{}}";
  }

  @Override
  public String id(String symbol, long number) {
    UUID unordered = UUID.nameUUIDFromBytes((symbol + number).getBytes(StandardCharsets.US_ASCII));
    return symbol.equals(SPOT)
        ? Long.toString(unordered.getMostSignificantBits() >>> 1)
        : unordered.toString();
  }

  @Override
  public int maxTradesInMessage() {
    return 5;
  }

  @Override
  public int reach(String symbol) {
    return symbol.equals(SPOT) ? 60 : 1_000;
  }
}
