package io.cryptofeed.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

  private static final Map<String, ?> ONE = Map.of("trade_seq", 1L);

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
  void writes_no_credential_of_ccxt_under_another_key() {
    Map<String, String> secrets =
        Map.of(
            "exchange.bitrue.api.key", "canary-key",
            "exchange.bitrue.api.secret", "canary-secret",
            "exchange.bitrue.api.passphrase", "canary-phrase");
    Map<String, String> properties = new HashMap<>(PROPERTIES);
    properties.put("exchanges", "binance,ccxt:bitrue");
    properties.remove("exchange.coinbase.symbols");
    properties.putAll(secrets);
    connector.start(properties);

    List<Map<String, String>> configs = connector.taskConfigs(3);

    assertThat(configs).hasSize(3);
    for (Map<String, String> config : configs) {
      assertThat(config).containsAllEntriesOf(secrets);
      assertThat(config)
          .allSatisfy(
              (key, value) -> {
                if (!secrets.containsKey(key)) {
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
  void does_not_start_with_an_invalid_configuration() {
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
        .containsExactlyInAnyOrder("exchanges", "symbols", "channels");
  }

  @Test
  void defines_the_keys_that_every_configuration_has() {
    assertThat(connector.config().names())
        .contains("exchanges", "symbols", "channels", "topic.prefix", "decimal.mode");
  }

  @Test
  void supports_exactly_once_if_every_trade_can_be_read_again() {
    Map<String, String> properties = new HashMap<>(PROPERTIES);
    properties.put("channels", "trades");
    assertThat(connector.exactlyOnceSupport(properties)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
  }

  @Test
  void does_not_support_exactly_once_for_books_or_with_an_invalid_configuration() {
    assertThat(connector.exactlyOnceSupport(PROPERTIES)).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
    assertThat(connector.exactlyOnceSupport(Map.of())).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
  }

  @Test
  void accepts_offsets_that_can_be_resumed_from() {
    assertThat(connector.alterOffsets(PROPERTIES, Map.of())).isTrue();
    alter(TRADES, Map.of("trade_seq", 12L, "trades_mode", "raw"));
    alter(TRADES, Map.of("trade_seq", 0, "trade_id", "0", "trades_mode", "aggregate"));
    alter(TRADES, Map.of("ts_event_ns", 1_762_795_433_971_000_000L));
    alter(of("coinbase"), Map.of("trade_seq", 12L));
    alter(of("coinbase"), Map.of("trade_seq", 12L, "trade_id", "12", "ts_event_ns", 0L));
    alter(of("kraken"), Map.of("trade_seq", 12L, "ts_event_ns", 1_762_795_433_971_000_000L));
    alter(of("bybit"), Map.of("trade_id", "b1f9a5c2", "ts_event_ns", 5L));
    alter(of("htx"), Map.of("trade_id", "102523573486"));
    alter(with(TRADES, "channel", "l2_book"), Map.of("sequence", -1L, "ts_event_ns", 5L));
    alter(with(TRADES, "channel", "feed_status"), Map.of());
  }

  @Test
  void a_native_exchange_need_not_be_configured() {
    assertThat(connector.alterOffsets(Map.of(), Map.of(of("okx"), Map.of("trade_seq", 1L))))
        .isTrue();
  }

  @Test
  void accepts_a_null_offset_for_any_partition() {
    assertThat(
            connector.alterOffsets(PROPERTIES, Collections.singletonMap(Map.of("file", "x"), null)))
        .isTrue();
    assertThat(connector.alterOffsets(PROPERTIES, Collections.singletonMap(of("nyse"), null)))
        .isTrue();
    assertThat(
            connector.alterOffsets(
                Map.of("exchange.profiles.path", "/nowhere/at/all"),
                Collections.singletonMap(of("mirror"), null)))
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("configurationsWithBitrue")
  void an_exchange_served_by_ccxt_is_known_while_it_is_configured(Map<String, String> properties) {
    assertThat(
            connector.alterOffsets(
                properties, Map.of(of("bitrue"), Map.of("trade_id", "b7", "ts_event_ns", 1L))))
        .isTrue();
    assertThat(
            connector.alterOffsets(
                properties,
                Map.of(with(of("bitrue"), "market_type", "future"), Map.of("ts_event_ns", 1L))))
        .isTrue();
  }

  static Stream<Map<String, String>> configurationsWithBitrue() {
    return Stream.of(
        Map.of("exchanges", "binance, CCXT:bitrue"),
        Map.of("exchanges", "bitrue", "exchange.bitrue.provider", "ccxt"));
  }

  static Stream<Arguments> faultsOfCcxt() {
    return Stream.of(
        arguments(
            "ccxt:kraken", of("bitrue"), Map.of("trade_id", "7"), "unknown exchange 'bitrue'"),
        arguments(
            "ccxt:kraken",
            of("bitrue"),
            Map.of("trade_id", "7"),
            "an exchange served by CCXT is known while it is in 'exchanges'"),
        arguments(
            "ccxt:bitrue",
            of("ccxt:bitrue"),
            Map.of("trade_id", "7"),
            "has the exchange 'ccxt:bitrue', whose id is 'bitrue'"),
        arguments(
            "ccxt:bitrue",
            with(of("bitrue"), "market_type", "option"),
            Map.of("trade_id", "7"),
            "exchange 'bitrue' has only spot, perpetual, future"),
        arguments(
            "ccxt:binance",
            TRADES,
            Map.of("trade_id", "7", "trades_mode", "raw"),
            "exchange 'binance' is served by CCXT, which has one trade stream: remove trades_mode"),
        arguments(
            "ccxt:bitrue",
            of("bitrue"),
            Map.of("trade_seq", 7L),
            "has no ts_event_ns, by which CCXT requests the trades of exchange 'bitrue': add the time of the trade"),
        arguments(
            "ccxt:bitrue",
            of("bitrue"),
            Map.of("trade_id", "7", "ts_event_ns", 0L),
            "has no ts_event_ns, by which CCXT requests the trades of exchange 'bitrue'"));
  }

  @ParameterizedTest
  @MethodSource("faultsOfCcxt")
  void rejects_an_offset_of_ccxt_that_cannot_be_resumed_from(
      String exchanges, Map<String, ?> partition, Map<String, ?> offset, String fault) {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(
            () -> connector.alterOffsets(Map.of("exchanges", exchanges), Map.of(partition, offset)))
        .withMessageContaining(fault);
  }

  @Test
  void an_exchange_with_a_profile_of_the_user_is_known(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("mirror.yaml"), "venue: mirror\nextends: coinbase\naliases: [glass]\n");
    Map<String, String> properties = Map.of("exchange.profiles.path", folder.toString());

    assertThat(connector.alterOffsets(properties, Map.of(of("mirror"), Map.of("trade_seq", 1L))))
        .isTrue();
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(
            () -> connector.alterOffsets(properties, Map.of(of("glass"), Map.of("trade_seq", 1L))))
        .withMessageContaining("has the exchange 'glass', whose id is 'mirror'");
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(
            () -> connector.alterOffsets(PROPERTIES, Map.of(of("mirror"), Map.of("trade_seq", 1L))))
        .withMessageContaining("unknown exchange 'mirror'");
  }

  @Test
  void a_folder_of_exchanges_that_cannot_be_read_is_named() {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(
            () ->
                connector.alterOffsets(
                    Map.of("exchange.profiles.path", "/nowhere/at/all"),
                    Map.of(TRADES, Map.of("trade_seq", 1L))))
        .withMessageContaining("exchange.profiles.path: there is no folder '/nowhere/at/all'");
  }

  @Test
  void one_bad_offset_rejects_all() {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(
            () ->
                connector.alterOffsets(
                    PROPERTIES,
                    Map.of(
                        of("coinbase"), Map.of("trade_seq", 1L), TRADES, Map.of("trade_seq", 1L))))
        .withMessageContaining("trades_mode");
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments(Map.of("file", "x"), Map.of("a", 1L), "[file]"),
        arguments(Map.of("file", "x"), Map.of("a", 1L), "[channel, exchange, market_type, symbol]"),
        arguments(of("binanc"), ONE, "unknown exchange 'binanc'; did you mean 'binance'?"),
        arguments(of("nyse"), ONE, "unknown exchange 'nyse'; known are backpack, binance, "),
        arguments(of("Binance"), ONE, "the exchange 'Binance', whose id is 'binance'"),
        arguments(of("huobi"), ONE, "the exchange 'huobi', whose id is 'htx'"),
        arguments(
            with(TRADES, "market_type", "swap"),
            ONE,
            "unknown market_type 'swap'; known are [spot, perpetual, future"),
        arguments(
            with(TRADES, "market_type", "perpetual"),
            ONE,
            "has the market_type 'perpetual', but exchange 'binance' has only spot"),
        arguments(
            with(of("bybit"), "market_type", "option"),
            ONE,
            "exchange 'bybit' has only spot, perpetual, future"),
        arguments(TRADES, Map.of("trade_seq", "12"), "'12' for 'trade_seq', which must be a whole"),
        arguments(TRADES, Map.of("trade_seq", 1.5), "'1.5' for 'trade_seq', which must be a whole"),
        arguments(
            TRADES, Map.of("trade_seq", -1L), "'-1' for 'trade_seq', which must be 0 or more"),
        arguments(TRADES, Map.of("ts_event_ns", -5L), "'-5' for 'ts_event_ns', which must be 0 or"),
        arguments(TRADES, Map.of("trade_id", " "), "' ' for 'trade_id', which must be a text"),
        arguments(
            TRADES, Map.of("sequence", 1L), "has the unknown key 'sequence'; known are [trade_id"),
        arguments(TRADES, Map.of(), "neither a trade nor a time: set 'trade_seq', 'trade_id' or"),
        arguments(TRADES, Map.of("ts_event_ns", 0L), "has neither a trade nor a time"),
        arguments(TRADES, Map.of("trades_mode", "raw"), "has neither a trade nor a time"),
        arguments(
            of("coinbase"),
            Map.of("trade_seq", 7L, "trade_id", "8"),
            "has the trade_id '8' and the trade_seq 7: set the same number in both"),
        arguments(
            of("coinbase"),
            Map.of("trade_seq", 7L, "trade_id", "07"),
            "has the trade_id '07' and the trade_seq 7"),
        arguments(
            TRADES,
            Map.of("trade_seq", 7L),
            "without trades_mode, but exchange 'binance' has several trade streams: add trades_mode, one of raw, aggregate"),
        arguments(
            TRADES,
            Map.of("trade_seq", 7L, "trades_mode", "row"),
            "has the trades_mode 'row', which exchange 'binance' does not have; did you mean 'raw'?"),
        arguments(
            TRADES,
            Map.of("trade_seq", 7L, "trades_mode", "RAW"),
            "has the trades_mode 'RAW', which exchange 'binance' does not have"),
        arguments(
            of("coinbase"),
            Map.of("trade_seq", 7L, "trades_mode", "raw"),
            "exchange 'coinbase' has one trade stream: remove trades_mode"),
        arguments(
            of("bybit"),
            Map.of("trade_seq", 7L),
            "exchange 'bybit' has no consecutive trade ids: set trade_id, ts_event_ns or both instead"),
        arguments(of("htx"), Map.of("trade_seq", 7L), "set trade_id, ts_event_ns or both instead"),
        arguments(
            of("coinbase"),
            Map.of("trade_id", "7"),
            "has a trade_id without trade_seq, by which the trades of exchange 'coinbase' are requested"),
        arguments(
            of("kraken"),
            Map.of("trade_seq", 7L),
            "has a trade_seq without ts_event_ns, by which the trades of exchange 'kraken' are requested"),
        arguments(
            of("kraken"),
            Map.of("trade_seq", 7L, "ts_event_ns", 0L),
            "add the time of the trade, in nanoseconds since the epoch"),
        arguments(
            with(TRADES, "channel", "l2_book"),
            Map.of("trade_seq", 7L),
            "has the unknown key 'trade_seq'; known are [sequence, ts_event_ns]"),
        arguments(
            with(TRADES, "channel", "quotes"), Map.of("ts_event_ns", -1L), "must be 0 or more"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void rejects_an_offset_that_cannot_be_resumed_from(
      Map<String, ?> partition, Map<String, ?> offset, String fault) {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> alter(partition, offset))
        .withMessageContaining(fault);
  }

  @Test
  void the_error_names_the_partition() {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> alter(of("coinbase"), Map.of("trade_seq", -1L)))
        .withMessageStartingWith("the offset of {")
        .withMessageContaining("exchange=coinbase");
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> alter(of("nyse"), ONE))
        .withMessageStartingWith("the partition {")
        .withMessageContaining("symbol=BTC-USDT");
  }

  private void alter(Map<String, ?> partition, Map<String, ?> offset) {
    assertThat(connector.alterOffsets(PROPERTIES, Map.of(partition, offset))).isTrue();
  }

  /** The trades of the spot market of an exchange. */
  private static Map<String, String> of(String exchange) {
    return with(TRADES, "exchange", exchange);
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    Map<String, String> changed = new HashMap<>(map);
    changed.put(key, value);
    return changed;
  }
}
