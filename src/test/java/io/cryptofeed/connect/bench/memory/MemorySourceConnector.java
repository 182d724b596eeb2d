package io.cryptofeed.connect.bench.memory;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;

/** Emits the same records again and again, as fast as the worker takes them. */
public final class MemorySourceConnector extends SourceConnector {

  /** Whether book updates are emitted beside trades, two for every three. */
  public static final String WITH_BOOKS = "memory.books";

  /** The beginning of the topics' names. */
  public static final String TOPIC_PREFIX = "memory.topic.prefix";

  private Map<String, String> properties = Map.of();

  @Override
  public void start(Map<String, String> connectorProperties) {
    properties = Map.copyOf(connectorProperties);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return MemorySourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(properties);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define(
            WITH_BOOKS,
            ConfigDef.Type.BOOLEAN,
            ConfigDef.Importance.HIGH,
            "Whether book updates are emitted beside trades.")
        .define(
            TOPIC_PREFIX,
            ConfigDef.Type.STRING,
            ConfigDef.Importance.HIGH,
            "The beginning of the names of the topics.");
  }

  @Override
  public String version() {
    return "1";
  }
}
