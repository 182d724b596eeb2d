package io.cryptofeed.connect;

import io.cryptofeed.connect.config.ConfigReader;
import io.cryptofeed.connect.config.ConnectorConfig;
import io.cryptofeed.connect.config.ConnectorKeys;
import io.cryptofeed.connect.config.KnownExchanges;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.offset.AlteredOffset;
import io.cryptofeed.connect.offset.ExactlyOnce;
import io.cryptofeed.connect.task.TaskPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams trades and order books of crypto exchanges into Kafka.
 *
 * <p>The connector only divides the work among tasks: it opens no connection and starts no thread.
 * See {@link CryptofeedSourceTask}.
 */
public final class CryptofeedSourceConnector extends SourceConnector {

  private static final Logger LOG = LoggerFactory.getLogger(CryptofeedSourceConnector.class);

  /** Null unless started. The worker may start the same object again after it was stopped. */
  private @Nullable Map<String, String> properties;

  /** Called by the worker. */
  public CryptofeedSourceConnector() {}

  @Override
  public String version() {
    return Version.current();
  }

  @Override
  public ConfigDef config() {
    return ConnectorConfig.definition();
  }

  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return new Config(ConnectorConfig.validate(connectorConfigs));
  }

  @Override
  public void start(Map<String, String> props) {
    ConnectorConfig config = new ConnectorConfig(props);
    config.warnings().forEach(LOG::warn);
    properties = Map.copyOf(props);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return CryptofeedSourceTask.class;
  }

  /**
   * The original properties, unchanged, with the plan of each task. No value is derived from a
   * secret: the worker hides secrets only under the keys that the user wrote.
   */
  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    if (properties == null) {
      throw new ConnectException("the connector is not started: the worker must call start first");
    }
    List<Map<String, String>> configs = new ArrayList<>();
    for (TaskPlan plan : TaskPlan.divide(new ConnectorConfig(properties).exchanges(), maxTasks)) {
      Map<String, String> config = new HashMap<>(properties);
      config.put(TaskPlan.KEY, plan.toString());
      config.put(TaskPlan.INDEX_KEY, Integer.toString(configs.size()));
      configs.add(config);
    }
    return configs;
  }

  @Override
  public void stop() {
    properties = null;
  }

  /**
   * Supported if the connector streams only trades, and each exchange has consecutive trade ids and
   * a trade history. Otherwise the log states the reason.
   */
  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    Optional<String> obstacle = ExactlyOnce.obstacle(connectorConfig);
    obstacle.ifPresent(
        why ->
            LOG.info(
                "connector={} exactly once is not supported: {}",
                connectorConfig.getOrDefault("name", "connector"),
                why));
    return obstacle.isEmpty() ? ExactlyOnceSupport.SUPPORTED : ExactlyOnceSupport.UNSUPPORTED;
  }

  /**
   * Accepts offsets that tasks can resume from. A null offset, which removes the stored one, is
   * accepted for any partition.
   *
   * @throws ConnectException when a task cannot resume from an offset; states the fault and the
   *     cure
   */
  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
    if (offsets.values().stream().anyMatch(Objects::nonNull)) {
      KnownExchanges known = KnownExchanges.of(venues(connectorConfig), connectorConfig);
      offsets.forEach((partition, offset) -> checkOffset(partition, offset, known));
    }
    return true;
  }

  private static Venues venues(Map<String, String> config) {
    return ConfigReader.venues(
        config.get(ConnectorKeys.PROFILES_PATH),
        fault -> {
          throw new ConnectException(ConnectorKeys.PROFILES_PATH + ": " + fault);
        });
  }

  private static void checkOffset(
      @Nullable Map<String, ?> partition, @Nullable Map<String, ?> offset, KnownExchanges known) {
    if (offset == null) {
      return;
    }
    if (partition == null) {
      throw new ConnectException(
          "the offset "
              + offset
              + " has no partition: set one, as GET /connectors/<name>/offsets shows it");
    }
    new AlteredOffset(partition, offset, known)
        .fault()
        .ifPresent(
            fault -> {
              throw new ConnectException(fault);
            });
  }
}
