package io.cryptofeed.connect.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * The values of a configuration by their keys, and everything that is wrong with them. A value that
 * does not fit its key by itself is not used for further checks, so that one fault is not reported
 * as two. Used by one thread.
 */
final class ConfigValues {

  private static final Set<ConfigDef.Type> SCALARS =
      Set.of(ConfigDef.Type.BOOLEAN, ConfigDef.Type.INT, ConfigDef.Type.LONG);

  private final Map<String, String> properties;
  private final Map<String, ConfigValue> values;
  private final Set<String> unfit;
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param properties as configured, with every exchange in their keys written by its id
   */
  ConfigValues(ConfigDef definition, Map<String, String> properties) {
    this.properties = properties;
    values = new LinkedHashMap<>();
    definition
        .validateAll(properties)
        .forEach((name, value) -> values.put(name, explained(definition, value)));
    unfit =
        values.values().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .map(ConfigValue::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The same value, with a cure if its text is not of the type of its key. */
  private ConfigValue explained(ConfigDef definition, ConfigValue value) {
    ConfigDef.ConfigKey key = definition.configKeys().get(value.name());
    String written = properties.get(value.name());
    boolean isUnread = value.value() == null && !value.errorMessages().isEmpty();
    if (key == null || written == null || !isUnread || !SCALARS.contains(key.type)) {
      return value;
    }
    ConfigValue explained =
        new ConfigValue(
            value.name(),
            null,
            value.recommendedValues(),
            new ArrayList<>(
                List.of(
                    value.errorMessages().get(0) + ": " + new TypedScalar(key, written).cure())));
    explained.visible(value.visible());
    return explained;
  }

  /** Whether a key is configured, rather than has its default. */
  boolean isGiven(String key) {
    return properties.containsKey(key);
  }

  /** The value or the default of a key, fit or not; null when it has none. */
  @Nullable Object value(String key) {
    ConfigValue value = values.get(key);
    return value == null ? null : value.value();
  }

  /** A value that fits its key; null when there is none. */
  @Nullable Object sound(String key) {
    return isSound(key) ? value(key) : null;
  }

  /** Whether a value fits its key by itself. */
  boolean isSound(String key) {
    return !unfit.contains(key);
  }

  List<String> list(String key) {
    return sound(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** A word in lower case; null when there is none. */
  @Nullable String word(String key) {
    String word = (String) value(key);
    return word == null ? null : word.trim().toLowerCase(Locale.ROOT);
  }

  /** The value of an unknown key is never shown: it can be a secret under a misspelt name. */
  void error(String key, String message) {
    ConfigValue value =
        values.computeIfAbsent(
            key, name -> new ConfigValue(name, null, List.of(), new ArrayList<>()));
    if (!value.errorMessages().contains(message)) {
      value.addErrorMessage(message);
    }
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  /** Hides a value that must not be shown. */
  void hide(String key) {
    ConfigValue value = values.get(key);
    if (value != null) {
      value.value(null);
    }
  }

  /** All values, those of unknown keys with an error included. */
  List<ConfigValue> all() {
    return List.copyOf(values.values());
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
