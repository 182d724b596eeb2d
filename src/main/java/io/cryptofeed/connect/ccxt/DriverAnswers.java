package io.cryptofeed.connect.ccxt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.market.Channel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the JSON with which the driver replies to requests; {@link Driver} has the protocol. */
final class DriverAnswers {

  private static final ObjectMapper JSON = new ObjectMapper();

  private DriverAnswers() {}

  /**
   * @param version of CCXT, which the driver does not repeat
   */
  static CcxtAbilities abilities(String json, String version) {
    JsonNode has = parse(json);
    Set<Channel> channels = new HashSet<>();
    has.get("channels").forEach(code -> channels.add(DriverSink.channel(code.asText())));
    return new CcxtAbilities(
        has.get("name").asText(),
        version,
        channels,
        has.get("fetchTrades").asBoolean(),
        has.get("fetchBook").asBoolean(),
        has.get("sandbox").asBoolean(),
        has.get("rateLimitMs").asLong());
  }

  static List<CcxtMarket> markets(String json) {
    List<CcxtMarket> markets = new ArrayList<>();
    for (JsonNode row : parse(json)) {
      markets.add(
          new CcxtMarket(
              row.get(0).asText(),
              row.get(1).asText(),
              row.get(2).asText(),
              row.get(3).asText(),
              row.get(4).textValue(),
              row.get(5).asText(),
              flag(row.get(6)),
              flag(row.get(7)),
              row.get(8).textValue(),
              row.get(9).asBoolean(),
              row.get(10).isNumber() ? row.get(10).longValue() : null,
              row.get(11).textValue(),
              row.get(12).textValue()));
    }
    return markets;
  }

  private static @Nullable Boolean flag(JsonNode node) {
    return node.isBoolean() ? node.booleanValue() : null;
  }

  static List<CcxtTrade> trades(String json, long receiveNs) {
    List<CcxtTrade> trades = new ArrayList<>();
    for (JsonNode row : parse(json)) {
      trades.add(
          new CcxtTrade(
              row.get(0).asText(),
              row.get(1).textValue(),
              row.get(2).asLong(),
              row.get(3).textValue(),
              row.get(4).textValue(),
              row.get(5).textValue(),
              row.get(6).textValue(),
              receiveNs));
    }
    return trades;
  }

  static CcxtBook book(String symbol, String json, long receiveNs) {
    JsonNode book = parse(json);
    return new CcxtBook(
        symbol,
        true,
        book.get(0).asLong(),
        book.get(1).asLong(),
        -1,
        -1,
        new CcxtLevels(book.get(2).asText()),
        new CcxtLevels(book.get(3).asText()),
        receiveNs);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the driver wrote invalid JSON", e);
    }
  }
}
