package io.cryptofeed.connect.text;

import java.util.List;
import java.util.Optional;

/**
 * A node of a YAML document that knows its file, line and column, so that every error can name the
 * place. Text stays as it is written: {@code 1} and {@code "1"} are the same scalar, and it is for
 * the reader of a value to say what it must be. Immutable.
 */
public sealed interface YamlNode {

  /** Where the node begins. */
  Place place();

  /**
   * A place in a file.
   *
   * @param file the name of the file, for errors
   * @param line from 1
   * @param column from 1
   */
  record Place(String file, int line, int column) {}

  /**
   * A single value.
   *
   * @param text as written, without quotes; {@code "null"} or {@code "~"} of a null
   * @param isNull whether it is empty, {@code null} or {@code ~}, without quotes
   */
  record Scalar(Place place, String text, boolean isNull) implements YamlNode {}

  /** A list. */
  record Sequence(Place place, List<YamlNode> items) implements YamlNode {

    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A mapping, in the order of the file. A key can occur twice: its reader decides. */
  record Mapping(Place place, List<Entry> entries) implements YamlNode {

    public Mapping {
      entries = List.copyOf(entries);
    }

    /** The first value of a key. */
    public Optional<YamlNode> find(String key) {
      return entries.stream()
          .filter(entry -> entry.key() instanceof Scalar name && name.text().equals(key))
          .map(Entry::value)
          .findFirst();
    }
  }

  /** A key of a mapping, which is not always a scalar, and its value. */
  record Entry(YamlNode key, YamlNode value) {}

  /**
   * Reads a document without aliases.
   *
   * @param file its name, for errors
   * @param text the document, at most 1 MiB
   * @return empty for an empty document
   * @throws InvalidYamlException when it is not YAML, is too long or nested too deep, or has an
   *     alias
   */
  static Optional<YamlNode> parse(String file, String text) {
    return new YamlParser(file, false).parse(text);
  }

  /**
   * Reads a document that may have aliases. An alias is the same node as its anchor, with the
   * anchor's place, so that a small document can stand for a tree of any size: limit what is read.
   *
   * @param file its name, for errors
   * @param text the document, at most 1 MiB
   * @return empty for an empty document
   * @throws InvalidYamlException when it is not YAML, is too long or nested too deep, or has an
   *     alias without an anchor before it
   */
  static Optional<YamlNode> parseWithAliases(String file, String text) {
    return new YamlParser(file, true).parse(text);
  }
}
