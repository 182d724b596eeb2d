package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;

/** Common to HTX's markets: topics, acknowledgements, pings, and rows in groups. */
final class HtxMessages {

  static final int KEPT = 2_000;

  private static final int PING_SECONDS = 5;
  private static final String TRADES = ".trade.detail";

  private HtxMessages() {}

  static void frame(JsonNode frame, TradeVenue.Client client) {
    boolean subscribes = frame.has("sub");
    String topic = frame.path(subscribes ? "sub" : "unsub").asText();
    if (!topic.endsWith(TRADES)) {
      return;
    }
    client.send(
        "{\"id\":%s,\"status\":\"ok\",\"%s\":\"%s\",\"ts\":1494326028889}"
            .formatted(frame.path("id"), subscribes ? "subbed" : "unsubbed", topic));
    String symbol = topic.substring("market.".length(), topic.length() - TRADES.length());
    if (subscribes) {
      client.subscribe(symbol);
    } else {
      client.unsubscribe(symbol);
    }
  }

  static void beat(long second, TradeVenue.Client client) {
    if (second % PING_SECONDS == 0) {
      client.send("{\"ping\":" + 1_618_678_073_643L + "}");
    }
  }

  static String live(String symbol, long millis, String rows) {
    return """
        {"ch":"market.%s.trade.detail","ts":%d,"tick":{"id":1,"ts":%d,"data":%s}}"""
        .formatted(symbol, millis + 4, millis, rows);
  }

  static String page(String symbol, String groups) {
    return """
        {"ch":"market.%s.trade.detail","status":"ok","ts":1618678048500,"data":%s}"""
        .formatted(symbol, groups);
  }

  static String refusal() {
    return """
        {"status":"error","err-code":"bad-request","err-msg":"request timeout","err_code":1030,"err_msg":"Abnormal service","ts":1}""";
  }
}
