package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Exchange: the last match is sent on subscribing, heartbeats have the newest id, and the
 * side is the maker's.
 */
final class CoinbaseTrades implements TradeDialect {

  private static final Pattern HISTORY = Pattern.compile("/products/([^/]+)/trades");

  @Override
  public @Nullable String instruments(HttpCall call) {
    return call.path().equals("/products")
        ? "[" + product("BTC") + "," + product("ETH") + "]"
        : null;
  }

  private static String product(String base) {
    return """
        {"id":"%s-USD","base_currency":"%s","quote_currency":"USD","quote_increment":"0.01",\
        "base_increment":"0.001","status":"online","trading_disabled":false}"""
        .formatted(base, base);
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    boolean subscribes = frame.path("type").asText().equals("subscribe");
    for (JsonNode channel : frame.path("channels")) {
      for (JsonNode product : frame.path("product_ids")) {
        change(channel.asText(), product.asText(), subscribes, client);
      }
    }
  }

  private static void change(
      String channel, String product, boolean subscribes, TradeVenue.Client client) {
    boolean heartbeat = channel.equals("heartbeat");
    if (!heartbeat && !channel.equals("matches")) {
      return;
    }
    Set<String> chosen = heartbeat ? client.beats() : client.symbols();
    if (!subscribes) {
      chosen.remove(product);
    } else if (heartbeat) {
      chosen.add(product);
    }
    client.send(confirmation(product, heartbeat || !subscribes, client));
    if (subscribes && !heartbeat) {
      client.subscribe(product);
    }
  }

  /** Everything that is subscribed, and the product that will be. */
  private static String confirmation(String product, boolean done, TradeVenue.Client client) {
    String matches = names(client.symbols());
    if (!done && !client.symbols().contains(product)) {
      matches += (matches.isEmpty() ? "" : ",") + '"' + product + '"';
    }
    return """
        {"type":"subscriptions","channels":[\
        {"name":"matches","product_ids":[%s],"account_ids":null},\
        {"name":"heartbeat","product_ids":[%s],"account_ids":null}]}"""
        .formatted(matches, names(client.beats()));
  }

  private static String names(Set<String> products) {
    return products.stream().map(name -> '"' + name + '"').collect(Collectors.joining(","));
  }

  @Override
  public void beat(long second, TradeVenue.Client client) {
    for (String product : client.beats()) {
      String newest = client.newestId(product);
      client.send(
          """
          {"type":"heartbeat","sequence":%d,"last_trade_id":%s,"product_id":"%s",\
          "time":"2026-11-20T08:19:28.464459Z"}"""
              .formatted(second, newest == null ? "0" : newest, product));
    }
  }

  @Override
  public String live(String symbol, List<VenueTrade> trades) {
    return message("match", symbol, trades.get(0));
  }

  @Override
  public String replay(String symbol, List<VenueTrade> trades) {
    return message("last_match", symbol, trades.get(trades.size() - 1));
  }

  private static String message(String type, String product, VenueTrade trade) {
    return """
        {"type":"%s","trade_id":%s,"maker_order_id":"f07e510f-4edf-469d-b844-4f670f1e93f1",\
        "taker_order_id":"e6f50944-3e2a-439e-ae49-308300ba8296","side":"%s","size":"%s",\
        "price":"%s","product_id":"%s","sequence":%d,"time":"%s"}"""
        .formatted(
            type,
            trade.id(),
            makerSide(trade),
            trade.sizeText(),
            trade.priceText(),
            product,
            trade.number() * 17,
            trade.isoTime());
  }

  private static String makerSide(VenueTrade trade) {
    return trade.isBuy() ? "sell" : "buy";
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    Matcher path = HISTORY.matcher(call.path());
    return path.matches()
        ? HistoryCall.before(
            path.group(1), call.parameter("after"), TradeDialect.limit(call, "limit", 1_000, 1_000))
        : null;
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    StringBuilder rows = new StringBuilder();
    for (VenueTrade trade : trades) {
      String row =
          """
          {"trade_id":%s,"side":"%s","size":"%s","price":"%s","time":"%s"}"""
              .formatted(
                  trade.id(),
                  makerSide(trade),
                  trade.size().setScale(8),
                  trade.price().setScale(8),
                  trade.isoTime());
      rows.insert(0, rows.isEmpty() ? row : row + ",");
    }
    return "[" + rows + "]";
  }

  @Override
  public String refusal() {
    return "{\"message\":\"Internal server error\"}";
  }

  @Override
  public long clockNanos() {
    return 1_000;
  }
}
