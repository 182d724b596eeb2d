package io.cryptofeed.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.text.UntrustedText;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorConfigTest {

  private static final Map<String, String> VALID =
      Map.of("exchanges", "binance", "symbols", "BTC-USDT", "channels", "trades,l2_book");

  @Test
  void three_keys_are_enough() {
    ConnectorConfig config = new ConnectorConfig(VALID);

    assertThat(config.exchanges()).hasSize(1);
    ExchangeConfig binance = config.exchanges().get(0);
    assertThat(binance.id()).isEqualTo("binance");
    assertThat(binance.symbols()).containsExactly("BTC-USDT");
    assertThat(binance.channels()).containsExactlyInAnyOrder(Channel.TRADES, Channel.L2_BOOK);
    assertThat(binance.symbolsKey()).isEqualTo("symbols");
    assertThat(binance.nativeOptions().orElseThrow().sandbox()).isFalse();
    assertThat(binance.nativeOptions().orElseThrow().websocketUrl()).isNull();
    assertThat(binance.nativeOptions().orElseThrow().tradesMode()).isEqualTo("raw");
    assertThat(config.decimalMode()).isEqualTo(DecimalMode.PRECISE);
    assertThat(config.recordHeaders()).isFalse();
    assertThat(config.pollMaxRecords()).isEqualTo(4000);
    assertThat(config.pollTimeout()).hasMillis(500);
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void an_exchange_may_have_symbols_and_channels_of_its_own() {
    ConnectorConfig config =
        new ConnectorConfig(
            with(
                "exchanges", "binance,coinbase",
                "exchange.coinbase.symbols", "BTC-USD",
                "exchange.coinbase.channels", "trades"));

    assertThat(config.exchanges().get(0).symbols()).containsExactly("BTC-USDT");
    ExchangeConfig coinbase = config.exchanges().get(1);
    assertThat(coinbase.symbols()).containsExactly("BTC-USD");
    assertThat(coinbase.channels()).containsExactly(Channel.TRADES);
    assertThat(coinbase.symbolsKey()).isEqualTo("exchange.coinbase.symbols");
    assertThat(coinbase.sharesSymbols()).isFalse();
  }

  @Test
  void names_are_read_in_any_case_and_each_once() {
    ConnectorConfig config =
        new ConnectorConfig(
            Map.of(
                "exchanges", " Binance , BINANCE,coinbase",
                "symbols", "btc-usdt, ETH-USDT,BTC-USDT",
                "channels", "TRADES, L2-Book",
                "exchange.Coinbase.symbols", "btc-usd",
                "decimal.mode", "String",
                "exchange.binance.trades.mode", "AGGREGATE"));

    assertThat(config.exchanges())
        .extracting(ExchangeConfig::id)
        .containsExactly("binance", "coinbase");
    assertThat(config.exchanges().get(0).symbols()).containsExactly("BTC-USDT", "ETH-USDT");
    assertThat(config.exchanges().get(0).channels()).hasSize(2);
    assertThat(config.exchanges().get(0).nativeOptions().orElseThrow().tradesMode())
        .isEqualTo("aggregate");
    assertThat(config.exchanges().get(1).symbols()).containsExactly("BTC-USD");
    assertThat(config.exchanges().get(1).symbolsKey()).isEqualTo("exchange.Coinbase.symbols");
    assertThat(config.decimalMode()).isEqualTo(DecimalMode.STRING);
  }

  @Test
  void urls_replace_the_hosts_of_an_exchange() {
    ConnectorConfig config =
        new ConnectorConfig(
            with(
                "exchange.binance.websocket.url", "ws://127.0.0.1:9443/ws",
                "exchange.binance.rest.url", "http://[::1]:8080"));

    assertThat(config.exchanges().get(0).nativeOptions().orElseThrow().websocketUrl())
        .isEqualTo(URI.create("ws://127.0.0.1:9443/ws"));
    assertThat(config.exchanges().get(0).nativeOptions().orElseThrow().restUrl())
        .isEqualTo(URI.create("http://[::1]:8080"));
    assertThat(config.warnings()).as("this machine needs no encryption").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "exchange.binance.websocket.url, ws://mirror.example:9443",
    "exchange.binance.rest.url, http://mirror.example"
  })
  void an_unencrypted_url_elsewhere_is_allowed_with_a_warning(String key, String url) {
    assertThat(new ConnectorConfig(with(key, url)).warnings())
        .singleElement()
        .asString()
        .startsWith(key)
        .contains("mirror.example", "not encrypted");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exchanges | '' | is empty: name at least one exchange; known are backpack, binance, ",
        "exchanges | binanc | unknown exchange 'binanc'; did you mean 'binance'?",
        "exchanges | nyse,binance,x | unknown exchange 'nyse'; known are backpack, binance, ",
        "exchanges | nyse,binance,x | unknown exchange 'x'",
        "exchanges | binance,,coinbase | an empty value between two commas: write binance,coinbase",
        "symbols | '' | exchange 'binance' has no symbol: set 'symbols' or 'exchange.binance.symbols'",
        "symbols | BTCUSDT | 'BTCUSDT' is not a normalised symbol",
        "symbols | BTC/USDT,eth_usdt | 'BTC/USDT' is written 'BTC-USDT' for every exchange",
        "symbols | BTC/USDT,eth_usdt | 'eth_usdt' is written 'ETH-USDT' for every exchange",
        "symbols | BTC-USDT,, | an empty value between two commas",
        "symbols | -USDT | '-USDT' is not a normalised symbol",
        "channels | '' | exchange 'binance' has no channel: set 'channels'",
        "channels | trade | there is no channel 'trade'; did you mean 'trades'?",
        "channels | candles | known are trades, l2_book",
        "channels | trades,feed_status | 'feed_status' is always written",
        "exchange.binance.symbols | '' | exchange 'binance' has no symbol",
        "exchange.binance.symbols | BTC | 'BTC' is not a normalised symbol",
        "exchange.binance.channels | l3_book | binance has no channel 'l3_book'",
        "exchange.binance.websocket.url | https://x.example | must begin with wss:// or ws://",
        "exchange.binance.websocket.url | x.example | must begin with wss://",
        "exchange.binance.rest.url | wss://x.example | must begin with https:// or http://",
        "exchange.binance.rest.url | https:// | is not a URL",
        "exchange.binance.rest.url | https://my_host/ | has no host name",
        "exchange.binance.rest.url | https://x.example:99999 | has a port outside of 1 to 65535",
        "exchange.binance.rest.url | https://x.example/#a | has a fragment",
        "exchange.binance.sandbox | perhaps | Expected value to be either true or false",
        "exchange.binance.trades.mode | row | did you mean 'raw'?",
        "topic.prefix | my topic | 'my topic' is not a topic name",
        "topic.prefix | '' | '' is not a topic name",
        "topic.template | ${prefix}.${exchnge} | unknown placeholder ${exchnge}; did you mean 'exchange'?",
        "topic.template | ${prefix}/${symbol} | makes an invalid topic name: 'crypto/BTC-USDT'",
        "decimal.mode | exact | known are precise, string, double",
        "record.headers | 1 | Expected value to be either true or false",
        "queue.max.records | 0 | Value must be at least 1",
        "queue.max.bytes | 1000 | Value must be at least 1048576",
        "poll.max.records | 0 | Value must be at least 1",
        "poll.timeout.ms | 10 | Value must be at least 50",
        "poll.timeout.ms | 501 | Value must be no more than 500",
        "exchange.binanc.symbols | BTC-USDT | unknown exchange 'binanc'; did you mean 'binance'?",
        "exchange.coinbase.symbols | BTC-USD | exchange 'coinbase' is not in 'exchanges' (binance): add it there",
        "exchange.binance.symbol | BTC-USDT | unknown key; did you mean 'exchange.binance.symbols'?",
        "exchange.binance.password | x | unknown key; known are exchange.<id>.symbols, exchange.<id>.channels",
        "exchange.binance | x | unknown key; known are exchange.<id>.symbols",
        "symbol | BTC-USDT | unknown key; did you mean 'symbols'?",
        "Symbols | BTC-USDT | unknown key; did you mean 'symbols'?",
        "exchange | binance | unknown key; did you mean 'exchanges'?",
        "topic.tempalte | x | unknown key; did you mean 'topic.template'?",
        "topic.partitions | 3 | unknown key; remove it",
        "decimal.modes | x | unknown key; did you mean 'decimal.mode'?",
        "record.header | true | unknown key; did you mean 'record.headers'?",
        "queue.max.record | 3 | unknown key; did you mean 'queue.max.records'?",
        "poll.timeout | 3 | unknown key; did you mean 'poll.timeout.ms'?",
        "book.detph | 10 | unknown key; did you mean 'book.depth'",
        "book.depth | -1 | Value must be at least 0",
        "book.mode | deltas | did you mean 'delta'",
        "book.mode | snapshot | writes every level of a book at each change of the book",
        "book.snapshot.interval.ms | 50 | must be 0, or from 100 to 86400000 milliseconds",
        "instruments.refresh.ms | 10 | must be 0, or from 1000 to 604800000 milliseconds",
        "channels | l2_snapshot | is written in addition to l2_book when book.mode=both",
        "backfill.enabled | yes | Expected value to be either true or false",
        "backfill.enable | true | unknown key; did you mean 'backfill.enabled'?",
        "backfill.age | 24h | unknown key; did you mean 'backfill.max.age'?",
        "backfill.pages | 3 | unknown key; remove it",
        "backfill.max.age | '' | '' is not a duration",
        "backfill.max.age | soon | 'soon' is not a duration: write a number and a unit",
        "backfill.max.age | soon | such as 24h, 90m, 7d or PT1H",
        "backfill.max.age | 24 | '24' is not a duration",
        "backfill.max.age | 1.5h | '1.5h' is not a duration",
        "backfill.max.age | 3w | '3w' is not a duration",
        "backfill.max.age | none | 'none' is not a duration",
        "backfill.max.age | 0h | '0h' must be more than zero",
        "backfill.max.age | PT0S | 'PT0S' must be more than zero",
        "backfill.max.age | -PT1H | '-PT1H' must be more than zero",
        "backfill.max.age | 36501d | must be more than zero, and at most 36500d",
        "backfill.max.age | 999999999999999d | is not a duration",
        "backfill.initial | yesterday | 'yesterday' is not a duration",
        "backfill.initial | yesterday | or a trade id (a whole number), or none",
        "backfill.initial | '' | '' is not a duration",
        "backfill.initial | -1 | '-1' is not a trade id: write a whole number from 0",
        "backfill.initial | 9223372036854775808 | '9223372036854775808' is not a trade id",
        "backfill.initial | 0m | '0m' must be more than zero",
        "backfill.initial | 25h | is longer than backfill.max.age, which is 24h",
        "backfill.patience.ms | 999 | Value must be at least 1000",
        "backfill.patience.ms | 604800001 | Value must be no more than 604800000",
        "backfill.held.trades | 0 | Value must be at least 1",
      })
  void a_fault_is_reported_on_its_key(String key, String value, String message) {
    Map<String, List<String>> errors = errors(with(key, value));
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).singleElement().asString().contains(message);
  }

  @Test
  void missing_trades_of_a_day_are_fetched_unless_something_else_is_said() {
    assertThat(new ConnectorConfig(VALID).backfill()).isEqualTo(BackfillOptions.DEFAULT);
  }

  @Test
  void every_key_of_backfill_is_read() {
    ConnectorConfig config =
        new ConnectorConfig(
            with(
                "backfill.max.age", "7d",
                "backfill.initial", "6h",
                "backfill.patience.ms", "60000",
                "backfill.held.trades", "10"));

    assertThat(config.backfill())
        .isEqualTo(
            new BackfillOptions(
                true, Duration.ofDays(7), Duration.ofHours(6), null, Duration.ofMinutes(1), 10));
    assertThat(new ConnectorConfig(with("backfill.enabled", "false")).backfill())
        .extracting(BackfillOptions::enabled)
        .isEqualTo(false);
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "45s, PT45S",
    "90m, PT90M",
    "24h, PT24H",
    "' 24 H ', PT24H",
    "7d, PT168H",
    "PT1H30M, PT90M",
    "p2d, PT48H",
    "36500d, PT876000H"
  })
  void a_duration_is_a_number_and_a_unit_or_iso_8601(String text, Duration duration) {
    assertThat(new ConnectorConfig(with("backfill.max.age", text)).backfill().maxAge())
        .isEqualTo(duration);
  }

  @Test
  void a_first_trade_is_a_number_a_duration_or_none() {
    assertThat(initial("0")).isEqualTo(new InitialTrades(null, 0L));
    assertThat(initial("9223372036854775807")).isEqualTo(new InitialTrades(null, Long.MAX_VALUE));
    assertThat(initial("24h")).isEqualTo(new InitialTrades(Duration.ofDays(1), null));
    assertThat(initial("None")).isEqualTo(new InitialTrades(null, null));
  }

  private static InitialTrades initial(String text) {
    BackfillOptions backfill = new ConnectorConfig(with("backfill.initial", text)).backfill();
    return new InitialTrades(backfill.initialAge(), backfill.initialId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1h", "4711"})
  void an_initial_position_in_the_past_needs_backfill(String initial) {
    Map<String, List<String>> errors =
        errors(with("backfill.enabled", "false", "backfill.initial", initial));

    assertThat(errors).containsOnlyKeys("backfill.initial");
    assertThat(errors.get("backfill.initial"))
        .containsExactly(
            "asks for historical trades, but backfill.enabled=false: remove one of the two");
    assertThat(errors(with("backfill.enabled", "false", "backfill.initial", "none"))).isEmpty();
  }

  @Test
  void a_first_trade_by_its_id_needs_ids_that_are_consecutive() {
    assertThat(
            errors(with("exchanges", "binance,bybit,htx", "backfill.initial", "4711"))
                .get("backfill.initial"))
        .containsExactly(
            "the trade ids of exchange 'bybit' are not consecutive: give a duration instead of an id",
            "the trade ids of exchange 'htx' are not consecutive: give a duration instead of an id");
    assertThat(
            errors(with("exchanges", "bybit", "channels", "l2_book", "backfill.initial", "4711")))
        .isEmpty();
  }

  @Test
  void a_fault_of_backfill_hides_no_other() {
    assertThat(
            errors(
                with(
                    "backfill.max.age", "x",
                    "backfill.initial", "25h",
                    "exchange.binance.trades.mode", "row",
                    "backfill.patience.ms", "soon")))
        .containsOnlyKeys(
            "backfill.max.age", "exchange.binance.trades.mode", "backfill.patience.ms");
  }

  @Test
  void a_number_that_is_none_is_quoted() {
    assertThat(errors(with("poll.timeout.ms", "soon")).get("poll.timeout.ms"))
        .anySatisfy(error -> assertThat(error).contains("soon", "Not a number"));
  }

  @Test
  void exchanges_are_required() {
    assertThat(errors(Map.of("symbols", "BTC-USDT", "channels", "trades")).get("exchanges"))
        .singleElement()
        .asString()
        .contains("Missing required configuration \"exchanges\"");
  }

  @Test
  void all_errors_are_reported_at_once() {
    Map<String, List<String>> errors =
        errors(
            Map.of(
                "exchanges", "binance,coinbase",
                "symbols", "BTCUSDT",
                "channels", "ticks",
                "decimal.mode", "exact",
                "exchange.coinbase.rest.url", "ftp://x",
                "exchange.kraken.symbols", "BTC-USD",
                "topic.prefx", "x"));

    assertThat(errors)
        .containsOnlyKeys(
            "symbols",
            "channels",
            "decimal.mode",
            "exchange.coinbase.rest.url",
            "exchange.kraken.symbols",
            "topic.prefx");
  }

  @Test
  void every_exchange_without_symbols_is_named() {
    Map<String, List<String>> errors =
        errors(Map.of("exchanges", "binance,coinbase", "channels", "trades"));
    assertThat(errors.get("symbols"))
        .hasSize(2)
        .anySatisfy(error -> assertThat(error).contains("'binance'"))
        .anySatisfy(error -> assertThat(error).contains("'coinbase'"));
  }

  @Test
  void a_fault_is_reported_under_the_name_that_the_user_wrote() {
    assertThat(errors(with("exchange.BINANCE.symbols", "BTC")))
        .containsOnlyKeys("exchange.BINANCE.symbols");
  }

  @Test
  void a_key_that_is_given_twice_is_an_error() {
    Map<String, List<String>> errors =
        errors(
            with("exchange.Binance.symbols", "BTC-USDT", "exchange.binance.symbols", "ETH-USDT"));
    assertThat(errors).containsOnlyKeys("exchange.Binance.symbols");
    assertThat(errors.get("exchange.Binance.symbols"))
        .singleElement()
        .asString()
        .contains("set twice, as 'exchange.Binance.symbols' and as 'exchange.binance.symbols'");
  }

  @Test
  void an_exchange_with_test_hosts_may_be_used_in_its_sandbox() {
    ConnectorConfig config = new ConnectorConfig(with("exchange.binance.sandbox", "true"));
    assertThat(config.exchanges().get(0).nativeOptions().orElseThrow().sandbox()).isTrue();
  }

  @Test
  void an_exchange_with_one_trade_stream_gives_no_choice() {
    assertThat(
            errors(
                    with(
                        "exchanges", "coinbase",
                        "exchange.coinbase.trades.mode", "raw"))
                .get("exchange.coinbase.trades.mode"))
        .singleElement()
        .asString()
        .contains("the exchange has no choice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "connector.class",
        "connector.plugin.version",
        "tasks.max",
        "tasks.max.enforce",
        "topics",
        "topics.regex",
        "key.converter",
        "value.converter.schema.registry.url",
        "header.converter",
        "transforms",
        "transforms.route.type",
        "predicates",
        "predicates.p.type",
        "errors.tolerance",
        "errors.log.enable",
        "topic.creation.groups",
        "topic.creation.default.partitions",
        "transaction.boundary",
        "offsets.storage.topic",
        "exactly.once.support",
        "producer.override.compression.type",
        "config.action.reload",
        "config.providers",
        "config.providers.env.class",
        "task.index",
        "task.plan",
        "some.extension.of.the.platform"
      })
  void keys_that_are_not_ours_are_never_judged(String key) {
    assertThat(errors(with(key, "anything"))).isEmpty();
  }

  @Test
  void a_configuration_with_errors_is_refused_with_all_of_them() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new ConnectorConfig(with("symbols", "BTC", "decimal.mode", "exact")))
        .withMessageContaining("symbols: Invalid value")
        .withMessageContaining("decimal.mode: Invalid value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exchange.binance.websocket.url",
        "exchange.binance.rest.url",
        "exchange.nyse.websocket.url",
        "exchange.coinbase.websocket.url",
        "exchange.binance.websocket.ulr",
        "proxy.default.websocket.url",
        "proxy.default.websocket.ulr",
        "proxy.exchanges.binance.rest.url",
        "proxy.exchanges.kraken.rest.url",
        "proxy.password"
      })
  void a_password_is_never_shown_whatever_is_wrong_with_its_key(String key) {
    for (String scheme : new String[] {"wss", "https", "socks5", "gopher"}) {
      Map<String, String> properties =
          with(key, scheme + "://user:canary@host:1", "proxy.enabled", "true");
      for (ConfigValue value : ConnectorConfig.validate(properties)) {
        assertThat(value.errorMessages().toString()).doesNotContain("canary");
        assertThat(String.valueOf(value.value())).doesNotContain("canary");
      }
    }
  }

  @Test
  void recommends_what_each_exchange_offers() {
    Map<String, String> properties = with("exchanges", "binance,coinbase");
    assertThat(recommended(properties, "exchanges")).contains("binance", "coinbase");
    assertThat(recommended(properties, "channels")).containsExactly("trades", "l2_book", "quotes");
    assertThat(recommended(properties, "exchange.binance.trades.mode"))
        .containsExactly("raw", "aggregate");
    assertThat(recommended(properties, "exchange.coinbase.trades.mode")).isEmpty();
  }

  @Test
  void many_threads_may_validate_at_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Map<String, List<String>>>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String symbol = i % 2 == 0 ? "BTC" : "BTC-USDT";
        results.add(threads.submit(() -> errors(with("symbols", symbol))));
      }
      for (int i = 0; i < results.size(); i++) {
        if (i % 2 == 0) {
          assertThat(results.get(i).get()).containsOnlyKeys("symbols");
        } else {
          assertThat(results.get(i).get()).isEmpty();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The valid configuration with other values; given as key, value, key, value. */
  private static Map<String, String> with(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>(VALID);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }

  private static Map<String, ConfigValue> values(Map<String, String> properties) {
    Map<String, ConfigValue> values = new TreeMap<>();
    ConnectorConfig.validate(properties)
        .forEach(value -> assertThat(values.put(value.name(), value)).isNull());
    return values;
  }

  private static List<Object> recommended(Map<String, String> properties, String key) {
    return Objects.requireNonNull(values(properties).get(key)).recommendedValues();
  }

  private static Map<String, List<String>> errors(Map<String, String> properties) {
    Map<String, List<String>> errors = new TreeMap<>();
    values(properties)
        .forEach(
            (key, value) -> {
              if (!value.errorMessages().isEmpty()) {
                errors.put(key, value.errorMessages());
              }
            });
    return errors;
  }

  @Test
  void credentials_in_the_configuration_are_named_in_one_warning() {
    Map<String, String> properties =
        with(
            "proxy.enabled",
            "true",
            "proxy.default.websocket.url",
            "direct",
            "proxy.default.rest.url",
            "http://user:canary-4711@127.0.0.1:1");
    properties.put("proxy.connect.headers.X-Token", "canary-4712");

    assertThat(new ConnectorConfig(properties).warnings())
        .filteredOn(warning -> warning.contains("REST API"))
        .singleElement()
        .asString()
        .startsWith("proxy.connect.headers.X-Token, proxy.default.rest.url: ")
        .doesNotContain("canary");
  }

  @Test
  void a_proxy_without_credentials_is_not_warned_of() {
    assertThat(
            new ConnectorConfig(
                    with(
                        "proxy.enabled",
                        "true",
                        "proxy.default.websocket.url",
                        "direct",
                        "proxy.default.rest.url",
                        "http://127.0.0.1:1"))
                .warnings())
        .noneMatch(warning -> warning.contains("REST API"));
  }

  @Test
  void a_token_of_a_url_is_masked_in_every_text_from_outside() {
    new ConnectorConfig(
        with("exchange.binance.websocket.url", "wss://127.0.0.1/ws?token=config-canary-4713"));

    assertThat(UntrustedText.sanitised("unknown token config-canary-4713"))
        .isEqualTo("unknown token ***");
  }
}
