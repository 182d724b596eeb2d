package io.cryptofeed.connect.local.counting;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;

/** Writes the numbers from 1 upwards to one topic. */
public final class CountingSourceConnector extends SourceConnector {

  static final String TOPIC = "counting.topic";

  private Map<String, String> properties = Map.of();

  @Override
  public void start(Map<String, String> connectorProperties) {
    properties = Map.copyOf(connectorProperties);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return CountingSourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(1, properties);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define(
            TOPIC, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "The topic of the numbers.");
  }

  @Override
  public String version() {
    return "1";
  }
}
