package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.JsonText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Books of Backpack: no acknowledgements, and snapshots over REST with the worst bid first. */
public final class BackpackBooks implements BookVenue.Dialect {

  @Override
  public @Nullable String rest(String path, @Nullable String symbol, BookVenue venue) {
    if (path.endsWith("/markets")) {
      return BackpackMarkets.answer(
          StreamSupport.stream(venue.markets().spliterator(), false)
              .map(BookVenue.Market::symbol)
              .toList());
    }
    if (path.endsWith("/assets")) {
      return "[]";
    }
    if (symbol == null) {
      return null;
    }
    venue.countRequest(symbol);
    BookVenue.Market market = venue.market(symbol);
    Map<Integer, Integer> worstFirst = new TreeMap<>(market.bids());
    return "{\"asks\":%s,\"bids\":%s,\"lastUpdateId\":\"%d\",\"timestamp\":%d}"
        .formatted(levels(market.asks()), levels(worstFirst), market.sequence(), micros());
  }

  @Override
  public void text(String message, BookVenue venue, BookVenue.Client client) {
    JsonNode frame = JsonText.parse(message);
    for (JsonNode stream : frame.path("params")) {
      String symbol = stream.asText().substring(stream.asText().indexOf('.') + 1);
      if (frame.path("method").asText().equals("SUBSCRIBE")) {
        if (stream.asText().startsWith("bookTicker.")) {
          client.subscribeQuotes(symbol);
        } else {
          client.subscribe(symbol);
        }
      } else {
        client.unsubscribe(symbol);
      }
    }
  }

  @Override
  public @Nullable String snapshot(BookVenue.Market market) {
    return null;
  }

  @Override
  public String delta(
      BookVenue.Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
    return """
        {"stream":"depth.%s","data":{"e":"depth","E":%d,"T":%d,\
        "s":"%s","a":%s,"b":%s,"U":%d,"u":%d}}"""
        .formatted(
            market.symbol(),
            micros() + 1,
            micros(),
            market.symbol(),
            levels(asks),
            levels(bids),
            market.sequence(),
            market.sequence());
  }

  @Override
  public String quote(BookVenue.Market market) {
    Map.Entry<Integer, Integer> bid = market.bids().entrySet().iterator().next();
    Map.Entry<Integer, Integer> ask = market.asks().entrySet().iterator().next();
    return """
        {"stream":"bookTicker.%s","data":{"e":"bookTicker","E":%d,"T":%d,"s":"%s","a":"%s","A":"%s",\
        "b":"%s","B":"%s","u":"%d"}}"""
        .formatted(
            market.symbol(),
            micros() + 1,
            micros(),
            market.symbol(),
            price(ask),
            size(ask),
            price(bid),
            size(bid),
            market.sequence());
  }

  private static String price(Map.Entry<Integer, Integer> level) {
    return BigDecimal.valueOf(level.getKey(), 2).toPlainString() + "0";
  }

  private static String size(Map.Entry<Integer, Integer> level) {
    return BigDecimal.valueOf(level.getValue(), 3).toPlainString();
  }

  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static String levels(Map<Integer, Integer> side) {
    return side.entrySet().stream()
        .map(level -> "[\"%s\",\"%s\"]".formatted(price(level), size(level)))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public boolean gzips() {
    return false;
  }
}
