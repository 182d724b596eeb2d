package io.cryptofeed.connect.local.venue.scripted;

import io.cryptofeed.connect.market.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The messages of a venue with two instruments, as texts with places such as {@code {price}}: a
 * file of {@code src/test/resources/neighbours}.
 */
public final class VenueTemplate {

  private static final Pattern PLACE = Pattern.compile("\\{([a-z_]+)}");

  private final String id;
  private final Map<String, Object> root;

  private VenueTemplate(String id, Map<String, Object> root) {
    this.id = id;
    this.root = root;
  }

  /** Reads the file of an exchange. */
  public static VenueTemplate of(String exchange) {
    String path = "/neighbours/" + exchange + ".yaml";
    try (InputStream in = VenueTemplate.class.getResourceAsStream(path)) {
      return new VenueTemplate(
          exchange,
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .load(Objects.requireNonNull(in, path + " is missing")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the exchange. */
  public String exchange() {
    return id;
  }

  /** How the exchange identifies trades and answers requests for its history. */
  TradeExchange trades() {
    return TradeExchange.valueOf(text("exchange"));
  }

  /** The value of {@code trades.mode}, null if the exchange has only one. */
  public @Nullable String tradesMode() {
    return trades().tradesMode();
  }

  /** Whether the ids of trades show that one is missing. */
  public boolean numbersTrades() {
    return trades().numbersTrades();
  }

  /** Whether the messages of a connection are numbered. */
  public boolean numbersConnections() {
    return text("trade").contains(NumberedSender.NUMBER);
  }

  /** Whether nothing in a book, or only the numbers of its connection, shows a missing change. */
  public boolean isBlind() {
    return !linksBooks();
  }

  /** Whether a book shows that a change is missing. */
  public boolean linksBooks() {
    String delta = text("delta");
    return delta.contains("{seq}") || delta.contains("{checksum}");
  }

  /** Whether books have checksums. */
  public boolean hasChecksums() {
    return has("checksum");
  }

  /** Whether a rejection says which request it is about. */
  public boolean identifiesRejections() {
    return text("refuse").contains("{request}");
  }

  /** Whether the symbol is a part of the name of a stream, and occurs nowhere else. */
  public boolean hidesSymbols() {
    return !text("trade").contains("\"{symbol}\"");
  }

  /** Whether times are ISO texts, not numbers. */
  public boolean hasTextTimes() {
    return text("time").equals("iso");
  }

  /** Whether a key of the file has a value. */
  boolean has(String key) {
    return root.containsKey(key);
  }

  /** A text of the file. */
  String text(String key) {
    Object value = root.get(key);
    if (value == null) {
      throw new IllegalArgumentException("neighbours/" + id + ".yaml has no '" + key + "'");
    }
    return value.toString();
  }

  /** A map of the file; empty if it is missing. */
  @SuppressWarnings("unchecked") // YAML
  <T> Map<String, T> map(String key) {
    return (Map<String, T>) root.getOrDefault(key, Map.of());
  }

  /** How the venue names a channel in its messages. */
  String name(Channel channel) {
    Map<String, String> names = map("names");
    return names.getOrDefault(channel.code(), channel.code());
  }

  /** Puts values into their places. A place without a value stays. */
  static String fill(String text, Map<String, String> values) {
    Matcher place = PLACE.matcher(text);
    return place.replaceAll(
        found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
  }

  // ---- What may be wrong with the template of a message ----

  /** Another JSON text stands in a place; a place in quotes loses them. */
  public static UnaryOperator<String> replace(String place, String json) {
    return text -> text.replaceAll(quoted(place), Matcher.quoteReplacement(json));
  }

  /** Another text stands in a place, in quotes if the place is. */
  public static UnaryOperator<String> put(String place, String value) {
    return text -> text.replace("{" + place + "}", value);
  }

  /** The field, or the element of a list, of a place is missing. */
  public static UnaryOperator<String> drop(String place) {
    return text ->
        text.replaceAll("(\"[^\"{}]+\":)?" + quoted(place) + ",?", "")
            .replaceAll(",([}\\]])", "$1");
  }

  /** The field of a place occurs twice; nothing changes in a list. */
  public static UnaryOperator<String> twice(String place) {
    return text -> text.replaceAll("(\"[^\"{}]+\":" + quoted(place) + ")", "$1,$1");
  }

  private static String quoted(String place) {
    return "(?:\"\\{" + place + "}\"|\\{" + place + "})";
  }
}
