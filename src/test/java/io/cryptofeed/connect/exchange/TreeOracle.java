package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cryptofeed.connect.market.EventTime;
import io.cryptofeed.connect.market.Instrument;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the messages of a venue in the slow and obvious way: a tree, strings, BigDecimal, and the
 * venue's rules written out. What it says is what the streaming reader has to say.
 */
abstract class TreeOracle {

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Instrument> instruments;

  TreeOracle(Map<String, Instrument> instrumentsByVenueSymbol) {
    instruments = instrumentsByVenueSymbol;
  }

  /** What a message is, as lines of an {@link EventLog}; empty where a field occurs twice. */
  Optional<List<String>> read(byte[] message) {
    JsonNode tree;
    try {
      tree = tree(message);
    } catch (DuplicateFieldException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(List.of("malformed"));
    }
    try {
      return Optional.of(lines(tree));
    } catch (WrongValueException e) {
      return Optional.of(List.of("malformed"));
    }
  }

  abstract List<String> lines(JsonNode message);

  /** Numbers and booleans become texts as they were written; null stays null. */
  private static JsonNode tree(byte[] message) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(e);
    }
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null || !first.isStructStart()) {
        throw new IOException("neither an object nor an array");
      }
      Set<String> twice = new HashSet<>();
      JsonNode tree = value(parser, twice);
      if (parser.nextToken() != null) {
        throw new IOException("something follows");
      }
      if (!twice.isEmpty()) {
        throw new DuplicateFieldException();
      }
      return tree;
    }
  }

  private static JsonNode value(JsonParser parser, Set<String> twice) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        ObjectNode object = nodes.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          if (object.replace(name, value(parser, twice)) != null) {
            twice.add(name);
          }
        }
        return object;
      }
      case START_ARRAY -> {
        ArrayNode array = nodes.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser, twice));
        }
        return array;
      }
      case VALUE_NULL -> {
        return nodes.nullNode();
      }
      default -> {
        return nodes.textNode(parser.getText());
      }
    }
  }

  final Optional<Instrument> instrument(JsonNode message, String field) {
    return Optional.ofNullable(instruments.get(text(message, field)));
  }

  static boolean is(JsonNode value, String text) {
    return value.isValueNode() && value.asText().equals(text);
  }

  static boolean isPresent(JsonNode value) {
    return value.isValueNode() && !value.isNull();
  }

  static String text(JsonNode message, String field) {
    JsonNode value = message.path(field);
    if (!isPresent(value)) {
      throw new WrongValueException();
    }
    return value.asText();
  }

  static BigDecimal decimal(JsonNode value) {
    if (!isPresent(value)
        || value.asText().length() > 100
        || !value.asText().matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")) {
      throw new WrongValueException();
    }
    BigDecimal number = new BigDecimal(value.asText());
    if (number.signum() < 0 || Math.abs(number.scale()) > 100) {
      throw new WrongValueException();
    }
    return number.scale() < 0 ? number.setScale(0) : number;
  }

  static long wholeNumber(JsonNode message, String field) {
    String text = text(message, field);
    if (!text.matches("[0-9]+") || new BigInteger(text).bitLength() > 63) {
      throw new WrongValueException();
    }
    return new BigInteger(text).longValueExact();
  }

  /** The time of an event; 1, the receive time, if no event can have it. */
  static long millis(JsonNode message, String field) {
    JsonNode value = message.path(field);
    if (isBlank(value) && !value.isMissingNode()) {
      return 1;
    }
    String text = text(message, field);
    if (!text.matches("-?[0-9]{1,40}")) {
      throw new WrongValueException();
    }
    return usable(new BigInteger(text).multiply(BigInteger.valueOf(1_000_000)));
  }

  /** As {@link #millis}, for a time with a date. */
  static long iso(JsonNode message, String field) {
    JsonNode value = message.path(field);
    if (isBlank(value) && !value.isMissingNode()) {
      return 1;
    }
    try {
      Instant time = OffsetDateTime.parse(text(message, field)).toInstant();
      return usable(
          BigInteger.valueOf(time.getEpochSecond())
              .multiply(BigInteger.valueOf(1_000_000_000))
              .add(BigInteger.valueOf(time.getNano())));
    } catch (DateTimeException e) {
      throw new WrongValueException();
    }
  }

  private static long usable(BigInteger nanos) {
    boolean isUsable = nanos.bitLength() <= 63 && EventTime.isPlausible(nanos.longValueExact());
    return isUsable ? nanos.longValueExact() : 1;
  }

  /** The side of a quote: absent where both its numbers are, or where its size is zero. */
  static String side(JsonNode price, JsonNode size) {
    if (isBlank(price) && isBlank(size)) {
      return "none";
    }
    String side = level(price, size);
    return decimal(size).signum() == 0 ? "none" : side;
  }

  private static boolean isBlank(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty());
  }

  static String level(JsonNode price, JsonNode size) {
    return decimal(price).toPlainString() + " x " + decimal(size).toPlainString();
  }

  /** A side that has no levels may be null. */
  static boolean isSide(JsonNode side) {
    return side.isArray() || side.isNull();
  }

  static List<String> levels(JsonNode side) {
    List<String> levels = new ArrayList<>();
    if (!side.isMissingNode() && !side.isNull() && !side.isArray()) {
      throw new WrongValueException();
    }
    for (JsonNode level : side) {
      if (!level.isArray()) {
        throw new WrongValueException();
      }
      levels.add(level(level.path(0), level.path(1)));
    }
    return levels;
  }

  /** A value is not what the venue documents. */
  static final class WrongValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A field occurs twice, which JSON leaves open. */
  static final class DuplicateFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Binance, with its single trades or its aggregates. */
  static final class Binance extends TreeOracle {

    private final boolean aggregates;

    Binance(Map<String, Instrument> instruments, boolean aggregates) {
      super(instruments);
      this.aggregates = aggregates;
    }

    @Override
    List<String> lines(JsonNode message) {
      for (JsonNode content : List.of(message, message.path("data"))) {
        JsonNode kind = content.path("e");
        if (is(kind, aggregates ? "aggTrade" : "trade")) {
          return trade(content);
        }
        if (is(kind, "depthUpdate")) {
          return book(content);
        }
        if (isPresent(content.path("u"))
            && isPresent(content.path("B"))
            && isPresent(content.path("A"))) {
          return quote(content);
        }
        if (is(kind, "serverShutdown")) {
          return List.of("reconnect the server announced its shutdown (serverShutdown)");
        }
        if (is(content.path("result"), "null")) {
          return List.of();
        }
        JsonNode error =
            isPresent(content.at("/error/code"))
                ? content.path("error")
                : MissingNode.getInstance();
        if (error.isMissingNode() && isPresent(content.path("code"))) {
          error = content;
        }
        if (!error.isMissingNode()) {
          String words = error.path("msg").asText("");
          return List.of(
              "error " + error.path("code").asText() + (words.isEmpty() ? "" : ": " + words));
        }
      }
      return List.of("unknown");
    }

    private List<String> trade(JsonNode trade) {
      Optional<Instrument> instrument = instrument(trade, "s");
      if (instrument.isEmpty()) {
        return List.of("unknown");
      }
      String idField = aggregates ? "a" : "t";
      long id = wholeNumber(trade, idField);
      long fills = 0;
      if (aggregates) {
        fills = wholeNumber(trade, "l") - wholeNumber(trade, "f") + 1;
        if (fills < 1 || fills > Integer.MAX_VALUE) {
          throw new WrongValueException();
        }
      }
      String side =
          switch (text(trade, "m")) {
            case "true" -> "sell";
            case "false" -> "buy";
            default -> throw new WrongValueException();
          };
      return List.of(
          "trade %s id=%s seq=%d %s %s @ %s fills=%d stream at %d"
              .formatted(
                  instrument.get().symbol(),
                  text(trade, idField),
                  id,
                  side,
                  decimal(trade.path("q")).toPlainString(),
                  decimal(trade.path("p")).toPlainString(),
                  fills,
                  millis(trade, "T")));
    }

    private List<String> quote(JsonNode quote) {
      Optional<Instrument> instrument = instrument(quote, "s");
      if (instrument.isEmpty()) {
        return List.of("unknown");
      }
      return List.of(
          "quote %s %d bid %s ask %s at 1"
              .formatted(
                  instrument.get().symbol(),
                  wholeNumber(quote, "u"),
                  side(quote.path("b"), quote.path("B")),
                  side(quote.path("a"), quote.path("A"))));
    }

    private List<String> book(JsonNode update) {
      Optional<Instrument> instrument = instrument(update, "s");
      if (instrument.isEmpty()) {
        return List.of("unknown");
      }
      List<String> bids = levels(update.path("b"));
      List<String> asks = levels(update.path("a"));
      long first = wholeNumber(update, "U");
      long last = wholeNumber(update, "u");
      if (first > last || !(isSide(update.path("b")) || isSide(update.path("a")))) {
        throw new WrongValueException();
      }
      return List.of(
          "book %s delta %d..%d bids %s asks %s at %d"
              .formatted(instrument.get().symbol(), first, last, bids, asks, millis(update, "E")));
    }
  }

  /** Coinbase. */
  static final class Coinbase extends TreeOracle {

    Coinbase(Map<String, Instrument> instruments) {
      super(instruments);
    }

    @Override
    List<String> lines(JsonNode message) {
      JsonNode type = message.path("type");
      if (!type.isTextual()) {
        return List.of("unknown");
      }
      return switch (type.asText()) {
        case "match" -> trade(message, "stream");
        case "last_match" -> trade(message, "snapshot");
        case "snapshot" -> snapshot(message);
        case "l2update" -> update(message);
        case "ticker" -> ticker(message);
        case "heartbeat" -> heartbeat(message);
        case "subscriptions" -> {
          if (!message.path("channels").isArray()) {
            throw new WrongValueException();
          }
          yield List.of();
        }
        case "error" -> {
          String words = message.path("message").asText("");
          String reason = message.path("reason").asText("");
          yield List.of(
              "error "
                  + (words.isEmpty() ? reason : reason.isEmpty() ? words : words + ": " + reason));
        }
        default -> List.of("unknown");
      };
    }

    private List<String> trade(JsonNode trade, String origin) {
      Optional<Instrument> instrument = instrument(trade, "product_id");
      if (instrument.isEmpty()) {
        return List.of("unknown");
      }
      String takersSide =
          switch (text(trade, "side")) {
            case "sell" -> "buy";
            case "buy" -> "sell";
            default -> throw new WrongValueException();
          };
      return List.of(
          "trade %s id=%s seq=%d %s %s @ %s fills=0 %s at %d"
              .formatted(
                  instrument.get().symbol(),
                  text(trade, "trade_id"),
                  wholeNumber(trade, "trade_id"),
                  takersSide,
                  decimal(trade.path("size")).toPlainString(),
                  decimal(trade.path("price")).toPlainString(),
                  origin,
                  iso(trade, "time")));
    }

    private List<String> snapshot(JsonNode book) {
      Optional<Instrument> instrument = instrument(book, "product_id");
      if (instrument.isEmpty()) {
        return List.of("unknown");
      }
      List<String> bids = levels(book.path("bids"));
      List<String> asks = levels(book.path("asks"));
      if (!isSide(book.path("bids")) && !isSide(book.path("asks"))) {
        throw new WrongValueException();
      }
      return List.of(
          "book %s snapshot -1..-1 bids %s asks %s at 1"
              .formatted(instrument.get().symbol(), bids, asks));
    }

    private List<String> update(JsonNode update) {
      Optional<Instrument> instrument = instrument(update, "product_id");
      if (instrument.isEmpty()) {
        return List.of("unknown");
      }
      if (!isSide(update.path("changes"))) {
        throw new WrongValueException();
      }
      List<String> bids = new ArrayList<>();
      List<String> asks = new ArrayList<>();
      for (JsonNode change : update.path("changes")) {
        if (!change.isArray()) {
          throw new WrongValueException();
        }
        String level = level(change.path(1), change.path(2));
        if (is(change.path(0), "buy")) {
          bids.add(level);
        } else if (is(change.path(0), "sell")) {
          asks.add(level);
        } else {
          throw new WrongValueException();
        }
      }
      return List.of(
          "book %s delta -1..-1 bids %s asks %s at %d"
              .formatted(instrument.get().symbol(), bids, asks, iso(update, "time")));
    }

    private List<String> ticker(JsonNode ticker) {
      if (!isPresent(ticker.path("best_bid_size")) || !isPresent(ticker.path("best_ask_size"))) {
        return List.of("unknown");
      }
      Optional<Instrument> instrument = instrument(ticker, "product_id");
      if (instrument.isEmpty()) {
        return List.of("unknown");
      }
      return List.of(
          "quote %s -1 bid %s ask %s at %d"
              .formatted(
                  instrument.get().symbol(),
                  side(ticker.path("best_bid"), ticker.path("best_bid_size")),
                  side(ticker.path("best_ask"), ticker.path("best_ask_size")),
                  iso(ticker, "time")));
    }

    private List<String> heartbeat(JsonNode heartbeat) {
      Optional<Instrument> instrument = instrument(heartbeat, "product_id");
      if (instrument.isEmpty()) {
        return List.of("unknown");
      }
      long last =
          heartbeat.path("last_trade_id").isMissingNode()
              ? -1
              : wholeNumber(heartbeat, "last_trade_id");
      return List.of("heartbeat " + instrument.get().symbol() + " " + last);
    }
  }
}
