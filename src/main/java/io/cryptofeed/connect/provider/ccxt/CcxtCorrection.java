package io.cryptofeed.connect.provider.ccxt;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.ccxt.CcxtOptions.BookFields;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.text.YamlNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts about one exchange that CCXT does not provide, from {@code ccxt/corrections.yaml}. What is
 * not written there is not relied on.
 *
 * @param trades how the ids of trades relate
 * @param history how historical trades are requested, null for only the newest
 * @param book how the sequence numbers of book updates are linked, null if they are not
 * @param options CCXT's {@code options} that the other facts depend on; configured options take
 *     precedence
 */
public record CcxtCorrection(
    TradeNumbering trades,
    @Nullable History history,
    @Nullable BookNumbers book,
    @Nullable JsonNode options) {

  /** The facts that hold for every exchange. */
  static final CcxtCorrection NONE = new CcxtCorrection(TradeNumbering.UNORDERED, null, null, null);

  private static final Logger LOG = LoggerFactory.getLogger(CcxtCorrection.class);
  private static final String RESOURCE = "ccxt/corrections.yaml";

  /** The page if the limit of the exchange is not known: every exchange allows this many. */
  private static final int USUAL_PAGE = 100;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();

  /**
   * How historical trades are requested.
   *
   * @param by what a request can specify
   * @param page the maximum number of trades in one response, at least 1
   */
  record History(@JsonProperty(required = true) By by, @JsonProperty(required = true) int page) {

    /** What a request can specify. */
    enum By {
      /** The time of the oldest trade: CCXT's {@code since}. */
      SINCE,
      /** Nothing: the response has the newest trades. */
      NEWEST
    }
  }

  /**
   * The sequence numbers of book updates; the last number of an update is CCXT's {@code nonce}.
   *
   * @param link how the updates are linked
   * @param first the field of the first number, null if an update has only one number
   * @param previous the field of the last number of the update before, null if there is none
   * @param snapshot the most levels per side of a snapshot, 0 if it has every level
   */
  record BookNumbers(
      @JsonProperty(required = true) BookRules.Link link,
      @Nullable String first,
      @Nullable String previous,
      int snapshot) {}

  /** Ids are unordered unless the file says otherwise. */
  public CcxtCorrection {
    trades = trades == null ? TradeNumbering.UNORDERED : trades;
  }

  /**
   * The facts that hold for an exchange as it is configured: {@link #NONE} if the file has none, or
   * if the configured options contradict those that the facts depend on.
   */
  public static CcxtCorrection of(CcxtOptions configured) {
    CcxtCorrection written = all().getOrDefault(configured.id(), NONE);
    if (!written.isContradictedBy(configured.optionsJson())) {
      return written;
    }
    LOG.warn(
        "exchange={} ccxt.options contradict the options that its corrections depend on: its trade"
            + " ids are treated as unordered, and its books are not verified",
        configured.exchange());
    return NONE;
  }

  private boolean isContradictedBy(@Nullable String configured) {
    if (options == null || configured == null) {
      return false;
    }
    try {
      JsonNode merged = merged(options, configured);
      return !merged(merged, options.toString()).equals(merged);
    } catch (IOException e) {
      // Reported when the exchange is started, without the text, which may hold a secret.
      return false;
    }
  }

  private static JsonNode merged(JsonNode options, String stronger) throws IOException {
    return JSON.readerForUpdating(options.deepCopy()).readValue(stronger);
  }

  /** All corrections, by CCXT's ids. */
  static Map<String, CcxtCorrection> all() {
    Map<String, CcxtCorrection> corrections = new HashMap<>();
    for (YamlNode.Entry entry : entries(YamlNode.parse(RESOURCE, resource()).orElseThrow())) {
      String id = text(entry.key());
      try {
        if (corrections.put(id, JSON.treeToValue(tree(entry.value()), CcxtCorrection.class))
            != null) {
          throw invalid(entry.key(), "key '" + id + "' occurs twice", null);
        }
      } catch (JsonProcessingException e) {
        throw invalid(entry.key(), "'" + id + "': " + e.getOriginalMessage(), e);
      }
    }
    return corrections;
  }

  private static String resource() {
    try (InputStream in = CcxtCorrection.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }

  private static JsonNode tree(YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return JSON.getNodeFactory().textNode(scalar.text());
    }
    ObjectNode fields = JSON.createObjectNode();
    for (YamlNode.Entry entry : entries(node)) {
      if (fields.replace(text(entry.key()), tree(entry.value())) != null) {
        throw invalid(entry.key(), "key '" + text(entry.key()) + "' occurs twice", null);
      }
    }
    return fields;
  }

  private static List<YamlNode.Entry> entries(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      return mapping.entries();
    }
    throw invalid(node, "must be a mapping", null);
  }

  private static String text(YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.text();
    }
    throw invalid(node, "a key must be a single word", null);
  }

  private static IllegalStateException invalid(
      YamlNode node, String problem, @Nullable Exception cause) {
    return new IllegalStateException(RESOURCE + ":" + node.place().line() + ": " + problem, cause);
  }

  /** How the books of the exchange are kept. */
  BookRules bookRules() {
    return book == null
        ? new BookRules(BookRules.Source.STREAM, BookRules.Link.NONE)
        : new BookRules(BookRules.Source.STREAM, book.link(), 0, book.snapshot(), -1, null);
  }

  /** How historical trades are requested, null if the class cannot request any. */
  @Nullable TradeHistory tradeHistory(CcxtAbilities abilities) {
    if (!abilities.fetchTrades()) {
      return null;
    }
    return history == null
        ? new TradeHistory(Paging.NEWEST, USUAL_PAGE, Duration.ZERO)
        : new TradeHistory(
            history.by() == History.By.SINCE ? Paging.FROM_TIME : Paging.NEWEST,
            history.page(),
            Duration.ZERO);
  }

  /** The configured options of an exchange, with those that the facts depend on. */
  CcxtOptions applyTo(CcxtOptions configured) {
    return configured.with(
        optionsWith(configured.optionsJson()),
        book == null ? BookFields.NONE : new BookFields(book.first(), book.previous()));
  }

  private @Nullable String optionsWith(@Nullable String configured) {
    if (options == null) {
      return configured;
    }
    try {
      return (configured == null ? options : merged(options, configured)).toString();
    } catch (IOException e) {
      // Reported when the exchange is started, without the text, which may hold a secret.
      return configured;
    }
  }
}
