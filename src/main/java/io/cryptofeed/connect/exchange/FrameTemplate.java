package io.cryptofeed.connect.exchange;

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
final class FrameTemplate {

  private final JsonNode template;
  private final Set<Place> places = EnumSet.noneOf(Place.class);

  /** What can be filled in. */
  enum Place {
    /** A list of names of streams. */
    STREAMS,
    /** A list of the venue's symbols. */
    SYMBOLS,
    /** The venue's name of a channel. */
    CHANNEL,
    /** The number of the request. */
    ID;

    private final String marker = '#' + name().toLowerCase(Locale.ROOT);

    String marker() {
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
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (node.isMapping()) {
      ObjectNode object = json.objectNode();
      node.entries().forEach((key, value) -> object.set(key, read(value)));
      return object;
    }
    if (!node.isScalar()) {
      ArrayNode array = json.arrayNode();
      node.items().forEach(item -> array.add(read(item)));
      return array;
    }
    String text = node.text();
    if (text.startsWith("#")) {
      places.add(place(node, text));
    }
    return json.textNode(text);
  }

  private static Place place(ProfileNode node, String marker) {
    List<String> known = new ArrayList<>();
    for (Place place : Place.values()) {
      if (place.marker().equals(marker)) {
        return place;
      }
      known.add(place.marker());
    }
    throw node.invalid("unknown place '" + marker + "'; known are " + String.join(", ", known));
  }

  /** Whether the template has such a place. */
  boolean has(Place place) {
    return places.contains(place);
  }

  /** A frame. */
  String fill(List<String> streams, List<String> symbols, String channel, long id) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Map<Place, JsonNode> values = new EnumMap<>(Place.class);
    values.put(Place.STREAMS, texts(streams));
    values.put(Place.SYMBOLS, texts(symbols));
    values.put(Place.CHANNEL, json.textNode(channel));
    values.put(Place.ID, json.numberNode(id));
    return fill(template, values).toString();
  }

  private static JsonNode fill(JsonNode node, Map<Place, JsonNode> values) {
    if (node instanceof ObjectNode object) {
      ObjectNode filled = JsonNodeFactory.instance.objectNode();
      object
          .properties()
          .forEach(entry -> filled.set(entry.getKey(), fill(entry.getValue(), values)));
      return filled;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode filled = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> filled.add(fill(element, values)));
      return filled;
    }
    for (Map.Entry<Place, JsonNode> value : values.entrySet()) {
      if (node.textValue().equals(value.getKey().marker())) {
        return value.getValue();
      }
    }
    return node;
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }
}
