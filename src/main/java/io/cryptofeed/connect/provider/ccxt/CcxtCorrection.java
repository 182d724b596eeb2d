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
import io.cryptofeed.connect.ccxt.CcxtBookFields;
import io.cryptofeed.connect.ccxt.CcxtOptions;
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
 * What CCXT does not tell of one of its exchanges, and {@code ccxt/corrections.yaml} does. What is
 * not written there is not relied upon.
 *
 * @param trades how the ids of trades relate
 * @param history how past trades are had, null for the newest only
 * @param book how the numbers of a book's updates follow each other, null where they tell nothing
 * @param options what CCXT calls {@code options}, without which the rest would not hold; those that
 *     are configured come first
 */
public record CcxtCorrection(
    TradeNumbering trades,
    @Nullable History history,
    @Nullable BookNumbers book,
    @Nullable JsonNode options) {

  /** What is true of any exchange. */
  static final CcxtCorrection NONE = new CcxtCorrection(TradeNumbering.UNORDERED, null, null, null);

  private static final Logger LOG = LoggerFactory.getLogger(CcxtCorrection.class);
  private static final String RESOURCE = "ccxt/corrections.yaml";

  /** A page where nothing is known of the exchange's own limit: any of them allows so many. */
  private static final int USUAL_PAGE = 100;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();

  /**
   * @param by what a request may name
   * @param page the most trades in one answer, at least 1
   */
  record History(@JsonProperty(required = true) By by, @JsonProperty(required = true) int page) {

    /** What a request for past trades may name. */
    enum By {
      /** The time of the oldest trade: what CCXT calls {@code since}. */
      SINCE,
      /** Nothing: the newest come. */
      NEWEST
    }
  }

  /**
   * What the numbers of a book's updates tell; the last that an update covers is CCXT's {@code
   * nonce}.
   *
   * @param link how they follow each other
   * @param first the field that has the first number, null where an update has one number
   * @param previous the field that has the last number of the update before
   */
  record BookNumbers(
      @JsonProperty(required = true) BookRules.Link link,
      @Nullable String first,
      @Nullable String previous) {}

  /** What is not written is not known. */
  public CcxtCorrection {
    trades = trades == null ? TradeNumbering.UNORDERED : trades;
  }

  /**
   * What holds of an exchange as it is configured: {@link #NONE} where nothing is written of it, or
   * where its own options contradict what is.
   */
  public static CcxtCorrection of(CcxtOptions configured) {
    CcxtCorrection written = all().getOrDefault(configured.id(), NONE);
    if (!written.isContradictedBy(configured.optionsJson())) {
      return written;
    }
    LOG.warn(
        "exchange={} ccxt.options contradict what is known of the class: its trades are told apart"
            + " by their ids, and nothing else",
        configured.exchange());
    return NONE;
  }

  private boolean isContradictedBy(@Nullable String own) {
    if (options == null || own == null) {
      return false;
    }
    try {
      JsonNode merged = merged(options, own);
      return !merged(merged, options.toString()).equals(merged);
    } catch (IOException e) {
      // Said where the exchange is started, without the text, which may hold a secret.
      return false;
    }
  }

  private static JsonNode merged(JsonNode options, String stronger) throws IOException {
    return JSON.readerForUpdating(options.deepCopy()).readValue(stronger);
  }

  /** All corrections, by the ids of CCXT. */
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

  /** How the book of this exchange is kept. */
  BookRules bookRules() {
    return new BookRules(BookRules.Source.STREAM, book == null ? BookRules.Link.NONE : book.link());
  }

  /** How past trades are had, null where the class cannot ask for any. */
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

  /** The options of an exchange, with what is needed here. */
  CcxtOptions applyTo(CcxtOptions configured) {
    return configured.with(
        optionsWith(configured.optionsJson()),
        book == null ? CcxtBookFields.NONE : new CcxtBookFields(book.first(), book.previous()));
  }

  private @Nullable String optionsWith(@Nullable String own) {
    if (options == null) {
      return own;
    }
    try {
      return (own == null ? options : merged(options, own)).toString();
    } catch (IOException e) {
      // Said where the exchange is started, without the text, which may hold a secret.
      return own;
    }
  }
}
