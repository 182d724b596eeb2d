package io.cryptofeed.connect;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef.Recommender;

/** What a user interface offers for a key, and when it shows the key. */
final class Choices implements Recommender {

  private static final Predicate<Map<String, Object>> ALWAYS = settings -> true;

  private final List<Object> values;
  private final Predicate<Map<String, Object>> shown;

  private Choices(Collection<?> values, Predicate<Map<String, Object>> shown) {
    this.values = List.copyOf(values);
    this.shown = shown;
  }

  static Choices of(Collection<?> values) {
    return new Choices(values, ALWAYS);
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
    return new Choices(values, settings -> Boolean.TRUE.equals(settings.get(key)));
  }

  @Override
  public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
    return values;
  }

  @Override
  public boolean visible(String name, Map<String, Object> parsedConfig) {
    return shown.test(parsedConfig);
  }
}
