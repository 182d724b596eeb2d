package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cryptofeed.connect.exchange.Profile.InstrumentRules;
import io.cryptofeed.connect.exchange.Profile.StepRule;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a venue's list of instruments row by row, for the whole answer may be tens of megabytes.
 * Immutable.
 */
final class InstrumentReader {

  private static final JsonMapper ROWS =
      JsonMapper.builder(FrameTokens.JSON)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final String exchange;
  private final MarketType marketType;
  private final InstrumentRules rules;

  InstrumentReader(Profile profile) {
    exchange = profile.id();
    marketType = profile.marketType();
    rules = profile.instruments();
  }

  /**
   * Reads the venue's answer. A row that lacks what every instrument has is passed over, so that an
   * oddity of one market does not cost all others; an answer without any good row is refused.
   *
   * @throws MalformedMessageException when the answer is not what the venue documents
   */
  List<Instrument> read(byte[] body) throws MalformedMessageException {
    List<Instrument> instruments = new ArrayList<>();
    try (JsonParser parser = ROWS.createParser(body)) {
      parser.nextToken();
      if (!descend(parser, rules.rows().names(), instruments)) {
        throw new MalformedMessageException("the answer has no list of instruments");
      }
      if (parser.nextToken() != null) {
        throw new MalformedMessageException("something follows the list of instruments");
      }
    } catch (IOException e) {
      throw new MalformedMessageException(
          "the list of instruments is not valid JSON, " + body.length + " bytes");
    }
    if (instruments.isEmpty()) {
      throw new MalformedMessageException("the list of instruments has no usable row");
    }
    return instruments;
  }

  /** Goes down to the rows and reads them, then on to the end of where it came from. */
  private boolean descend(JsonParser parser, List<String> names, List<Instrument> into)
      throws IOException {
    if (names.isEmpty()) {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        parser.skipChildren();
        return false;
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        Instrument instrument = instrument(ROWS.readTree(parser));
        if (instrument != null) {
          into.add(instrument);
        }
      }
      return true;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return false;
    }
    boolean found = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean wanted = names.get(0).equals(parser.currentName());
      parser.nextToken();
      if (wanted) {
        found |= descend(parser, names.subList(1, names.size()), into);
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  private @Nullable Instrument instrument(JsonNode row) {
    String symbol = text(row, rules.symbol());
    String base = text(row, rules.base());
    String quote = text(row, rules.quote());
    if (symbol.isEmpty() || base.isEmpty() || quote.isEmpty()) {
      return null;
    }
    return new Instrument(
        exchange,
        marketType,
        base + '-' + quote,
        symbol,
        base,
        quote,
        step(row, rules.tickSize()),
        step(row, rules.lotSize()),
        isActive(row));
  }

  private boolean isActive(JsonNode row) {
    return rules.active().entrySet().stream().allMatch(fact -> holds(row, fact))
        && rules.inactive().entrySet().stream().noneMatch(fact -> holds(row, fact));
  }

  private static boolean holds(JsonNode node, Map.Entry<Pointer, String> fact) {
    return text(node, fact.getKey()).equals(fact.getValue());
  }

  /** The smallest step, or null where the venue has none, or writes 0 to say so. */
  private static @Nullable BigDecimal step(JsonNode row, @Nullable StepRule rule) {
    if (rule == null) {
      return null;
    }
    JsonNode owner = row;
    if (rule.list() != null) {
      owner = MissingNode.getInstance();
      for (JsonNode element : row.at(rule.list().compile())) {
        if (rule.where().entrySet().stream().allMatch(fact -> holds(element, fact))) {
          owner = element;
        }
      }
    }
    try {
      BigDecimal step = new BigDecimal(text(owner, rule.at()));
      return step.signum() > 0 ? step : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String text(JsonNode node, Pointer pointer) {
    return node.at(pointer.compile()).asText("");
  }
}
