package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.TradingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a venue, written from its documentation, and what they must become.
 *
 * @param file where it is written
 * @param venue the exchange's id
 * @param tradesMode the trades mode, null for the default
 * @param bookMode the book stream, null for the default
 * @param bookDepth how many levels are wanted, 0 for the default
 * @param instruments the instruments of the session
 * @param name what the case shows
 * @param steps one after the other in one session
 */
record VenueFixture(
    String file,
    String venue,
    @Nullable String tradesMode,
    @Nullable String bookMode,
    int bookDepth,
    List<Instrument> instruments,
    String name,
    List<JsonNode> steps) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** All fixtures of all venues. */
  static List<VenueFixture> all() {
    try {
      Path folder =
          Path.of(
                  Objects.requireNonNull(
                          VenueFixture.class.getResource("/venues/binance/trades.yaml"))
                      .toURI())
              .resolve("../..")
              .normalize();
      List<VenueFixture> fixtures = new ArrayList<>();
      try (var files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
          read(file, fixtures);
        }
      }
      return fixtures;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void read(Path file, List<VenueFixture> into) throws IOException {
    JsonNode root = new YAMLMapper().readTree(file.toFile());
    String venue = root.get("venue").asText();
    List<Instrument> instruments = new ArrayList<>();
    for (Map.Entry<String, JsonNode> symbol : root.get("symbols").properties()) {
      instruments.add(instrument(venue, symbol.getKey(), symbol.getValue()));
    }
    for (JsonNode aCase : root.get("cases")) {
      List<JsonNode> steps = new ArrayList<>();
      if (aCase.has("steps")) {
        aCase.get("steps").forEach(steps::add);
      } else {
        steps.add(aCase);
      }
      into.add(
          new VenueFixture(
              file.getFileName().toString(),
              venue,
              root.path("trades_mode").textValue(),
              root.path("book_stream").textValue(),
              root.path("book_depth").asInt(0),
              instruments,
              aCase.get("name").asText(),
              steps));
    }
  }

  /** Either the venue's symbol alone, or with the size of a contract and what it is counted in. */
  private static Instrument instrument(String venue, String symbol, JsonNode facts) {
    String[] parts = symbol.split("-", 3);
    MarketType type =
        parts.length < 3
            ? MarketType.SPOT
            : parts[2].equals("PERP") ? MarketType.PERPETUAL : MarketType.FUTURE;
    JsonNode contractSize = facts.path("contract_size");
    return new Instrument(
        venue,
        type,
        symbol,
        facts.isTextual() ? facts.asText() : facts.path("symbol").asText(),
        parts[0],
        parts[1],
        null,
        null,
        facts.path("size_unit").asText().equals("quote") ? SizeUnit.QUOTE : SizeUnit.BASE,
        contractSize.isMissingNode() ? null : new BigDecimal(contractSize.asText()),
        TradingState.TRADING,
        facts.path("asset_class").textValue());
  }

  Exchange exchange() {
    return Venues.builtIn()
        .open(venue, new VenueOptions(false, null, null, tradesMode, bookMode, bookDepth));
  }

  /** The streams that a step names, each as its channel and its symbol. */
  List<MarketStream> streams(JsonNode names) {
    List<MarketStream> streams = new ArrayList<>();
    for (JsonNode name : names) {
      String[] parts = name.asText().split(" ", 2);
      streams.add(
          new MarketStream(Channels.BUILT_IN.parse(parts[0]).orElseThrow(), instrument(parts[1])));
    }
    return streams;
  }

  Instrument instrument(String symbol) {
    return instruments.stream()
        .filter(instrument -> instrument.symbol().equals(symbol))
        .findFirst()
        .orElseThrow();
  }

  /** The texts of a list. */
  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  /** The same message with the fields of every object in reverse order. */
  static String reversed(String message) {
    try {
      return JSON.writeValueAsString(reversed(JSON.readTree(message)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode reversed(JsonNode node) {
    if (node instanceof ObjectNode object) {
      List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
      Collections.reverse(fields);
      ObjectNode reversed = JSON.createObjectNode();
      fields.forEach(field -> reversed.set(field.getKey(), reversed(field.getValue())));
      return reversed;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(element -> copy.add(reversed(element)));
      return copy;
    }
    return node;
  }

  @Override
  public String toString() {
    return venue + '/' + file + ": " + name;
  }
}
