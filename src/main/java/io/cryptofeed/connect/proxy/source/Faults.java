package io.cryptofeed.connect.proxy.source;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** What is wrong with a configuration, and what should be looked at. Used by one thread. */
final class Faults {

  private final BiConsumer<String, String> error;
  private final Set<String> warnings = new LinkedHashSet<>();
  private final List<String> faulty = new ArrayList<>();

  /**
   * @param error takes each fault as canonical key and message
   */
  Faults(BiConsumer<String, String> error) {
    this.error = error;
  }

  void error(String key, String message) {
    faulty.add(key);
    error.accept(key, message);
  }

  /** A fault of a value, which says where it was given. */
  void error(Value value, String message) {
    error(value.key(), message + value.suffix());
  }

  void warn(String message) {
    warnings.add(message);
  }

  /** Drops the warnings about what has no effect. */
  void clearWarnings() {
    warnings.clear();
  }

  boolean isSound() {
    return faulty.isEmpty();
  }

  /** Whether a key has a fault. */
  boolean has(String key) {
    return faulty.contains(key);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
