package io.cryptofeed.connect.config;

import java.util.List;
import java.util.Set;

/** The keys in a connector's configuration that belong to the worker and are not checked here. */
final class WorkerKeys {

  private static final Set<String> NAMES =
      Set.of(
          "name",
          "connector.class",
          "connector.plugin.version",
          "tasks.max",
          "tasks.max.enforce",
          "task.class",
          "topics",
          "topics.regex",
          "key.converter",
          "value.converter",
          "header.converter",
          "transforms",
          "predicates",
          "offsets.storage.topic",
          "exactly.once.support",
          "config.action.reload",
          "config.providers");

  private static final List<String> PREFIXES =
      List.of(
          "key.converter.",
          "value.converter.",
          "header.converter.",
          "transforms.",
          "predicates.",
          "errors.",
          "topic.creation.",
          "transaction.",
          "producer.override.",
          "consumer.override.",
          "admin.override.",
          "config.providers.");

  private WorkerKeys() {}

  static boolean contains(String key) {
    return NAMES.contains(key) || PREFIXES.stream().anyMatch(key::startsWith);
  }
}
