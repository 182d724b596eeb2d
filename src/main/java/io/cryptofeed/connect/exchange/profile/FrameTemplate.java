package io.cryptofeed.connect.exchange.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A text frame with placeholders that are filled for each request. Immutable. */
public final class FrameTemplate {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final JsonNode template;
  private final Set<Placeholder> placeholders = EnumSet.noneOf(Placeholder.class);

  /** The placeholders that a frame can have. */
  public enum Placeholder {
    /** The list of stream names. */
    STREAMS,
    /** The one stream name. */
    STREAM,
    /** The list of the mappings that {@code each} creates for the streams. */
    ARGUMENTS,
    /** The list of the venue's symbols. */
    SYMBOLS,
    /** The one symbol. */
    SYMBOL,
    /** The venue's name of a channel. */
    CHANNEL,
    /** The number of levels per side of a book. */
    DEPTH,
    /** The number of the request. */
    ID,
    /** The number of the request, as text. */
    ID_TEXT,
    /** The value of a ping that the reply repeats. */
    VALUE;

    private final String marker = '#' + name().toLowerCase(Locale.ROOT);

    /** How a profile writes it: {@code #streams}. */
    public String marker() {
      return marker;
    }
  }

  /** Loads a template: a mapping with placeholders such as {@code #streams} among its values. */
  FrameTemplate(ProfileNode node) {
    if (!node.isMapping()) {
      throw node.invalid("a frame must be a mapping");
    }
    template = read(node);
  }

  private JsonNode read(ProfileNode node) {
    if (node.isMapping()) {
      ObjectNode object = JSON.objectNode();
      node.entries().forEach((key, value) -> object.set(key, read(value)));
      return object;
    }
    if (!node.isScalar()) {
      ArrayNode array = JSON.arrayNode();
      node.items().forEach(item -> array.add(read(item)));
      return array;
    }
    String text = node.text();
    if (text.startsWith("#")) {
      placeholders.add(placeholder(node, text));
    }
    return switch (text) {
      case "true" -> JSON.booleanNode(true);
      case "false" -> JSON.booleanNode(false);
      default -> JSON.textNode(text);
    };
  }

  private static Placeholder placeholder(ProfileNode node, String marker) {
    List<String> known = new ArrayList<>();
    for (Placeholder each : Placeholder.values()) {
      if (each.marker().equals(marker)) {
        return each;
      }
      known.add(each.marker());
    }
    throw node.invalid(
        "unknown placeholder '" + marker + "'; known are " + String.join(", ", known));
  }

  /** Whether the template has the placeholder. */
  boolean has(Placeholder placeholder) {
    return placeholders.contains(placeholder);
  }

  /** Whether the template has a placeholder for the number of the request. */
  public boolean hasId() {
    return has(Placeholder.ID) || has(Placeholder.ID_TEXT);
  }

  /** The frame with the placeholders replaced. */
  public JsonNode fill(Values values) {
    return fill(template, values);
  }

  private static JsonNode fill(JsonNode node, Values values) {
    if (node instanceof ObjectNode object) {
      ObjectNode filled = JSON.objectNode();
      object
          .properties()
          .forEach(entry -> filled.set(entry.getKey(), fill(entry.getValue(), values)));
      return filled;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode filled = JSON.arrayNode();
      array.forEach(element -> filled.add(fill(element, values)));
      return filled;
    }
    return node.isTextual() ? values.of(node) : node;
  }

  /** The values of placeholders. */
  public static final class Values {

    private final Map<Placeholder, JsonNode> values = new EnumMap<>(Placeholder.class);

    public Values with(Placeholder placeholder, String text) {
      values.put(placeholder, JSON.textNode(text));
      return this;
    }

    public Values with(Placeholder placeholder, long number) {
      values.put(placeholder, JSON.numberNode(number));
      return this;
    }

    public Values with(Placeholder placeholder, JsonNode value) {
      values.put(placeholder, value);
      return this;
    }

    public Values with(Placeholder placeholder, List<String> texts) {
      ArrayNode array = JSON.arrayNode();
      texts.forEach(array::add);
      values.put(placeholder, array);
      return this;
    }

    private JsonNode of(JsonNode marker) {
      for (Map.Entry<Placeholder, JsonNode> value : values.entrySet()) {
        if (marker.textValue().equals(value.getKey().marker())) {
          return value.getValue();
        }
      }
      return marker;
    }
  }
}
