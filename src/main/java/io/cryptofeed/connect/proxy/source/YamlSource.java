package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.source.Value.Place;
import io.cryptofeed.connect.text.InvalidYamlException;
import io.cryptofeed.connect.text.PlainFile;
import io.cryptofeed.connect.text.YamlNode;
import io.cryptofeed.connect.text.YamlNode.Entry;
import io.cryptofeed.connect.text.YamlNode.Mapping;
import io.cryptofeed.connect.text.YamlNode.Scalar;
import io.cryptofeed.connect.text.YamlNode.Sequence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The {@code proxy} section of a YAML document: its nested keys become the flat keys of the
 * configuration. Everything else of the document is ignored. {@link OtherLayouts} are translated.
 *
 * <p>A message says the line and the column, and never quotes a line, which can hold a password.
 */
final class YamlSource {

  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_VALUES = 10_000;
  private static final int DEEPEST = 20;
  private static final String ROOT = "proxy";

  private final MergedValues merged;
  private final Faults faults;
  private final OtherLayouts layouts = new OtherLayouts(this);
  private Place place = Place.YAML;
  private String document = "";
  private int values;
  private boolean tooMany;

  YamlSource(MergedValues merged, Faults faults) {
    this.merged = merged;
    this.faults = faults;
  }

  /** Whether a value is a list or a mapping, written in one line as JSON is. */
  static boolean isFlow(String value) {
    String text = value.strip();
    return text.startsWith("{") || text.startsWith("[");
  }

  /** Reads the value of a variable: the document itself, or the path of its file. */
  void readTextOrFile(String variable, String content) {
    String text = content.strip();
    if (content.indexOf('\n') >= 0 || text.startsWith(ROOT + ":") || text.startsWith("{")) {
      readDocument(content, "env " + variable);
    } else {
      readFile(text);
    }
  }

  /** Reads a file. */
  void readFile(String path) {
    String shown = QuotedText.of(path).replace("'", "");
    try {
      byte[] bytes = PlainFile.read(Path.of(path), MOST_BYTES);
      readDocument(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), shown);
    } catch (NoSuchFileException e) {
      fault("there is no file " + shown + " on this worker");
    } catch (CharacterCodingException e) {
      fault(shown + " is not UTF-8 text");
    } catch (IOException | RuntimeException e) {
      fault("cannot read " + shown + " (" + problem(e) + ")");
    }
  }

  private static String problem(Exception cause) {
    return cause instanceof IOException file
        ? PlainFile.problem(file)
        : cause.getClass().getSimpleName();
  }

  private void readDocument(String text, String name) {
    document = name;
    place = Place.YAML;
    if (text.length() > MOST_BYTES) {
      fault(name + " has more than 1 MiB; keep the proxy section in a file of its own");
      return;
    }
    parse(text).ifPresent(this::section);
  }

  private void section(YamlNode root) {
    Optional<YamlNode> section =
        root instanceof Mapping document ? document.find(ROOT) : Optional.empty();
    if (section.isEmpty()) {
      fault(document + " has no '" + ROOT + ":' at its root; put the settings below it");
    } else if (!(section.get() instanceof Mapping)) {
      fault("'" + ROOT + "' at " + at(section.get()) + " must hold keys and values");
    } else {
      flatten(ROOT, section.get(), 0);
    }
  }

  /** Reads a list or a mapping that is the value of a variable. */
  void readFlow(String key, String text, Place from, String variable) {
    place = from;
    document = variable;
    parse(text).ifPresent(value -> flatten(key, value, 0));
  }

  private Optional<YamlNode> parse(String text) {
    try {
      Optional<YamlNode> root = YamlNode.parseWithAliases(document, text);
      if (root.isEmpty()) {
        fault(document + " is empty");
      }
      return root;
    } catch (InvalidYamlException e) {
      fault(syntax(text, e.place()));
      return Optional.empty();
    }
  }

  private String syntax(String text, YamlNode.Place mark) {
    if (place != Place.YAML) {
      return document + ": not valid JSON (position " + mark.column() + ")";
    }
    List<String> lines = text.lines().toList();
    boolean isTab =
        mark.line() <= lines.size() && lines.get(mark.line() - 1).stripTrailing().matches(" *\t.*");
    return document
        + " is not valid YAML at line "
        + mark.line()
        + ", column "
        + mark.column()
        + (isTab ? ": a tab; indent with spaces" : "");
  }

  // Flattening.

  void flatten(String key, YamlNode node, int depth) {
    if (depth > DEEPEST || tooMany || ++values > MOST_VALUES) {
      tooMany();
    } else if (node instanceof Mapping mapping) {
      if (!layouts.mapping(key, mapping, depth)) {
        entries(key, mapping, depth);
      }
    } else if (node instanceof Sequence sequence) {
      sequence(key, sequence, depth);
    } else if (node instanceof Scalar scalar) {
      scalar(key, scalar);
    }
  }

  private void tooMany() {
    if (!tooMany) {
      tooMany = true;
      fault(
          document
              + " holds more than "
              + MOST_VALUES
              + " values, or aliases that expand to as many");
    }
  }

  private void entries(String key, Mapping mapping, int depth) {
    Set<String> seen = new HashSet<>();
    for (Entry entry : mapping.entries()) {
      if (!(entry.key() instanceof Scalar name)) {
        fault("a key that is not a word at " + at(entry.key()));
      } else if (!seen.add(name.text())) {
        fault("a key that occurs twice in its section at " + at(name));
      } else {
        entry(key, name.text(), entry.value(), depth);
      }
    }
  }

  private void entry(String key, String name, YamlNode value, int depth) {
    String whole = key + "." + name;
    if (key.matches("proxy\\.(?:default|exchanges\\.[^.]+)") && value instanceof Scalar) {
      boolean isTransport = KeyNames.transport(name).isPresent();
      flatten(isTransport ? whole + ".url" : whole, value, depth + 1);
    } else if (!layouts.entry(whole, value, depth)) {
      flatten(whole, value, depth + 1);
    }
  }

  private void sequence(String key, Sequence sequence, int depth) {
    List<YamlNode> items = sequence.items();
    boolean isPool = key.matches("proxy\\.pools\\.[^.]+");
    if (isPool
        || key.matches("proxy\\.pools\\.[^.]+\\.members")
        || key.equals("proxy.regional.rules")) {
      String list = isPool ? key + ".members" : key;
      if (items.isEmpty()) {
        add(list, "", sequence);
      }
      for (int i = 0; i < items.size(); i++) {
        String item = list + "." + (i + 1);
        flatten(items.get(i) instanceof Scalar ? item + ".url" : item, items.get(i), depth + 1);
      }
    } else if (items.stream().allMatch(Scalar.class::isInstance)) {
      add(
          key,
          items.stream().map(item -> ((Scalar) item).text()).collect(Collectors.joining(",")),
          sequence);
    } else {
      fault("the list at " + at(sequence) + " can hold only words");
    }
  }

  private void scalar(String key, Scalar scalar) {
    if (scalar.isNull()) {
      faults.error(
          KeyNames.canonical(key).key(),
          "null is ambiguous: write 'direct' or remove the key (at " + at(scalar) + ")");
    } else {
      add(key, scalar.text(), scalar);
    }
  }

  void add(String key, String text, YamlNode node) {
    merged.add(key, text, place, place == Place.YAML ? at(node) : document);
  }

  void fault(String message) {
    faults.error(
        place == Place.YAML ? ProxyConfiguration.FILE : ProxyConfiguration.ENVIRONMENT, message);
  }

  String at(YamlNode node) {
    return document + " line " + node.place().line() + ", column " + node.place().column();
  }
}
