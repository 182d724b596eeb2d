package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.source.Value.Place;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The {@code proxy} section of a YAML document, in the layouts that are in use: {@code rest} or
 * {@code http}, a URL or {@code url} with {@code timeout_seconds}, {@code pools} or {@code
 * high_availability}. Everything else of the document is ignored.
 *
 * <p>A message says the line and the column, and never quotes a line: a password may stand there.
 */
final class YamlSource {

  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_VALUES = 10_000;
  private static final int DEEPEST = 20;
  private static final String ROOT = "proxy";

  private final MergedValues gathered;
  private final Faults faults;
  private Place place = Place.YAML;
  private String document = "";
  private int values;
  private boolean tooMany;

  YamlSource(MergedValues gathered, Faults faults) {
    this.gathered = gathered;
    this.faults = faults;
  }

  /** Whether a value is a list or a map, written in one line as JSON is. */
  static boolean isFlow(String value) {
    String text = value.strip();
    return text.startsWith("{") || text.startsWith("[");
  }

  /** Reads what a variable holds: the document itself, or the path of its file. */
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
      byte[] bytes = Files.readAllBytes(Path.of(path));
      if (bytes.length > MOST_BYTES) {
        fault(shown + " has more than 1 MiB; keep the proxy section in a file of its own");
        return;
      }
      readDocument(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), shown);
    } catch (NoSuchFileException e) {
      fault("there is no file " + shown + " on this worker");
    } catch (CharacterCodingException e) {
      fault(shown + " is not UTF-8 text");
    } catch (IOException | RuntimeException e) {
      fault("cannot read " + shown + " (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void readDocument(String text, String name) {
    document = name;
    place = Place.YAML;
    if (text.length() > MOST_BYTES) {
      fault(name + " has more than 1 MiB; keep the proxy section in a file of its own");
      return;
    }
    Node root = compose(text);
    if (root == null) {
      return;
    }
    Node section = root instanceof MappingNode map ? child(map, ROOT) : null;
    if (section == null) {
      fault(name + " has no '" + ROOT + ":' at its root; put the settings below it");
    } else if (!(section instanceof MappingNode)) {
      fault("'" + ROOT + "' at " + at(section) + " must hold keys and values");
    } else {
      flatten(ROOT, section, 0);
    }
  }

  /** Reads a list or a map that is the value of a variable. */
  void readFlow(String key, String text, Place from, String variable) {
    place = from;
    document = variable;
    Node node = compose(text);
    if (node != null) {
      flatten(key, node, 0);
    }
  }

  private @Nullable Node compose(String text) {
    LoaderOptions limits = new LoaderOptions();
    limits.setAllowDuplicateKeys(false);
    limits.setMaxAliasesForCollections(50);
    limits.setNestingDepthLimit(DEEPEST);
    limits.setCodePointLimit(MOST_BYTES);
    try {
      Node node = new Yaml(new SafeConstructor(limits)).compose(new StringReader(text));
      if (node == null) {
        fault(document + " is empty");
      }
      return node;
    } catch (MarkedYAMLException e) {
      fault(syntax(text, e.getProblemMark()));
    } catch (YAMLException e) {
      fault(
          document
              + " is not valid YAML: it holds characters that no text has, or is nested too deep");
    }
    return null;
  }

  private String syntax(String text, @Nullable Mark mark) {
    if (place != Place.YAML) {
      return document
          + ": not valid JSON"
          + (mark == null ? "" : " (position " + (mark.getIndex() + 1) + ")");
    }
    if (mark == null) {
      return document + " is not valid YAML";
    }
    List<String> lines = text.lines().toList();
    boolean isTab =
        mark.getLine() < lines.size()
            && lines.get(mark.getLine()).stripTrailing().matches(" *\t.*");
    return document
        + " is not valid YAML at line "
        + (mark.getLine() + 1)
        + ", column "
        + (mark.getColumn() + 1)
        + (isTab ? ": a tab; indent with spaces" : "");
  }

  private static @Nullable Node child(MappingNode map, String name) {
    for (NodeTuple entry : map.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
        return entry.getValueNode();
      }
    }
    return null;
  }

  // Flattening.

  private void flatten(String key, Node node, int depth) {
    if (depth > DEEPEST || tooMany || ++values > MOST_VALUES) {
      tooMany();
    } else if (node instanceof MappingNode map) {
      map(key, map, depth);
    } else if (node instanceof SequenceNode sequence) {
      sequence(key, sequence, depth);
    } else if (node instanceof ScalarNode scalar) {
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

  private void map(String key, MappingNode map, int depth) {
    if (key.matches("proxy\\.(?:default|exchanges\\.[^.]+)\\.[^.]+\\.pool")) {
      unnamedPool(key, map, depth);
    } else if (key.equals("proxy.fallback")) {
      fallback(map);
    } else {
      entries(key, map, depth);
    }
  }

  private void entries(String key, MappingNode map, int depth) {
    Set<String> seen = new HashSet<>();
    for (NodeTuple entry : map.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode name)) {
        fault("a key that is no word at " + at(entry.getKeyNode()));
      } else if (!seen.add(name.getValue())) {
        fault("a key that stands twice in its section at " + at(name));
      } else {
        entry(key, name.getValue(), entry.getValueNode(), depth);
      }
    }
  }

  private void entry(String key, String name, Node value, int depth) {
    String whole = key + "." + name;
    if (key.matches("proxy\\.(?:default|exchanges\\.[^.]+)") && value instanceof ScalarNode) {
      boolean isTransport = KeyNames.transport(name).isPresent();
      flatten(isTransport ? whole + ".url" : whole, value, depth + 1);
    } else if (whole.equals("proxy.high_availability.proxy_pool")
        && value instanceof MappingNode map) {
      map.getValue().forEach(pool -> defaultPool(pool, depth));
    } else if (whole.equals("proxy.high_availability.load_balancing.method")) {
      defaultStrategy(value, depth);
    } else if (whole.equals("proxy.performance.latency_optimization")) {
      if (value instanceof ScalarNode flag && flag.getValue().equalsIgnoreCase("true")) {
        defaultStrategies("latency", flag);
      }
    } else if (whole.equals("proxy.monitoring.log_credentials")) {
      logCredentials(value);
    } else if (!isOfNoEffect(whole)) {
      flatten(whole, value, depth + 1);
    }
  }

  /** What other layouts switch on is always on here. */
  private static boolean isOfNoEffect(String key) {
    return key.equals("proxy.monitoring.enabled")
        || key.equals("proxy.high_availability.enabled")
        || key.equals("proxy.high_availability.load_balancing.enabled")
        || key.equals("proxy.manager.enabled");
  }

  private void logCredentials(Node value) {
    if (value instanceof ScalarNode flag && !flag.getValue().equalsIgnoreCase("false")) {
      fault(
          "log_credentials at "
              + at(value)
              + " is refused: credentials are never logged; remove it");
    }
  }

  private void fallback(MappingNode map) {
    boolean enabled =
        !(child(map, "enabled") instanceof ScalarNode flag)
            || flag.getValue().equalsIgnoreCase("true");
    Node method = child(map, "method");
    String text =
        method instanceof ScalarNode scalar ? scalar.getValue().toLowerCase(Locale.ROOT) : "fail";
    String value = text.equals("direct_connection") ? "direct" : text;
    add("proxy.fallback", enabled ? value : "fail", map);
  }

  private void defaultPool(NodeTuple pool, int depth) {
    if (pool.getKeyNode() instanceof ScalarNode name) {
      KeyNames.transport(name.getValue())
          .ifPresentOrElse(
              transport -> {
                flatten(
                    "proxy.pools.default_" + transport + ".members",
                    pool.getValueNode(),
                    depth + 1);
                add("proxy.default." + transport + ".pool", "default_" + transport, name);
              },
              () -> fault("unknown transport at " + at(name) + "; write rest or websocket"));
    }
  }

  private void defaultStrategy(Node value, int depth) {
    if (value instanceof ScalarNode method) {
      defaultStrategies(method.getValue(), method);
    } else {
      flatten("proxy.high_availability.load_balancing.method", value, depth + 1);
    }
  }

  private void defaultStrategies(String strategy, Node node) {
    add("proxy.pools.default_rest.strategy", strategy, node);
    add("proxy.pools.default_websocket.strategy", strategy, node);
  }

  /** A pool that stands where its name would: {@code pool: {proxies: [...], strategy: ...}}. */
  private void unnamedPool(String key, MappingNode map, int depth) {
    KeyNames.Canonical canonical = KeyNames.canonical(key);
    String pool =
        "_"
            + canonical
                .key()
                .replaceAll("^proxy\\.(?:exchanges\\.)?|\\.pool$", "")
                .replace('.', '_');
    for (NodeTuple entry : map.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode name) {
        String leaf = name.getValue().equals("proxies") ? "members" : name.getValue();
        flatten("proxy.pools." + pool + "." + leaf, entry.getValueNode(), depth + 1);
      }
    }
    add(key, pool, map);
  }

  private void sequence(String key, SequenceNode sequence, int depth) {
    List<Node> items = sequence.getValue();
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
        flatten(items.get(i) instanceof ScalarNode ? item + ".url" : item, items.get(i), depth + 1);
      }
    } else if (items.stream().allMatch(ScalarNode.class::isInstance)) {
      add(
          key,
          items.stream()
              .map(item -> ((ScalarNode) item).getValue())
              .collect(Collectors.joining(",")),
          sequence);
    } else {
      fault("the list at " + at(sequence) + " may hold words only");
    }
  }

  private void scalar(String key, ScalarNode scalar) {
    if (scalar.getTag().equals(Tag.NULL)) {
      faults.error(
          KeyNames.canonical(key).key(),
          "null is ambiguous: write 'direct' or remove the key (at " + at(scalar) + ")");
    } else {
      add(key, scalar.getValue(), scalar);
    }
  }

  private void add(String key, String text, Node node) {
    gathered.add(key, text, place, place == Place.YAML ? at(node) : document);
  }

  private void fault(String message) {
    faults.error(
        place == Place.YAML ? ProxyConfiguration.FILE : ProxyConfiguration.ENVIRONMENT, message);
  }

  private String at(Node node) {
    Mark mark = node.getStartMark();
    return document + " line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
  }
}
