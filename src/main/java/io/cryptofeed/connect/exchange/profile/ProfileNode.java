package io.cryptofeed.connect.exchange.profile;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A scalar, a list or a mapping of a profile, which knows its line, so that every complaint can
 * name the place. Absent and {@code null} are told apart: a null scalar has the text {@code null}.
 */
public final class ProfileNode {

  private static final YAMLFactory YAML =
      YAMLFactory.builder().disable(YAMLParser.Feature.EMPTY_STRING_AS_NULL).build();
  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,9})([A-Za-z]+)");

  private final String file;
  private final int line;
  private final String name;
  private final @Nullable String text;
  private final @Nullable List<ProfileNode> items;
  private final @Nullable Map<String, ProfileNode> fields;

  /** Whether this is the word {@code null} without quotes, which removes what is inherited. */
  private final boolean isNull;

  private ProfileNode(
      String file,
      int line,
      String name,
      @Nullable String text,
      @Nullable List<ProfileNode> items,
      @Nullable Map<String, ProfileNode> fields,
      boolean isNull) {
    this.file = file;
    this.line = line;
    this.name = name;
    this.text = text;
    this.items = items;
    this.fields = fields;
    this.isNull = isNull;
  }

  /**
   * Reads a YAML document.
   *
   * @param file its name, for complaints
   * @throws InvalidProfileException when it is no YAML, or uses what profiles do not need
   */
  public static ProfileNode parse(String file, InputStream yaml) {
    try (JsonParser parser = YAML.createParser(yaml)) {
      if (parser.nextToken() == null) {
        throw new InvalidProfileException(file, 1, "the profile is empty");
      }
      ProfileNode root = read(file, "profile", parser);
      if (parser.nextToken() != null) {
        throw new InvalidProfileException(
            file, line(parser), "a second document; a file holds one profile");
      }
      return root;
    } catch (JsonParseException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new InvalidProfileException(file, line, "not YAML: " + problem(e));
    } catch (IOException e) {
      throw new InvalidProfileException(file, 1, "cannot be read as UTF-8 text");
    }
  }

  /** What is wrong, without the lines around it, which may hold anything. */
  private static String problem(JsonParseException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof MarkedYAMLException marked) {
        return marked.getProblem();
      }
    }
    return e.getOriginalMessage().lines().findFirst().orElse("a syntax error");
  }

  private static ProfileNode read(String file, String name, JsonParser parser) throws IOException {
    int line = line(parser);
    if (((YAMLParser) parser).isCurrentAlias()) {
      throw new InvalidProfileException(file, line, "aliases are not used in profiles");
    }
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, ProfileNode> fields = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        int keyLine = line(parser);
        parser.nextToken();
        if (fields.put(key, read(file, key, parser)) != null) {
          throw new InvalidProfileException(file, keyLine, "key '" + key + "' occurs twice");
        }
      }
      return new ProfileNode(file, line, name, null, null, fields, false);
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<ProfileNode> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(read(file, name, parser));
      }
      return new ProfileNode(file, line, name, null, items, null, false);
    }
    boolean isNull = parser.currentToken() == JsonToken.VALUE_NULL;
    return new ProfileNode(file, line, name, parser.getText(), null, null, isNull);
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  public int line() {
    return line;
  }

  /** The file and the line, as complaints name them. */
  String place() {
    return file + ':' + line;
  }

  boolean isScalar() {
    return text != null;
  }

  public boolean isMapping() {
    return fields != null;
  }

  /**
   * This node, where it overrides another. Mappings are merged key by key: first the keys of the
   * other, in their order, then what is new. Anything else takes the other's place. A {@code null}
   * without quotes removes a key. Every part keeps its own file and line.
   *
   * @throws InvalidProfileException when there is nothing to remove
   */
  ProfileNode over(ProfileNode inherited) {
    if (fields == null || inherited.fields == null) {
      return this;
    }
    Map<String, ProfileNode> merged = new LinkedHashMap<>(inherited.fields);
    for (Map.Entry<String, ProfileNode> entry : fields.entrySet()) {
      String key = entry.getKey();
      ProfileNode value = entry.getValue();
      ProfileNode old = merged.get(key);
      if (!value.isNull) {
        merged.put(key, old == null ? value : value.over(old));
      } else if (merged.remove(key) == null) {
        throw value.invalid(
            "nothing to remove: '"
                + name
                + "' inherits no key '"
                + key
                + "'; leave it out, or write \"null\" in quotes to mean the word");
      }
    }
    return new ProfileNode(file, line, name, null, null, merged, false);
  }

  /** This mapping without a key that it may have. */
  ProfileNode without(String key) {
    Map<String, ProfileNode> rest = new LinkedHashMap<>(entries());
    rest.remove(key);
    return new ProfileNode(file, line, name, null, null, rest, false);
  }

  /** A complaint about this place. */
  public InvalidProfileException invalid(String problem) {
    return new InvalidProfileException(file, line, problem);
  }

  /** The text of a scalar. */
  public String text() {
    if (text == null) {
      throw invalid("'" + name + "' must be a single value");
    }
    return text;
  }

  /** The elements of a list. */
  public List<ProfileNode> items() {
    if (items == null) {
      throw invalid("'" + name + "' must be a list");
    }
    return items;
  }

  /** The entries of a mapping whose keys are free, in order. */
  Map<String, ProfileNode> entries() {
    if (fields == null) {
      throw invalid("'" + name + "' must be a mapping");
    }
    return fields;
  }

  /** This mapping, after a check that it has no other keys than these. */
  ProfileNode only(String... known) {
    for (Map.Entry<String, ProfileNode> entry : entries().entrySet()) {
      if (!List.of(known).contains(entry.getKey())) {
        throw entry
            .getValue()
            .invalid(
                "unknown key '"
                    + entry.getKey()
                    + "' in '"
                    + name
                    + "'; known are "
                    + String.join(", ", known));
      }
    }
    return this;
  }

  /** The value of a key that must be there. */
  public ProfileNode get(String key) {
    ProfileNode value = entries().get(key);
    if (value == null) {
      throw invalid("'" + name + "' needs a key '" + key + "'");
    }
    return value;
  }

  /** The value of a key that may be absent, converted; null when it is. */
  <T> @Nullable T find(String key, Function<ProfileNode, T> conversion) {
    ProfileNode value = entries().get(key);
    return value == null ? null : conversion.apply(value);
  }

  /** The elements of a list that may be absent. */
  public <T> List<T> findAll(String key, Function<ProfileNode, T> conversion) {
    ProfileNode value = entries().get(key);
    return value == null ? List.of() : value.items().stream().map(conversion).toList();
  }

  /** A value of an enum, written in lower case. */
  <E extends Enum<E>> E oneOf(Class<E> type) {
    String wanted = text();
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(wanted)) {
        return constant;
      }
    }
    throw invalid(
        "unknown "
            + name
            + " '"
            + wanted
            + "'; known are "
            + Stream.of(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid("'" + name + "' must be true or false, not '" + text + "'");
    };
  }

  /** A whole number, 0 or more. */
  int index() {
    String digits = text();
    if (!digits.matches("[0-9]{1,9}")) {
      throw invalid("'" + name + "' must be a whole number, not '" + digits + "'");
    }
    return Integer.parseInt(digits);
  }

  /** A whole number, 1 or more. */
  int positive() {
    int value = index();
    if (value == 0) {
      throw invalid("'" + name + "' must be at least 1");
    }
    return value;
  }

  /** A duration of more than zero: {@code 100ms}, {@code 20s}, {@code 5m}, {@code 24h}. */
  Duration duration() {
    Matcher quantity = quantity("a duration such as 500ms, 20s, 5m or 24h");
    long amount = Long.parseLong(quantity.group(1));
    return switch (quantity.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> throw invalid("'" + name + "' has an unknown unit in '" + text + "'");
    };
  }

  /** A size of more than zero in bytes: {@code 512KiB}, {@code 16MiB}. */
  int bytes() {
    Matcher quantity = quantity("a size such as 512KiB or 16MiB");
    long unit =
        switch (quantity.group(2)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          default -> throw invalid("'" + name + "' has an unknown unit in '" + text + "'");
        };
    long bytes = Long.parseLong(quantity.group(1)) * unit;
    if (bytes > Integer.MAX_VALUE) {
      throw invalid("'" + name + "' is too large: '" + text + "'");
    }
    return (int) bytes;
  }

  private Matcher quantity(String kind) {
    Matcher quantity = QUANTITY.matcher(text());
    if (!quantity.matches() || quantity.group(1).matches("0+")) {
      throw invalid("'" + name + "' must be " + kind + ", more than zero, not '" + text + "'");
    }
    return quantity;
  }

  /** A pointer into a message, {@code /data/s}. */
  Pointer pointer() {
    try {
      return Pointer.parse(text());
    } catch (IllegalArgumentException e) {
      throw invalid("'" + name + "': " + e.getMessage());
    }
  }

  /** A pointer into a message, or into each row of a list. */
  Pointer pointer(@Nullable Pointer rows) {
    try {
      return Pointer.parse(text(), rows);
    } catch (IllegalArgumentException e) {
      throw invalid("'" + name + "': " + e.getMessage());
    }
  }

  /** A pointer into a message that is read as a tree. */
  Pointer treePointer() {
    try {
      return Pointer.parseInTree(text());
    } catch (IllegalArgumentException e) {
      throw invalid("'" + name + "': " + e.getMessage());
    }
  }

  /** The pointer that is this node's key. */
  Pointer keyPointer(String key, @Nullable Pointer rows) {
    try {
      return Pointer.parse(key, rows);
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }
}
