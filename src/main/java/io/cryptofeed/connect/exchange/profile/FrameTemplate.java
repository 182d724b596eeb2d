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

/** A text frame with places that are filled for each request. Immutable. */
public final class FrameTemplate {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final JsonNode template;
  private final Set<Placeholder> places = EnumSet.noneOf(Placeholder.class);

  /** What can be filled in. */
  public enum Placeholder {
    /** A list of names of streams. */
    STREAMS,
    /** The name of the one stream. */
    STREAM,
    /** A list of what stands for each stream. */
    ARGUMENTS,
    /** A list of the venue's symbols. */
    SYMBOLS,
    /** The one symbol. */
    SYMBOL,
    /** The venue's name of a channel. */
    CHANNEL,
    /** The number of levels of a book. */
    DEPTH,
    /** The number of the request. */
    ID,
    /** The number of the request, as text. */
    ID_TEXT,
    /** The value of the message that is answered. */
    VALUE;

    private final String marker = '#' + name().toLowerCase(Locale.ROOT);

    public String marker() {
      return marker;
    }
  }

  /**
   * Reads a template: a mapping in which {@code #streams} and the like stand for what is filled.
   */
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
      places.add(place(node, text));
    }
    return switch (text) {
      case "true" -> JSON.booleanNode(true);
      case "false" -> JSON.booleanNode(false);
      default -> JSON.textNode(text);
    };
  }

  private static Placeholder place(ProfileNode node, String marker) {
    List<String> known = new ArrayList<>();
    for (Placeholder place : Placeholder.values()) {
      if (place.marker().equals(marker)) {
        return place;
      }
      known.add(place.marker());
    }
    throw node.invalid("unknown place '" + marker + "'; known are " + String.join(", ", known));
  }

  /** Whether the template has such a place. */
  boolean has(Placeholder place) {
    return places.contains(place);
  }

  /** Whether the template has a place for the number of the request. */
  public boolean hasId() {
    return has(Placeholder.ID) || has(Placeholder.ID_TEXT);
  }

  /** A frame, or a part of one. */
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

  /** What is filled in. */
  public static final class Values {

    private final Map<Placeholder, JsonNode> values = new EnumMap<>(Placeholder.class);

    public Values with(Placeholder place, String text) {
      values.put(place, JSON.textNode(text));
      return this;
    }

    public Values with(Placeholder place, long number) {
      values.put(place, JSON.numberNode(number));
      return this;
    }

    public Values with(Placeholder place, JsonNode value) {
      values.put(place, value);
      return this;
    }

    public Values with(Placeholder place, List<String> texts) {
      ArrayNode array = JSON.arrayNode();
      texts.forEach(array::add);
      values.put(place, array);
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
