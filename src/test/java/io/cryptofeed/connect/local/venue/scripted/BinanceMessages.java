package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Common to Binance's markets: combined streams, acknowledgements and the list of instruments. */
final class BinanceMessages {

  private BinanceMessages() {}

  /**
   * Subscribes and unsubscribes the streams of one kind; others are acknowledged and stay silent.
   */
  static void frame(JsonNode frame, String kind, TradeVenue.Client client) {
    client.send("{\"result\":null,\"id\":%s}".formatted(frame.path("id")));
    for (JsonNode stream : frame.path("params")) {
      String[] name = stream.asText().split("@", 2);
      if (name.length < 2 || !name[1].equals(kind)) {
        continue;
      }
      String symbol = name[0].toUpperCase(Locale.ROOT);
      if (frame.path("method").asText().equals("SUBSCRIBE")) {
        client.subscribe(symbol);
      } else {
        client.unsubscribe(symbol);
      }
    }
  }

  static String wrapped(String symbol, String kind, String data) {
    return "{\"stream\":\"%s@%s\",\"data\":%s}"
        .formatted(symbol.toLowerCase(Locale.ROOT), kind, data);
  }

  /** Whether the buyer is the maker. */
  static boolean isBuyerMaker(VenueTrade trade) {
    return !trade.isBuy();
  }

  /** The response to {@code exchangeInfo}. */
  static String listing(boolean futures) {
    return "{\"symbols\":[" + listed("BTC", futures) + "," + listed("ETH", futures) + "]}";
  }

  private static String listed(String base, boolean futures) {
    String contract =
        futures ? "\"contractType\":\"PERPETUAL\",\"deliveryDate\":4133404800000," : "";
    return """
        {"symbol":"%sUSDT","status":"TRADING",%s"baseAsset":"%s","quoteAsset":"USDT","filters":[\
        {"filterType":"PRICE_FILTER","tickSize":"0.01"},{"filterType":"LOT_SIZE","stepSize":"0.001"}]}"""
        .formatted(base, contract, base);
  }

  /** A request for trades starting with an id or a time; null for any other request. */
  static @Nullable HistoryCall history(HttpCall call, String path) {
    String symbol = call.parameter("symbol");
    String fromId = call.parameter("fromId");
    if (!call.path().equals(path) || symbol == null) {
      return null;
    }
    int limit = TradeDialect.limit(call, "limit", 500, 1_000);
    if (fromId != null) {
      return new HistoryCall(symbol, HistoryCall.Paging.FROM_NUMBER, Long.parseLong(fromId), limit);
    }
    String startTime = call.parameter("startTime");
    return startTime == null
        ? HistoryCall.newest(symbol, limit)
        : new HistoryCall(symbol, HistoryCall.Paging.AFTER_TIME, beforeMs(startTime), limit);
  }

  /** A start time includes the trades at this time. */
  private static long beforeMs(String millis) {
    return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis)) - 1;
  }

  static String refusal() {
    return "{\"code\":-1000,\"msg\":\"An unknown error occurred while processing the request.\"}";
  }
}
