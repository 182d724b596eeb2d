package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.JsonText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Books of Kraken: objects, JSON numbers, and a checksum. Levels that drop out of the depth are not
 * removed by a message. There are no sequence numbers: the microseconds of the time are the
 * market's. The markets are {@code BTC/USD} and {@code ETH/USD}.
 */
public final class KrakenBooks implements BookVenue.Dialect {

  /** Levels per side. */
  public static final int DEPTH = 10;

  @Override
  public @Nullable String rest(String path, @Nullable String symbol, BookVenue venue) {
    return KrakenMarkets.answer(path);
  }

  @Override
  public void text(String message, BookVenue venue, BookVenue.Client client) {
    JsonNode frame = JsonText.parse(message);
    if (frame.path("method").asText().equals("ping")) {
      client.send("{\"method\":\"pong\",\"req_id\":1}");
    }
    for (JsonNode symbol : frame.path("params").path("symbol")) {
      if (frame.path("method").asText().equals("subscribe")) {
        client.send(
            "{\"method\":\"subscribe\",\"result\":{\"channel\":\"book\",\"depth\":10,"
                + "\"snapshot\":true,\"symbol\":"
                + symbol
                + "},\"success\":true,\"req_id\":"
                + frame.path("req_id")
                + "}");
        client.subscribe(symbol.asText());
      } else {
        client.unsubscribe(symbol.asText());
      }
    }
  }

  @Override
  public String snapshot(BookVenue.Market market) {
    return message("snapshot", market, best(market.bids()), best(market.asks()));
  }

  private static Map<Integer, Integer> best(Map<Integer, Integer> side) {
    Map<Integer, Integer> best = new LinkedHashMap<>();
    side.entrySet().stream()
        .limit(DEPTH)
        .forEach(level -> best.put(level.getKey(), level.getValue()));
    return best;
  }

  @Override
  public String delta(
      BookVenue.Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
    return message("update", market, bids, asks);
  }

  private static String message(
      String type,
      BookVenue.Market market,
      Map<Integer, Integer> bids,
      Map<Integer, Integer> asks) {
    return """
        {"channel":"book","type":"%s","data":[{"symbol":"%s","bids":%s,"asks":%s,"checksum":%d,\
        "timestamp":"2026-10-06T17:35:55.%06dZ"}]}"""
        .formatted(
            type, market.symbol(), levels(bids), levels(asks), checksum(market), market.sequence());
  }

  private static String levels(Map<Integer, Integer> side) {
    return side.entrySet().stream()
        .map(
            level ->
                "{\"price\":%s,\"qty\":%s}"
                    .formatted(
                        BigDecimal.valueOf(level.getKey(), 2).toPlainString(),
                        BigDecimal.valueOf(level.getValue(), 3).toPlainString()))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static long checksum(BookVenue.Market market) {
    StringBuilder text = new StringBuilder();
    for (Map<Integer, Integer> side : List.of(market.asks(), market.bids())) {
      side.entrySet().stream()
          .limit(DEPTH)
          .forEach(level -> text.append(level.getKey()).append(level.getValue()));
    }
    CRC32 crc = new CRC32();
    crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
    return crc.getValue();
  }

  @Override
  public boolean gzips() {
    return false;
  }

  @Override
  public int depth() {
    return DEPTH;
  }
}
