package io.cryptofeed.connect.local.venue.capture;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.JsonText;
import io.cryptofeed.connect.local.venue.market.BookHistory;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The books, trades and quotes of a recording, computed from its raw frames with only a JSON tree
 * and {@link BigDecimal}. Instruments are named by the venue's symbol, after the path if the venue
 * uses one symbol for two markets.
 */
public final class RecordedTruth {

  private final Map<String, BookHistory> books = new TreeMap<>();
  private final Map<String, List<String>> trades = new TreeMap<>();
  private final Map<String, Integer> quotes = new TreeMap<>();
  private int checksums;

  private RecordedTruth() {}

  /** What the exchange said of the book of each instrument. */
  public Map<String, BookHistory> books() {
    return books;
  }

  /** The book of each instrument at the end. */
  public Map<String, BookTruth> lastBooks() {
    Map<String, BookTruth> last = new TreeMap<>();
    books.forEach((instrument, book) -> last.put(instrument, book.book()));
    return last;
  }

  /** Id, price, size and taker's side of each trade, in order, each trade once. */
  public Map<String, List<String>> trades() {
    return trades;
  }

  /** How many quotes there are. */
  public Map<String, Integer> quotes() {
    return quotes;
  }

  /** How many checksums there are. */
  public int checksums() {
    return checksums;
  }

  private void trade(
      String instrument, String id, BigDecimal price, BigDecimal size, String taker) {
    String line =
        String.join(
            " ",
            id,
            price.stripTrailingZeros().toPlainString(),
            size.stripTrailingZeros().toPlainString(),
            taker);
    List<String> known = trades.computeIfAbsent(instrument, any -> new ArrayList<>());
    if (known.stream().noneMatch(other -> other.startsWith(id + " "))) {
      known.add(line);
    }
  }

  private BookHistory message(String instrument, boolean isSnapshot, long number, int frame) {
    return books
        .computeIfAbsent(instrument, any -> new BookHistory())
        .begin(isSnapshot, number, frame);
  }

  private static void set(BookHistory book, JsonNode bids, JsonNode asks, BigDecimal contract) {
    bids.forEach(row -> set(book, true, row, contract));
    asks.forEach(row -> set(book, false, row, contract));
  }

  private static void set(BookHistory book, boolean bid, JsonNode row, BigDecimal contract) {
    book.set(bid, number(row.path(0)), number(row.path(1)).multiply(contract));
  }

  private static BigDecimal number(JsonNode node) {
    return new BigDecimal(node.asText());
  }

  /**
   * Binance: REST snapshots, and updates with the number of the one before (futures) or with their
   * first number (spot).
   */
  public static RecordedTruth ofBinance(Recording recording) {
    RecordedTruth result = new RecordedTruth();
    Map<String, Long> last = new HashMap<>();
    for (Recording.Answer answer : recording.answers()) {
      int at = answer.url().indexOf("/depth?symbol=");
      if (at >= 0) {
        String symbol = answer.url().substring(at + 14).replaceAll("&.*", "");
        JsonNode body = JsonText.parse(answer.body());
        long number = body.path("lastUpdateId").asLong();
        set(
            result.message(symbol, true, number, -1),
            body.path("bids"),
            body.path("asks"),
            BigDecimal.ONE);
        last.put(symbol, number);
      }
    }
    for (int i = 0; i < recording.frames().size(); i++) {
      Recording.Frame frame = recording.frames().get(i);
      JsonNode data = frame.json().path("data");
      String symbol = data.path("s").asText();
      switch (data.path("e").asText()) {
        case "depthUpdate" -> {
          long before = last.getOrDefault(symbol, Long.MAX_VALUE);
          if (data.path("u").asLong() > before) {
            long follows = data.has("pu") ? data.path("pu").asLong() : data.path("U").asLong() - 1;
            if (follows > before) {
              throw new IllegalStateException("the recording of " + symbol + " has a gap");
            }
            last.put(symbol, data.path("u").asLong());
            set(
                result.message(symbol, false, data.path("u").asLong(), i),
                data.path("b"),
                data.path("a"),
                BigDecimal.ONE);
          }
        }
        case "aggTrade" ->
            result.trade(
                symbol,
                data.path("a").asText(),
                number(data.path("p")),
                number(data.path("q")),
                data.path("m").asBoolean() ? "sell" : "buy");
        case "bookTicker" -> result.quotes.merge(symbol, 1, Integer::sum);
        default -> {}
      }
    }
    return result;
  }

  /** Coinbase Advanced Trade: the side of a trade is that of the maker. */
  public static RecordedTruth ofCoinbaseAdvanced(Recording recording) {
    RecordedTruth result = new RecordedTruth();
    long expected = -1;
    for (int i = 0; i < recording.frames().size(); i++) {
      Recording.Frame frame = recording.frames().get(i);
      JsonNode message = frame.json();
      long number = message.path("sequence_num").asLong();
      if (expected >= 0 && number != expected) {
        throw new IllegalStateException("the recording has a gap before message " + number);
      }
      expected = number + 1;
      for (JsonNode event : message.path("events")) {
        String product = event.path("product_id").asText();
        switch (message.path("channel").asText()) {
          case "l2_data" -> {
            BookHistory book =
                result.message(product, event.path("type").asText().equals("snapshot"), -1, i);
            for (JsonNode level : event.path("updates")) {
              book.set(
                  level.path("side").asText().equals("bid"),
                  number(level.path("price_level")),
                  number(level.path("new_quantity")));
            }
          }
          case "market_trades" -> result.advancedTrades(event.path("trades"));
          case "ticker" ->
              event
                  .path("tickers")
                  .forEach(
                      ticker ->
                          result.quotes.merge(ticker.path("product_id").asText(), 1, Integer::sum));
          default -> {}
        }
      }
    }
    return result;
  }

  private void advancedTrades(JsonNode rows) {
    for (JsonNode row : oldestFirst(rows)) {
      trade(
          row.path("product_id").asText(),
          row.path("trade_id").asText(),
          number(row.path("price")),
          number(row.path("size")),
          row.path("side").asText().equals("SELL") ? "buy" : "sell");
    }
  }

  private static List<JsonNode> oldestFirst(JsonNode newestFirst) {
    List<JsonNode> rows = new ArrayList<>();
    newestFirst.forEach(row -> rows.add(0, row));
    return rows;
  }

  /** OKX: sizes of derivatives are in contracts, whose size is in the list of instruments. */
  public static RecordedTruth ofOkx(Recording recording) {
    RecordedTruth result = new RecordedTruth();
    Map<String, BigDecimal> contracts = new HashMap<>();
    for (Recording.Answer answer : recording.answers()) {
      for (JsonNode row : JsonText.parse(answer.body()).path("data")) {
        String value = row.path("ctVal").asText();
        contracts.put(
            row.path("instId").asText(), value.isEmpty() ? BigDecimal.ONE : new BigDecimal(value));
      }
    }
    for (int i = 0; i < recording.frames().size(); i++) {
      Recording.Frame frame = recording.frames().get(i);
      JsonNode message = frame.json();
      String symbol = message.path("arg").path("instId").asText();
      BigDecimal contract = contracts.getOrDefault(symbol, BigDecimal.ONE);
      for (JsonNode row : message.path("data")) {
        switch (message.path("arg").path("channel").asText()) {
          case "books" -> {
            BookHistory book =
                result.message(symbol, message.path("action").asText().equals("snapshot"), -1, i);
            set(book, row.path("bids"), row.path("asks"), contract);
            result.checksums += row.has("checksum") ? 1 : 0;
          }
          case "trades" ->
              result.trade(
                  symbol,
                  row.path("tradeId").asText(),
                  number(row.path("px")),
                  number(row.path("sz")).multiply(contract),
                  row.path("side").asText());
          default -> {}
        }
      }
    }
    return result;
  }

  /** Bybit: spot and linear contracts share their symbols, and differ by the path. */
  public static RecordedTruth ofBybit(Recording recording) {
    RecordedTruth result = new RecordedTruth();
    for (int i = 0; i < recording.frames().size(); i++) {
      Recording.Frame frame = recording.frames().get(i);
      JsonNode message = frame.json();
      String topic = message.path("topic").asText();
      JsonNode data = message.path("data");
      if (topic.startsWith("orderbook.200.")) {
        String instrument = frame.path() + " " + data.path("s").asText();
        BookHistory book =
            result.message(
                instrument,
                message.path("type").asText().equals("snapshot"),
                data.path("u").asLong(),
                i);
        set(book, data.path("b"), data.path("a"), BigDecimal.ONE);
      } else if (topic.startsWith("publicTrade.")) {
        for (JsonNode row : data) {
          result.trade(
              frame.path() + " " + row.path("s").asText(),
              row.path("i").asText(),
              number(row.path("p")),
              number(row.path("v")),
              row.path("S").asText().equals("Buy") ? "buy" : "sell");
        }
      }
    }
    return result;
  }

  /** HTX spot: every message of the recorded channel is a snapshot. */
  public static RecordedTruth ofHtx(Recording recording) {
    RecordedTruth result = new RecordedTruth();
    for (int i = 0; i < recording.frames().size(); i++) {
      Recording.Frame frame = recording.frames().get(i);
      JsonNode message = frame.json();
      String[] topic = message.path("ch").asText().split("\\.", -1);
      JsonNode tick = message.path("tick");
      if (topic.length > 3 && topic[2].equals("depth")) {
        set(
            result.message(topic[1], true, -1, i),
            tick.path("bids"),
            tick.path("asks"),
            BigDecimal.ONE);
      } else if (topic.length > 3 && topic[2].equals("trade")) {
        for (JsonNode row : oldestFirst(tick.path("data"))) {
          result.trade(
              topic[1],
              row.path("tradeId").asText(),
              number(row.path("price")),
              number(row.path("amount")),
              row.path("direction").asText());
        }
      }
    }
    return result;
  }
}
