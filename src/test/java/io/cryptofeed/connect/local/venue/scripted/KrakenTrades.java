package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Kraken: JSON numbers, the 50 newest trades on subscribing if requested, and a history that is
 * paged by time and uses other names.
 */
final class KrakenTrades implements TradeDialect {

  private static final int RECENT = 50;
  private static final int PAGE = 1_000;
  private static final long MOST_SECONDS = 100_000_000_000L;
  private static final Map<String, String> PAIRS =
      Map.of("BTC/USD", "XXBTZUSD", "ETH/USD", "XETHZUSD");

  @Override
  public @Nullable String instruments(HttpCall call) {
    return KrakenMarkets.answer(call.path());
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    String method = frame.path("method").asText();
    if (method.equals("ping")) {
      client.send("{\"method\":\"pong\",\"req_id\":1}");
    }
    JsonNode wanted = frame.path("params");
    if (!wanted.path("channel").asText().equals("trade")) {
      return;
    }
    for (JsonNode symbol : wanted.path("symbol")) {
      client.send(
          """
          {"method":"%s","result":{"channel":"trade","snapshot":%b,"symbol":%s},"success":true,\
          "req_id":%s}"""
              .formatted(
                  method, wanted.path("snapshot").asBoolean(), symbol, frame.path("req_id")));
      if (method.equals("subscribe")) {
        client.subscribe(symbol.asText());
      } else {
        client.unsubscribe(symbol.asText());
      }
    }
  }

  @Override
  public void beat(long second, TradeVenue.Client client) {
    if (!client.symbols().isEmpty()) {
      client.send("{\"channel\":\"heartbeat\"}");
    }
  }

  @Override
  public String live(String symbol, List<VenueTrade> trades) {
    return message("update", symbol, trades);
  }

  @Override
  public String replay(String symbol, List<VenueTrade> trades) {
    return message(
        "snapshot", symbol, trades.subList(Math.max(0, trades.size() - RECENT), trades.size()));
  }

  private static String message(String type, String symbol, List<VenueTrade> trades) {
    return trades.stream()
        .map(trade -> live(symbol, trade))
        .collect(
            Collectors.joining(
                ",", "{\"channel\":\"trade\",\"type\":\"" + type + "\",\"data\":[", "]}"));
  }

  private static String live(String symbol, VenueTrade trade) {
    return """
        {"symbol":"%s","side":"%s","price":%s,"qty":%s,"ord_type":"limit","trade_id":%s,\
        "timestamp":"%s"}"""
        .formatted(
            symbol,
            trade.taker().code(),
            trade.priceText(),
            trade.sizeText(),
            trade.id(),
            trade.isoTime());
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    String pair = call.parameter("pair");
    if (!call.path().equals("/0/public/Trades") || pair == null) {
      return null;
    }
    String since = call.parameter("since");
    int limit = TradeDialect.limit(call, "count", PAGE, PAGE);
    return since == null
        ? HistoryCall.newest(symbol(pair), limit)
        : new HistoryCall(
            symbol(pair), HistoryCall.Paging.AFTER_TIME, nanos(Long.parseLong(since)), limit);
  }

  /** The time may also be in seconds. */
  private static long nanos(long since) {
    return since < MOST_SECONDS ? TimeUnit.SECONDS.toNanos(since) - 1 : since;
  }

  /** A pair has several names. */
  private static String symbol(String pair) {
    String plain = pair.replace("/", "").replace("XXBTZ", "XBT").replace("XETHZ", "ETH");
    return plain.replace("XBT", "BTC").replace("USD", "/USD");
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    String pair = PAIRS.getOrDefault(symbol, symbol);
    long last = trades.isEmpty() ? 0 : trades.get(trades.size() - 1).timeNanos();
    return trades.stream()
        .map(KrakenTrades::historical)
        .collect(
            Collectors.joining(
                ",",
                "{\"error\":[],\"result\":{\"" + pair + "\":[",
                "],\"last\":\"" + last + "\"}}"));
  }

  private static String historical(VenueTrade trade) {
    String seconds = BigDecimal.valueOf(trade.timeNanos(), 9).stripTrailingZeros().toPlainString();
    return """
        ["%s","%s",%s,"%s","l","",%s]"""
        .formatted(
            trade.price().setScale(5),
            trade.size().setScale(8),
            seconds,
            trade.isBuy() ? "b" : "s",
            trade.id());
  }

  @Override
  public String refusal() {
    return "{\"error\":[\"EService:Unavailable\"]}";
  }

  @Override
  public int maxTradesInMessage() {
    return 4;
  }

  @Override
  public long clockNanos() {
    return 1_000;
  }
}
