package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Advanced Trade: messages have numbers, and the newest trade comes first in each. Recent
 * trades are sent on subscribing, the side is the maker's, and the history has the newest 100
 * trades.
 */
final class AdvancedTrades implements TradeDialect {

  private static final Pattern HISTORY = Pattern.compile(".*/products/([^/]+)/ticker");
  private static final int RECENT = 50;
  private static final int KEPT = 100;

  @Override
  public @Nullable String instruments(HttpCall call) {
    return call.path().endsWith("/products")
        ? "{\"products\":[" + product("BTC") + "," + product("ETH") + "]}"
        : null;
  }

  private static String product(String base) {
    return """
        {"product_id":"%s-USD","product_type":"SPOT","base_currency_id":"%s",\
        "quote_currency_id":"USD","price_increment":"0.01","base_increment":"0.001",\
        "status":"online","alias":"","trading_disabled":false,"view_only":false}"""
        .formatted(base, base);
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    String channel = frame.path("channel").asText();
    boolean subscribes = frame.path("type").asText().equals("subscribe");
    for (JsonNode node : frame.path("product_ids")) {
      String product = node.asText();
      if (channel.equals("heartbeats")) {
        client.beats().add(product);
      } else if (channel.equals("market_trades") && subscribes) {
        client.subscribe(product);
      } else if (channel.equals("market_trades")) {
        client.unsubscribe(product);
      }
    }
    client.send(confirmation(client));
  }

  private static String confirmation(TradeVenue.Client client) {
    String products =
        client.symbols().stream().map(name -> '"' + name + '"').collect(Collectors.joining(","));
    return message("subscriptions", "{\"subscriptions\":{\"market_trades\":[" + products + "]}}");
  }

  private static String message(String channel, String event) {
    return """
        {"channel":"%s","client_id":"","timestamp":"2026-04-07T14:30:02.789012Z",\
        "sequence_num":%s,"events":[%s]}"""
        .formatted(channel, NumberedSender.NUMBER, event);
  }

  @Override
  public void beat(long second, TradeVenue.Client client) {
    if (!client.beats().isEmpty()) {
      client.send(
          message(
              "heartbeats",
              "{\"current_time\":\"2026-04-07 14:30:10\",\"heartbeat_counter\":" + second + "}"));
    }
  }

  @Override
  public String live(String symbol, List<VenueTrade> trades) {
    return event("update", symbol, trades);
  }

  @Override
  public String replay(String symbol, List<VenueTrade> trades) {
    return event(
        "snapshot", symbol, trades.subList(Math.max(0, trades.size() - RECENT), trades.size()));
  }

  private static String event(String type, String product, List<VenueTrade> trades) {
    return message(
        "market_trades", "{\"type\":\"%s\",\"trades\":%s}".formatted(type, rows(product, trades)));
  }

  private static String rows(String product, List<VenueTrade> trades) {
    StringBuilder rows = new StringBuilder();
    for (VenueTrade trade : trades) {
      String row =
          """
          {"trade_id":"%s","product_id":"%s","price":"%s","size":"%s","side":"%s","time":"%s"}"""
              .formatted(
                  trade.id(),
                  product,
                  trade.priceText(),
                  trade.sizeText(),
                  trade.isBuy() ? "SELL" : "BUY",
                  trade.isoTime());
      rows.insert(0, rows.isEmpty() ? row : row + ",");
    }
    return "[" + rows + "]";
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    Matcher path = HISTORY.matcher(call.path());
    return path.matches()
        ? HistoryCall.newest(path.group(1), TradeDialect.limit(call, "limit", KEPT, KEPT))
        : null;
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    return "{\"trades\":%s,\"best_bid\":\"1\",\"best_ask\":\"2\"}".formatted(rows(symbol, trades));
  }

  @Override
  public String refusal() {
    return "{\"error\":\"INTERNAL\",\"message\":\"try again\"}";
  }

  @Override
  public int maxTradesInMessage() {
    return 4;
  }

  @Override
  public int reach(String symbol) {
    return KEPT;
  }

  @Override
  public long clockNanos() {
    return 1_000;
  }
}
