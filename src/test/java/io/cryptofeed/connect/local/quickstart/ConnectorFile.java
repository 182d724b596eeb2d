package io.cryptofeed.connect.local.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connector as a user posts it: a JSON file with {@code name} and {@code config}. Values that
 * depend on the machine are placeholders, {@code ${NAME}}; the worker resolves {@code
 * ${provider:key}}.
 *
 * @param name of the connector
 * @param config its properties
 */
record ConnectorFile(String name, Map<String, String> config) {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)}");

  /** Copies the properties. */
  ConnectorFile {
    config = Map.copyOf(config);
  }

  /**
   * Reads a file.
   *
   * @param values of the placeholders; a property whose placeholder has none is left out
   */
  static ConnectorFile read(Path file, Map<String, String> values) {
    try {
      JsonNode root = new ObjectMapper().readTree(file.toFile());
      Map<String, String> config = new TreeMap<>();
      root.get("config")
          .properties()
          .forEach(
              property -> {
                String text = property.getValue().asText();
                if (isComplete(text, values)) {
                  config.put(property.getKey(), replaced(text, values));
                }
              });
      return new ConnectorFile(root.get("name").asText(), config);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the connector " + file, e);
    }
  }

  private static boolean isComplete(String text, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .results()
        .allMatch(placeholder -> values.containsKey(placeholder.group(1)));
  }

  private static String replaced(String text, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), "")));
  }
}
