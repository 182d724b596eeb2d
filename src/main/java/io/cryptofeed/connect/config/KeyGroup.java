package io.cryptofeed.connect.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * Keys that user interfaces and the documentation show together, in the order in which they are
 * defined.
 */
final class KeyGroup {

  private final ConfigDef definition;
  private final String name;
  private int order;

  /**
   * @param definition takes the keys
   */
  KeyGroup(ConfigDef definition, String name) {
    this.definition = definition;
    this.name = name;
  }

  void define(
      String key,
      ConfigDef.Type type,
      @Nullable Object defaultValue,
      Validator validator,
      Importance importance,
      String documentation,
      Width width,
      String displayName,
      Recommender recommender) {
    define(
        key,
        type,
        defaultValue,
        validator,
        importance,
        documentation,
        width,
        displayName,
        List.of(),
        recommender);
  }

  /**
   * @param dependents the keys that a user interface shows only if this key allows it
   */
  void define(
      String key,
      ConfigDef.Type type,
      @Nullable Object defaultValue,
      Validator validator,
      Importance importance,
      String documentation,
      Width width,
      String displayName,
      List<String> dependents,
      Recommender recommender) {
    order++;
    definition.define(
        key,
        type,
        defaultValue,
        validator,
        importance,
        documentation,
        name,
        order,
        width,
        displayName,
        dependents,
        recommender);
  }
}
