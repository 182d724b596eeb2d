package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OKX: the stream joins the fills of an order under the id of the last fill; the history has single
 * fills. The last trade is sent on subscribing, and sizes of swaps are contracts of 0.001.
 */
final class OkxTrades implements TradeDialect {

  private static final int PAGE = 100;
  private static final BigDecimal CONTRACT = new BigDecimal("0.001");

  @Override
  public @Nullable String instruments(HttpCall call) {
    if (!call.path().equals("/api/v5/public/instruments")) {
      return null;
    }
    return switch (String.valueOf(call.parameter("instType"))) {
      case "SPOT" -> listing("BTC-USDT", "BTC", "USDT", "", "", "");
      case "SWAP" -> listing("ETH-USDT-SWAP", "", "", "linear", CONTRACT.toPlainString(), "");
      default -> listing("BTC-USDT-491231", "", "", "linear", "0.01", "2524550400000");
    };
  }

  private static String listing(
      String id, String base, String quote, String type, String contract, String expiry) {
    return """
        {"code":"0","msg":"","data":[{"instId":"%s","baseCcy":"%s","quoteCcy":"%s","ctType":"%s",\
        "ctVal":"%s","ctMult":"%s","expTime":"%s","tickSz":"0.01","lotSz":"0.001","state":"live"}]}"""
        .formatted(id, base, quote, type, contract, contract.isEmpty() ? "" : "1", expiry);
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    boolean subscribes = frame.path("op").asText().equals("subscribe");
    for (JsonNode argument : frame.path("args")) {
      if (!argument.path("channel").asText().equals("trades")) {
        continue;
      }
      client.send(
          "{\"id\":%s,\"event\":\"%s\",\"arg\":%s,\"connId\":\"a4d3ae55\"}"
              .formatted(frame.path("id"), frame.path("op").asText(), argument));
      String symbol = argument.path("instId").asText();
      if (subscribes) {
        client.subscribe(symbol);
      } else {
        client.unsubscribe(symbol);
      }
    }
  }

  @Override
  public void text(String text, TradeVenue.Client client) {
    if (text.equals("ping")) {
      client.send("pong");
    }
  }

  @Override
  public String live(String symbol, List<VenueTrade> fills) {
    VenueTrade last = fills.get(fills.size() - 1);
    BigDecimal size = fills.stream().map(VenueTrade::size).reduce(BigDecimal.ZERO, BigDecimal::add);
    return """
        {"arg":{"channel":"trades","instId":"%s"},"data":[{"instId":"%s","tradeId":"%s","px":"%s",\
        "sz":"%s","side":"%s","ts":"%d","count":"%d","source":"0","seqId":%d}]}"""
        .formatted(
            symbol,
            symbol,
            last.id(),
            last.priceText(),
            counted(symbol, size),
            last.taker().code(),
            last.millis(),
            fills.size(),
            last.number() * 3);
  }

  @Override
  public String replay(String symbol, List<VenueTrade> trades) {
    return live(symbol, trades.subList(trades.size() - 1, trades.size()));
  }

  private static String counted(String symbol, BigDecimal size) {
    BigDecimal counted = symbol.endsWith("-SWAP") ? size.divide(CONTRACT) : size;
    return counted.stripTrailingZeros().toPlainString();
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    String symbol = call.parameter("instId");
    return call.path().equals("/api/v5/market/history-trades") && symbol != null
        ? HistoryCall.before(
            symbol, call.parameter("after"), TradeDialect.limit(call, "limit", PAGE, PAGE))
        : null;
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    StringBuilder rows = new StringBuilder();
    for (VenueTrade trade : trades) {
      String row =
          """
          {"instId":"%s","side":"%s","sz":"%s","source":"0","px":"%s","tradeId":"%s","ts":"%d"}"""
              .formatted(
                  symbol,
                  trade.taker().code(),
                  counted(symbol, trade.size()),
                  trade.priceText(),
                  trade.id(),
                  trade.millis());
      rows.insert(0, rows.isEmpty() ? row : row + ",");
    }
    return "{\"code\":\"0\",\"msg\":\"\",\"data\":[" + rows + "]}";
  }

  @Override
  public String refusal() {
    return "{\"code\":\"50011\",\"msg\":\"Too Many Requests\",\"data\":[]}";
  }

  @Override
  public int maxTradesInMessage() {
    return 3;
  }

  @Override
  public boolean joinsFills() {
    return true;
  }
}
