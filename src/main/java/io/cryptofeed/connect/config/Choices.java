package io.cryptofeed.connect.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.jspecify.annotations.Nullable;

/** What a user interface offers for a key, and when it shows the key. */
final class Choices implements Recommender {

  private final List<Object> values;
  private final @Nullable String onlyWith;

  private Choices(Collection<?> values, @Nullable String onlyWith) {
    this.values = List.copyOf(values);
    this.onlyWith = onlyWith;
  }

  static Choices of(Collection<?> values) {
    return new Choices(values, null);
  }

  static Choices of(Object... values) {
    return of(List.of(values));
  }

  /** Any value; the documentation says which. */
  static Choices free() {
    return of(List.of());
  }

  /** The same choices, shown only where a switch is on. */
  Choices when(String key) {
    return new Choices(values, key);
  }

  @Override
  public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
    return values;
  }

  @Override
  public boolean visible(String name, Map<String, Object> parsedConfig) {
    return onlyWith == null || Boolean.TRUE.equals(parsedConfig.get(onlyWith));
  }
}
