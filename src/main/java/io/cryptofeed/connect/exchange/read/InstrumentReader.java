package io.cryptofeed.connect.exchange.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.JsonPointerBasedFilter;
import com.fasterxml.jackson.core.filter.TokenFilter.Inclusion;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeRule;
import io.cryptofeed.connect.exchange.profile.InstrumentRules;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.NextPage;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.StepRule;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.SymbolText;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.TextRule;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.WordRule;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.spi.InstrumentPage;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.NormalisedSymbol;
import io.cryptofeed.connect.market.SizeUnit;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one of a venue's lists of instruments row by row, because the response may have tens of
 * megabytes. Immutable.
 */
public final class InstrumentReader {

  private static final JsonMapper ROWS =
      JsonMapper.builder(FrameTokens.JSON)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final int MAX_DECIMALS = 18;

  private final String exchange;
  private final InstrumentRules rules;

  public InstrumentReader(String exchange, InstrumentRules rules) {
    this.exchange = exchange;
    this.rules = rules;
  }

  /**
   * Reads a response. A row that lacks a required field is skipped, so that one odd market does not
   * affect the others; a list without any usable row is malformed.
   *
   * @throws MalformedMessageException if the response is not what the venue documents
   */
  public InstrumentPage read(InstrumentRequest request, byte[] body)
      throws MalformedMessageException {
    List<Instrument> instruments = new ArrayList<>();
    try (JsonParser parser = ROWS.createParser(body)) {
      parser.nextToken();
      if (!descend(parser, rules.rows().names(), instruments)) {
        throw new MalformedMessageException("the response has no list of instruments");
      }
      if (parser.nextToken() != null) {
        throw new MalformedMessageException("something follows the list of instruments");
      }
      InstrumentRequest next = next(request, body);
      boolean onlyPage = next == null && request.request().equals(rules.request());
      if (instruments.isEmpty() && onlyPage) {
        throw new MalformedMessageException("the list of instruments has no usable row");
      }
      return new InstrumentPage(instruments, next);
    } catch (IOException e) {
      throw new MalformedMessageException(
          "the list of instruments is not valid JSON, " + body.length + " bytes");
    }
  }

  private @Nullable InstrumentRequest next(InstrumentRequest asked, byte[] body)
      throws IOException {
    NextPage next = rules.next();
    if (next == null) {
      return null;
    }
    try (JsonParser parser =
        new FilteringParserDelegate(
            ROWS.createParser(body),
            new JsonPointerBasedFilter(next.at().compile()),
            Inclusion.ONLY_INCLUDE_ALL,
            false)) {
      JsonToken token = parser.nextToken();
      String cursor = token == null || !token.isScalarValue() ? "" : parser.getText();
      if (cursor.isEmpty() || token == JsonToken.VALUE_NULL) {
        return null;
      }
      RestRequest first = rules.request();
      String path = first.pathAndQuery();
      String parameter =
          (path.contains("?") ? "&" : "?")
              + next.parameter()
              + '='
              + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
      return new InstrumentRequest(
          asked.list(),
          new RestRequest(path + parameter, first.weight(), first.maxResponseBytes()));
    }
  }

  /** Descends to the rows and reads them, then skips to the end of the structure. */
  private boolean descend(JsonParser parser, List<String> names, List<Instrument> into)
      throws IOException {
    if (names.isEmpty()) {
      return rows(parser, into);
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

  /** The elements of a list, or the values of an object's fields. */
  private boolean rows(JsonParser parser, List<Instrument> into) throws IOException {
    if (!parser.currentToken().isStructStart()) {
      return false;
    }
    boolean named = parser.currentToken() == JsonToken.START_OBJECT;
    while (!parser.nextToken().isStructEnd()) {
      if (named) {
        parser.nextToken();
      }
      Instrument instrument = instrument(ROWS.readTree(parser));
      if (instrument != null) {
        into.add(instrument);
      }
    }
    return true;
  }

  private @Nullable Instrument instrument(JsonNode row) {
    MarketType marketType = meaning(row, rules.marketType());
    String base = text(row, rules.base());
    String quote = text(row, rules.quote());
    String symbol = symbol(row, rules.symbol(), base, quote);
    if (marketType == null
        || symbol.isEmpty()
        || base.isEmpty()
        || quote.isEmpty()
        || rules.skip().entrySet().stream().anyMatch(fact -> isMarked(row, fact))) {
      return null;
    }
    String normalised = NormalisedSymbol.of(marketType, base, quote, expiry(row));
    if (normalised == null) {
      return null;
    }
    SizeUnit unit = meaning(row, rules.sizeUnit());
    return new Instrument(
        exchange,
        marketType,
        normalised,
        symbol,
        base,
        quote,
        step(row, rules.tickSize()),
        step(row, rules.lotSize()),
        unit == null ? SizeUnit.BASE : unit,
        contractSize(row),
        isActive(row));
  }

  private static String symbol(JsonNode row, SymbolText rule, String base, String quote) {
    return rule.template() == null
        ? rule.at() == null ? "" : text(row, rule.at())
        : rule.template().replace("{base}", base).replace("{quote}", quote);
  }

  /** When the instrument expires; null if it does not expire, or the time is malformed. */
  private @Nullable Instant expiry(JsonNode row) {
    TimeRule rule = rules.expiry();
    String text = rule == null ? "" : text(row, rule.at());
    if (rule == null || text.isEmpty()) {
      return null;
    }
    try {
      return switch (rule.format()) {
        case ISO -> OffsetDateTime.parse(text).toInstant();
        case S -> Instant.ofEpochSecond(new BigDecimal(text).longValue());
        case MS -> Instant.ofEpochMilli(Long.parseLong(text));
        case US -> Instant.ofEpochMilli(Long.parseLong(text) / 1_000);
        case NS -> Instant.ofEpochMilli(Long.parseLong(text) / 1_000_000);
      };
    } catch (NumberFormatException | DateTimeException e) {
      return null;
    }
  }

  private @Nullable BigDecimal contractSize(JsonNode row) {
    BigDecimal size = null;
    for (Pointer place : rules.contractSize()) {
      BigDecimal factor = positive(text(row, place));
      if (factor != null) {
        size = size == null ? factor : size.multiply(factor);
      }
    }
    // A contract of one unit is that unit.
    if (size == null || size.compareTo(BigDecimal.ONE) == 0) {
      return null;
    }
    BigDecimal stripped = size.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private boolean isActive(JsonNode row) {
    return rules.active().entrySet().stream().allMatch(fact -> holds(row, fact))
        && rules.inactive().entrySet().stream().noneMatch(fact -> holds(row, fact));
  }

  private static boolean holds(JsonNode node, Map.Entry<Pointer, String> fact) {
    return text(node, fact.getKey()).equals(fact.getValue());
  }

  private static boolean isMarked(JsonNode node, Map.Entry<Pointer, String> fact) {
    return fact.getValue().isEmpty() ? !text(node, fact.getKey()).isEmpty() : holds(node, fact);
  }

  private static <T> @Nullable T meaning(JsonNode row, WordRule<T> rule) {
    if (rule.at() == null) {
      return rule.otherwise();
    }
    T meaning = rule.words().get(text(row, rule.at()));
    return meaning == null ? rule.otherwise() : meaning;
  }

  /** The smallest step, or null if the venue has none or writes 0. */
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
    String text = text(owner, rule.at());
    if (!rule.decimals()) {
      return positive(text);
    }
    return text.matches("[0-9]{1,2}") && Integer.parseInt(text) <= MAX_DECIMALS
        ? BigDecimal.ONE.movePointLeft(Integer.parseInt(text))
        : null;
  }

  private static @Nullable BigDecimal positive(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      return number.signum() > 0 ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String text(JsonNode row, TextRule rule) {
    String text = text(row, rule.at());
    if (rule.split() != null) {
      String[] parts = text.split(Pattern.quote(rule.split()), -1);
      text = rule.part() < parts.length ? parts[rule.part()] : "";
    }
    text = rule.words().getOrDefault(text, text);
    return rule.upper() ? text.toUpperCase(Locale.ROOT) : text;
  }

  private static String text(JsonNode node, Pointer pointer) {
    return node.at(pointer.compile()).asText("");
  }
}
