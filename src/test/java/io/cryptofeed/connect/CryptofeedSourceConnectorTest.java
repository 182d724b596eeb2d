package io.cryptofeed.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;

class CryptofeedSourceConnectorTest {

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "name", "crypto",
          "connector.class", "io.cryptofeed.connect.CryptofeedSourceConnector",
          "exchanges", "binance,coinbase",
          "symbols", "BTC-USDT,ETH-USDT",
          "exchange.coinbase.symbols", "BTC-USD",
          "channels", "trades,l2_book");

  private static final Map<String, String> TRADES =
      Map.of(
          "exchange", "binance",
          "market_type", "spot",
          "channel", "trades",
          "symbol", "BTC-USDT");

  private final CryptofeedSourceConnector connector = new CryptofeedSourceConnector();

  @Test
  void is_found_by_the_service_loader() {
    assertThat(ServiceLoader.load(SourceConnector.class))
        .anyMatch(found -> found instanceof CryptofeedSourceConnector);
  }

  @Test
  void has_the_version_of_the_build() {
    assertThat(connector.version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    assertThat(new CryptofeedSourceTask().version()).isEqualTo(connector.version());
  }

  @Test
  void gives_each_task_the_original_properties_and_its_plan() {
    connector.start(PROPERTIES);

    List<Map<String, String>> configs = connector.taskConfigs(3);

    assertThat(configs)
        .extracting(config -> config.get("task.index"))
        .containsExactly("0", "1", "2");
    assertThat(configs)
        .extracting(config -> config.get("task.plan"))
        .containsExactly("binance=BTC-USDT", "binance=ETH-USDT", "coinbase=BTC-USD");
    for (Map<String, String> config : configs) {
      Map<String, String> rest = new HashMap<>(config);
      rest.remove("task.index");
      rest.remove("task.plan");
      assertThat(rest).isEqualTo(PROPERTIES);
    }
  }

  @Test
  void writes_no_secret_under_another_key() {
    Map<String, String> properties = new HashMap<>(PROPERTIES);
    properties.put("proxy.enabled", "true");
    properties.put("proxy.default.rest.url", "socks5://user:canary@proxy:1080");
    properties.put("proxy.default.websocket.url", "direct");
    connector.start(properties);

    for (Map<String, String> config : connector.taskConfigs(2)) {
      assertThat(config)
          .allSatisfy(
              (key, value) -> {
                if (!key.equals("proxy.default.rest.url")) {
                  assertThat(value).doesNotContain("canary");
                }
              });
    }
  }

  @Test
  void gives_the_same_configurations_each_time() {
    connector.start(PROPERTIES);
    assertThat(connector.taskConfigs(2)).isEqualTo(connector.taskConfigs(2));
  }

  @Test
  void starts_again_after_it_was_stopped() {
    connector.start(PROPERTIES);
    connector.stop();
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connector.taskConfigs(1));
    connector.start(PROPERTIES);
    assertThat(connector.taskConfigs(1)).hasSize(1);
  }

  @Test
  void stops_without_having_been_started() {
    connector.stop();
    connector.stop();
    assertThat(connector.taskClass()).isEqualTo(CryptofeedSourceTask.class);
  }

  @Test
  void does_not_start_with_a_configuration_that_is_wrong() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> connector.start(Map.of("exchanges", "nyse")))
        .withMessageContaining("unknown exchange 'nyse'");
  }

  @Test
  void validates_without_being_started() {
    assertThat(connector.validate(PROPERTIES).configValues())
        .allSatisfy(value -> assertThat(value.errorMessages()).as(value.name()).isEmpty());
    assertThat(connector.validate(Map.of()).configValues())
        .filteredOn(value -> !value.errorMessages().isEmpty())
        .extracting(ConfigValue::name)
        .containsExactly("exchanges");
  }

  @Test
  void defines_the_keys_that_every_configuration_has() {
    assertThat(connector.config().names())
        .contains("exchanges", "symbols", "channels", "topic.prefix", "decimal.mode");
  }

  @Test
  void promises_no_exactly_once() {
    assertThat(connector.exactlyOnceSupport(PROPERTIES)).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
  }

  @Test
  void accepts_offsets_that_can_be_resumed_from() {
    assertThat(connector.alterOffsets(PROPERTIES, Map.of())).isTrue();
    assertThat(connector.alterOffsets(PROPERTIES, Map.of(TRADES, Map.of("trade_seq", 12L))))
        .isTrue();
  }

  @Test
  void lets_any_partition_be_forgotten() {
    assertThat(
            connector.alterOffsets(PROPERTIES, Collections.singletonMap(Map.of("file", "x"), null)))
        .isTrue();
  }

  @Test
  void refuses_a_partition_that_is_none_of_ours() {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(
            () -> connector.alterOffsets(PROPERTIES, Map.of(Map.of("file", "x"), Map.of("a", 1L))))
        .withMessageContaining("[file]")
        .withMessageContaining("[channel, exchange, market_type, symbol]");
  }

  @Test
  void refuses_an_offset_that_cannot_be_resumed_from() {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(
            () -> connector.alterOffsets(PROPERTIES, Map.of(TRADES, Map.of("trade_seq", "12"))))
        .withMessageContaining("'12' for 'trade_seq'");
  }
}
