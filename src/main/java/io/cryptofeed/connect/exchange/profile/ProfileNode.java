package io.cryptofeed.connect.exchange.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.text.DurationText;
import io.cryptofeed.connect.text.InvalidYamlException;
import io.cryptofeed.connect.text.Nearest;
import io.cryptofeed.connect.text.YamlNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A YAML node as profiles use it: it can override the node of another profile, its values are
 * converted, and what does not fit is an error that begins with the file and the line. Absent and
 * {@code null} differ: a null scalar has the text {@code null}.
 */
public final class ProfileNode {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([A-Za-z]+)");

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
   * @param file its name, for errors
   * @throws InvalidProfileException when it is not YAML, or uses what profiles do not need
   */
  public static ProfileNode parse(String file, InputStream yaml) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(yaml.readAllBytes())).toString();
      return YamlNode.parse(file, text)
          .map(root -> of("profile", root))
          .orElseThrow(() -> new InvalidProfileException(file, 1, "the profile is empty"));
    } catch (InvalidYamlException e) {
      throw new InvalidProfileException(file, e.place().line(), e.problem());
    } catch (IOException e) {
      throw new InvalidProfileException(file, 1, "cannot be read as UTF-8 text");
    }
  }

  private static ProfileNode of(String name, YamlNode node) {
    String file = node.place().file();
    int line = node.place().line();
    if (node instanceof YamlNode.Mapping mapping) {
      return new ProfileNode(file, line, name, null, null, fields(name, mapping), false);
    }
    if (node instanceof YamlNode.Sequence sequence) {
      List<ProfileNode> items = sequence.items().stream().map(item -> of(name, item)).toList();
      return new ProfileNode(file, line, name, null, items, null, false);
    }
    YamlNode.Scalar scalar = (YamlNode.Scalar) node;
    // A key without a value is an empty text: only a null that is written removes something.
    boolean isNull = scalar.isNull() && !scalar.text().isEmpty();
    return new ProfileNode(file, line, name, scalar.text(), null, null, isNull);
  }

  private static Map<String, ProfileNode> fields(String name, YamlNode.Mapping mapping) {
    Map<String, ProfileNode> fields = new LinkedHashMap<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      YamlNode.Place place = entry.key().place();
      if (!(entry.key() instanceof YamlNode.Scalar key)) {
        throw new InvalidProfileException(
            place.file(), place.line(), "a key of '" + name + "' must be a single word");
      }
      if (fields.put(key.text(), of(key.text(), entry.value())) != null) {
        throw new InvalidProfileException(
            place.file(), place.line(), "key '" + key.text() + "' occurs twice");
      }
    }
    return fields;
  }

  public int line() {
    return line;
  }

  /** The file and the line, as errors name them. */
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

  /** An error at this place. */
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
        String nearest =
            Nearest.to(entry.getKey(), List.of(known))
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("");
        throw entry
            .getValue()
            .invalid(
                "unknown key '"
                    + entry.getKey()
                    + "' in '"
                    + name
                    + "'; known are "
                    + String.join(", ", known)
                    + nearest);
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
    Map<String, E> constants = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      constants.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return oneOf(constants);
  }

  /** The value whose name is the text of this scalar. */
  <T> T oneOf(Map<String, T> known) {
    T value = known.get(text());
    if (value == null) {
      throw invalid(
          "unknown " + name + " '" + text + "'; known are " + String.join(", ", known.keySet()));
    }
    return value;
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
    try {
      return DurationText.parse(text());
    } catch (IllegalArgumentException e) {
      throw notA("a duration such as 500ms, 20s, 5m or 24h");
    }
  }

  /** A size of more than zero in bytes: {@code 512KiB}, {@code 16MiB}. */
  int bytes() {
    Matcher size = SIZE.matcher(text());
    if (!size.matches() || size.group(1).matches("0+")) {
      throw notA("a size such as 512KiB or 16MiB");
    }
    long unit =
        switch (size.group(2)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          default -> throw invalid("'" + name + "' has an unknown unit in '" + text + "'");
        };
    long bytes = Long.parseLong(size.group(1)) * unit;
    if (bytes > Integer.MAX_VALUE) {
      throw invalid("'" + name + "' is too large: '" + text + "'");
    }
    return (int) bytes;
  }

  private InvalidProfileException notA(String kind) {
    return invalid("'" + name + "' must be " + kind + ", more than zero, not '" + text + "'");
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
