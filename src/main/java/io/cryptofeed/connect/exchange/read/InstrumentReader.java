package io.cryptofeed.connect.exchange.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.JsonPointerBasedFilter;
import com.fasterxml.jackson.core.filter.TokenFilter.Inclusion;
import com.fasterxml.jackson.databind.JsonNode;
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
import io.cryptofeed.connect.exchange.spi.InstrumentPage.UnusableRow;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.market.DecimalLimits;
import io.cryptofeed.connect.market.DecimalText;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.NormalisedSymbol;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.TradingState;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one of a venue's lists of instruments row by row, because the response may have tens of
 * megabytes. Immutable.
 */
public final class InstrumentReader {

  private static final int MAX_DECIMALS = 18;

  /** No exchange lists as many instruments in one response. */
  private static final int MAX_ROWS = 200_000;

  private static final int EXCERPT = 120;

  private final String exchange;
  private final InstrumentRules rules;

  public InstrumentReader(String exchange, InstrumentRules rules) {
    this.exchange = exchange;
    this.rules = rules;
  }

  /** What the rows of a response are. */
  private static final class Rows {
    private final List<Instrument> instruments = new ArrayList<>();
    private final List<UnusableRow> unusable = new ArrayList<>();
    private final Set<String> unknownStates = new LinkedHashSet<>();
    private int count;
  }

  /**
   * Reads a response. A row that lacks a required field is left out, so that one odd market does
   * not affect the others. A list may be empty.
   *
   * @throws MalformedMessageException if the response is not what the venue documents
   */
  public InstrumentPage read(InstrumentRequest request, byte[] body)
      throws MalformedMessageException {
    if (!Utf8.isValid(body, 0, body.length)) {
      throw new MalformedMessageException(
          "the list of instruments is not valid UTF-8, " + body.length + " bytes");
    }
    Rows rows = new Rows();
    try (JsonParser parser = FrameTokens.JSON.createParser(body)) {
      parser.nextToken();
      if (!descend(parser, rules.rows().names(), rows)) {
        throw new MalformedMessageException("the response has no list of instruments");
      }
      if (parser.nextToken() != null) {
        throw new MalformedMessageException("something follows the list of instruments");
      }
      return new InstrumentPage(
          rows.instruments, rows.count, rows.unusable, rows.unknownStates, next(request, body));
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
            FrameTokens.JSON.createParser(body),
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
  private boolean descend(JsonParser parser, List<String> names, Rows into) throws IOException {
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
  private boolean rows(JsonParser parser, Rows into) throws IOException {
    if (parser.currentToken() == null || !parser.currentToken().isStructStart()) {
      return false;
    }
    boolean named = parser.currentToken() == JsonToken.START_OBJECT;
    while (!parser.nextToken().isStructEnd()) {
      if (named) {
        parser.nextToken();
      }
      if (++into.count > MAX_ROWS) {
        throw new StreamConstraintsException("more than " + MAX_ROWS + " instruments");
      }
      read(RowTree.read(parser), into);
    }
    return true;
  }

  private void read(JsonNode row, Rows into) {
    MarketType marketType = meaning(row, rules.marketType());
    if (rules.skip().entrySet().stream().anyMatch(fact -> isMarked(row, fact))
        || (marketType == null && row.isContainerNode())) {
      return;
    }
    String base = text(row, rules.base());
    String quote = text(row, rules.quote());
    String symbol = base.isEmpty() || quote.isEmpty() ? "" : symbol(row, base, quote);
    String normalised =
        marketType == null ? null : NormalisedSymbol.of(marketType, base, quote, expiry(row));
    String problem = problem(row, base, quote, symbol, normalised);
    if (!problem.isEmpty() || marketType == null || normalised == null) {
      into.unusable.add(new UnusableRow(symbolField(row), excerpt(row), problem));
      return;
    }
    into.instruments.add(
        instrument(row, marketType, normalised, symbol, base, quote, state(row, into)));
  }

  /** Why a row is not a usable instrument; empty if it is one. */
  private String problem(
      JsonNode row, String base, String quote, String symbol, @Nullable String normalised) {
    if (!row.isContainerNode()) {
      return "is not an instrument";
    }
    if (base.isEmpty()) {
      return "has no base asset";
    }
    if (quote.isEmpty()) {
      return "has no quote asset";
    }
    if (symbol.isEmpty()) {
      return "has no symbol";
    }
    if (normalised == null) {
      return "has no time of expiry";
    }
    return hasContractSize(row) ? "" : "has no contract size";
  }

  private Instrument instrument(
      JsonNode row,
      MarketType marketType,
      String normalised,
      String symbol,
      String base,
      String quote,
      TradingState state) {
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
        state,
        assetClass(row));
  }

  private static String excerpt(JsonNode row) {
    String text = row.toString();
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
  }

  /** The venue's symbol if it is a field of the row; otherwise empty. */
  private String symbolField(JsonNode row) {
    return rules.symbol().at() == null ? "" : text(row, rules.symbol().at());
  }

  private String symbol(JsonNode row, String base, String quote) {
    SymbolText rule = rules.symbol();
    return rule.template() == null
        ? symbolField(row)
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
        case S -> Instant.ofEpochSecond(DecimalText.parse(text).longValue());
        case MS -> Instant.ofEpochMilli(Long.parseLong(text));
        case US -> Instant.ofEpochMilli(Long.parseLong(text) / 1_000);
        case NS -> Instant.ofEpochMilli(Long.parseLong(text) / 1_000_000);
      };
    } catch (NumberFormatException | DateTimeException e) {
      return null;
    }
  }

  /** Without the size of a contract, every size would be wrong. */
  private boolean hasContractSize(JsonNode row) {
    if (rules.contractSize().isEmpty()) {
      return true;
    }
    BigDecimal size = units(row);
    return size != null && DecimalLimits.PRECISE.hold(size);
  }

  private @Nullable BigDecimal contractSize(JsonNode row) {
    BigDecimal size = units(row);
    // A contract of one unit is that unit.
    return size == null || size.compareTo(BigDecimal.ONE) == 0
        ? null
        : DecimalText.plain(size.stripTrailingZeros());
  }

  /** How many units a contract has, the product of the fields that the row has; null without. */
  private @Nullable BigDecimal units(JsonNode row) {
    BigDecimal size = null;
    for (Pointer place : rules.contractSize()) {
      BigDecimal factor = positive(text(row, place));
      if (factor != null) {
        size = size == null ? factor : size.multiply(factor);
      }
    }
    return size;
  }

  /**
   * Whether it is traded, by the worst of its fields. A row without a field is not halted, because
   * venues leave out what is normal; and a word that is new must not end a stream.
   */
  private TradingState state(JsonNode row, Rows into) {
    TradingState worst = TradingState.TRADING;
    for (WordRule<TradingState> rule : rules.states()) {
      String word = rule.at() == null ? "" : text(row, rule.at());
      TradingState state =
          rule.at() == null || rule.words().containsKey(word)
              ? meaning(row, rule)
              : word.isEmpty() ? TradingState.TRADING : rule.otherwise();
      if (state == null) {
        into.unknownStates.add(word);
      } else {
        worst = worst.or(state);
      }
    }
    return worst;
  }

  /** A word, or the first of a list of words. */
  private @Nullable String assetClass(JsonNode row) {
    if (rules.assetClass() == null) {
      return null;
    }
    JsonNode value = row.at(rules.assetClass().compile());
    String text = (value.isArray() ? value.path(0) : value).asText("");
    return text.isEmpty() ? null : text;
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
        ? BigDecimal.valueOf(1, Integer.parseInt(text))
        : null;
  }

  private static @Nullable BigDecimal positive(String text) {
    try {
      BigDecimal number = DecimalText.parse(text);
      return number.signum() > 0 && DecimalLimits.PRECISE.hold(number) ? number : null;
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
