package io.cryptofeed.connect.local.venue.capture;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.JsonText;
import io.cryptofeed.connect.local.venue.market.BookHistory;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The books and trades of a recorded session, computed from the raw recording with only a JSON tree
 * and {@link BigDecimal}. Symbols are the venue's own.
 *
 * @param histories what the exchange said of the book of each symbol
 * @param trades the trades of each symbol, the oldest first; Binance's are aggregates
 * @param lastTrades the trades that were replayed on subscribing, by symbol
 * @param snapshots how many snapshots there are
 * @param updates how many deltas there are
 * @param appliedUpdates how many of them came after their book's snapshot
 * @param gaps how many deltas do not follow the message before
 */
public record CaptureTruth(
    Map<String, BookHistory> histories,
    Map<String, List<TradeTruth>> trades,
    Map<String, TradeTruth> lastTrades,
    int snapshots,
    int updates,
    int appliedUpdates,
    int gaps) {

  /** The book of each symbol at the end. */
  public Map<String, BookTruth> books() {
    Map<String, BookTruth> books = new TreeMap<>();
    histories.forEach((symbol, history) -> books.put(symbol, history.book()));
    return books;
  }

  /** Reads a recording of Binance spot: REST snapshots, then the updates that follow them. */
  public static CaptureTruth ofBinance(Capture capture) {
    Map<String, BookHistory> books = new TreeMap<>();
    Map<String, Long> positions = new HashMap<>();
    for (Capture.Answer answer : capture.rest()) {
      int symbol = answer.url().indexOf("/depth?symbol=");
      if (symbol >= 0) {
        String name = answer.url().substring(symbol + 14).replaceAll("&.*", "");
        JsonNode snapshot = JsonText.parse(answer.body());
        long number = snapshot.path("lastUpdateId").longValue();
        BookHistory book = message(books, name, true, number);
        set(book, true, snapshot.path("bids"));
        set(book, false, snapshot.path("asks"));
        positions.put(name, number);
      }
    }
    int updates = 0;
    int applied = 0;
    int gaps = 0;
    Map<String, List<TradeTruth>> trades = new TreeMap<>();
    for (Capture.Frame frame : capture.received()) {
      JsonNode data = JsonText.parse(frame.text()).path("data");
      String symbol = data.path("s").asText();
      switch (data.path("e").asText()) {
        case "depthUpdate" -> {
          updates++;
          long position = positions.getOrDefault(symbol, Long.MAX_VALUE);
          if (data.path("u").longValue() > position) {
            applied++;
            gaps += data.path("U").longValue() > position + 1 ? 1 : 0;
            BookHistory book = message(books, symbol, false, data.path("u").longValue());
            set(book, true, data.path("b"));
            set(book, false, data.path("a"));
            positions.put(symbol, data.path("u").longValue());
          }
        }
        case "aggTrade" ->
            trades
                .computeIfAbsent(symbol, name -> new ArrayList<>())
                .add(
                    new TradeTruth(
                        data.path("a").longValue(),
                        decimal(data.path("p")),
                        decimal(data.path("q")),
                        data.path("m").booleanValue() ? Side.SELL : Side.BUY,
                        data.path("T").longValue() * 1_000));
        default -> {}
      }
    }
    return new CaptureTruth(books, trades, Map.of(), books.size(), updates, applied, gaps);
  }

  private static BookHistory message(
      Map<String, BookHistory> books, String symbol, boolean isSnapshot, long number) {
    return books.computeIfAbsent(symbol, any -> new BookHistory()).begin(isSnapshot, number, -1);
  }

  private static void set(BookHistory book, boolean bid, JsonNode levels) {
    for (JsonNode level : levels) {
      book.set(bid, decimal(level.get(0)), decimal(level.get(1)));
    }
  }

  /** Reads a recording of Coinbase Exchange: snapshots and updates in one stream. */
  public static CaptureTruth ofCoinbase(Capture capture) {
    Map<String, BookHistory> books = new TreeMap<>();
    Map<String, List<TradeTruth>> trades = new TreeMap<>();
    Map<String, TradeTruth> lastTrades = new TreeMap<>();
    int snapshots = 0;
    int updates = 0;
    int applied = 0;
    for (Capture.Frame frame : capture.received()) {
      JsonNode message = JsonText.parse(frame.text());
      String product = message.path("product_id").asText();
      switch (message.path("type").asText()) {
        case "snapshot" -> {
          snapshots++;
          BookHistory book = message(books, product, true, -1);
          set(book, true, message.path("bids"));
          set(book, false, message.path("asks"));
        }
        case "l2update" -> {
          updates++;
          if (books.containsKey(product)) {
            applied++;
            change(message(books, product, false, -1), message.path("changes"));
          }
        }
        case "match" ->
            trades.computeIfAbsent(product, name -> new ArrayList<>()).add(match(message));
        case "last_match" -> lastTrades.put(product, match(message));
        default -> {}
      }
    }
    return new CaptureTruth(books, trades, lastTrades, snapshots, updates, applied, 0);
  }

  private static void change(BookHistory book, JsonNode changes) {
    for (JsonNode change : changes) {
      boolean bid = change.get(0).textValue().equals("buy");
      book.set(bid, decimal(change.get(1)), decimal(change.get(2)));
    }
  }

  private static TradeTruth match(JsonNode message) {
    Instant time = Instant.parse(message.path("time").textValue());
    return new TradeTruth(
        message.path("trade_id").longValue(),
        decimal(message.path("price")),
        decimal(message.path("size")),
        message.path("side").textValue().equals("sell") ? Side.BUY : Side.SELL,
        time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000);
  }

  private static BigDecimal decimal(JsonNode number) {
    return new BigDecimal(number.textValue());
  }
}
