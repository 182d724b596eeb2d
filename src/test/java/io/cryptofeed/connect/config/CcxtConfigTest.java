package io.cryptofeed.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.ccxt.PlainOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is configured for exchanges that CCXT serves. */
class CcxtConfigTest {

  private static final Map<String, String> VALID =
      Map.of("exchanges", "ccxt:bitrue", "symbols", "BTC-USDT", "channels", "trades,l2_book");

  @TempDir private Path folder;

  @Test
  void the_id_is_enough() {
    ConnectorConfig config = new ConnectorConfig(VALID);

    assertThat(config.exchanges()).hasSize(1);
    ExchangeConfig bitrue = config.exchanges().get(0);
    assertThat(bitrue.id()).isEqualTo("bitrue");
    assertThat(bitrue.symbols()).containsExactly("BTC-USDT");
    assertThat(bitrue.channels()).containsExactlyInAnyOrder(Channel.TRADES, Channel.L2_BOOK);
    assertThat(script(bitrue)).isEqualTo(PlainOptions.of("bitrue"));
    assertThat(config.ccxtBundle()).isNull();
    assertThat(config.ccxtMarketsTtl()).hasMinutes(60);
    assertThat(config.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bitrue", "Bitrue", "ccxt:bitrue", " CCXT:Bitrue "})
  void a_key_says_the_same_as_the_prefix(String name) {
    assertThat(exchanges(with("exchanges", name, "exchange.bitrue.provider", "ccxt")))
        .containsExactly("bitrue by ccxt");
  }

  @Test
  void an_exchange_with_a_profile_may_be_served_by_ccxt_instead() {
    assertThat(exchanges(with("exchanges", "binance,ccxt:kraken,okx")))
        .containsExactly("binance", "kraken by ccxt", "okx");
    assertThat(exchanges(with("exchanges", "binance", "exchange.Binance.provider", "CCXT")))
        .containsExactly("binance by ccxt");
    assertThat(exchanges(with("exchanges", "binance", "exchange.binance.provider", "native")))
        .containsExactly("binance");
  }

  @Test
  void an_id_of_ccxt_is_no_alias_of_a_profile() {
    assertThat(exchanges(with("exchanges", "ccxt:huobi,htx", "exchange.huobi.symbols", "A-B")))
        .containsExactly("huobi by ccxt", "htx");
    assertThat(exchanges(with("exchanges", "huobi"))).containsExactly("htx");
  }

  @Test
  void every_key_is_read() throws Exception {
    Path bundle = Files.writeString(folder.resolve("ccxt.js"), "var ccxt");
    ConnectorConfig config =
        new ConnectorConfig(
            with(
                "exchange.Bitrue.symbols", "ETH-USDT",
                "exchange.bitrue.channels", "quotes",
                "exchange.bitrue.sandbox", "true",
                "exchange.bitrue.api.key", "key",
                "exchange.bitrue.api.secret", "secret",
                "exchange.bitrue.api.passphrase", "phrase",
                "exchange.bitrue.ccxt.options", "{\"defaultType\":\"swap\"}",
                "exchange.bitrue.ccxt.hosts",
                    "https://{hostname}/api=http://127.0.0.1:9000/a, wss://ws.bitrue.com=ws://localhost:9001",
                "ccxt.bundle.path", bundle.toString(),
                "ccxt.markets.ttl.ms", "60000"));

    ExchangeConfig bitrue = config.exchanges().get(0);
    CcxtOptions options = script(bitrue);
    assertThat(options.id()).isEqualTo("bitrue");
    assertThat(options.exchange()).isEqualTo("bitrue");
    assertThat(options.apiKey()).isEqualTo("key");
    assertThat(options.secret()).isEqualTo("secret");
    assertThat(options.password()).isEqualTo("phrase");
    assertThat(options.sandbox()).isTrue();
    assertThat(options.optionsJson()).isEqualTo("{\"defaultType\":\"swap\"}");
    assertThat(options.hosts())
        .containsExactly(
            entry("https://{hostname}/api", "http://127.0.0.1:9000/a"),
            entry("wss://ws.bitrue.com", "ws://localhost:9001"));
    assertThat(bitrue.symbols()).containsExactly("ETH-USDT");
    assertThat(bitrue.symbolsKey()).isEqualTo("exchange.Bitrue.symbols");
    assertThat(bitrue.channels()).containsExactly(Channel.QUOTES);
    assertThat(config.ccxtBundle()).isEqualTo(bundle);
    assertThat(config.ccxtMarketsTtl()).hasSeconds(60);
    assertThat(config.warnings())
        .as("this machine needs no encryption")
        .singleElement()
        .asString()
        .startsWith(
            "exchange.bitrue.api.key, exchange.bitrue.api.passphrase, exchange.bitrue.api.secret: ")
        .contains("REST API");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exchanges | bitrue | known are backpack, binance,",
        "exchanges | bitrue | an exchange served by CCXT is written 'ccxt:bitrue'",
        "exchanges | binanc | did you mean 'binance'? (an exchange served by CCXT is written 'ccxt:binanc')",
        "exchanges | ccxt: | 'ccxt:' is not the name of a CCXT exchange: write CCXT's id after the colon",
        "exchanges | ccxt:bit rue | 'ccxt:bit rue' is not the name of a CCXT exchange",
        "exchanges | ccxt:../x | is not the name of a CCXT exchange",
        "exchange.bitrue.provider | javascript | known are native, ccxt",
        "exchange.bitrue.provider | native | is 'native', but 'exchanges' has 'ccxt:bitrue': remove this key, or the prefix there",
        "exchange.bitrue.websocket.url | wss://x.example | use 'exchange.bitrue.ccxt.hosts' instead",
        "exchange.bitrue.rest.url | https://x.example | use 'exchange.bitrue.ccxt.hosts' instead",
        "exchange.bitrue.trades.mode | raw | is served by CCXT and has no such key: use 'exchange.bitrue.ccxt.options' instead",
        "exchange.bitrue.book.stream | raw | use 'exchange.bitrue.ccxt.options' instead",
        "exchange.bitrue.channels | candles | bitrue has no channel 'candles'",
        "exchange.bitrue.sandbox | perhaps | Expected value to be either true or false",
        "exchange.bitrue.api.key | ' ' | is empty: set the credential, or remove the key",
        "exchange.bitrue.api.secret | abc | is set without 'exchange.bitrue.api.key': set both, or neither",
        "exchange.bitrue.api.passphrase | abc | is set without 'exchange.bitrue.api.key'",
        "exchange.bitrue.api.kee | abc | unknown key; did you mean 'exchange.bitrue.api.key'?",
        "exchange.bitrue.ccxt.option | {} | unknown key; did you mean 'exchange.bitrue.ccxt.options'?",
        "exchange.bitrue.ccxt.options | [] | is not a JSON object: write it in braces, such as {\"defaultType\":\"swap\"}",
        "exchange.bitrue.ccxt.options | '' | is not a JSON object",
        "exchange.bitrue.ccxt.options | defaultType=swap | is not valid JSON at line 1, column",
        "exchange.bitrue.ccxt.options | {} {} | is not valid JSON at line 1, column",
        "exchange.bitrue.ccxt.hosts | https://api.bitrue.com | is not a pair of URLs: write https://api.exchange.example=https://mirror.example",
        "exchange.bitrue.ccxt.hosts | https://api.bitrue.com= | is not a pair of URLs",
        "exchange.bitrue.ccxt.hosts | a=https://b.example,c | 'a' must begin with https://, http://, wss:// or ws://, as CCXT has it",
        "exchange.bitrue.ccxt.hosts | https://a.example=wss://b.example | must begin with https:// or http://",
        "exchange.bitrue.ccxt.hosts | wss://a.example=https://b.example | must begin with wss:// or ws://",
        "exchange.bitrue.ccxt.hosts | https://a.example=https://my_host | has no host name",
        "exchange.bitrue.ccxt.hosts | https://a.example=https://u:p@b.example | a URL must not hold credentials",
        "exchange.bitrue.ccxt.hosts | https://a.example=https://b.example,https://a.example=https://c.example | replaces 'https://a.example' twice: keep one",
        "exchange.kraken.provider | ccxt | exchange 'kraken' is not in 'exchanges' (bitrue): add it there",
        "ccxt.bundle.path | '' | is empty: set the path of a file, or remove the key",
        "ccxt.bundle.pth | x.js | unknown key; did you mean 'ccxt.bundle.path'?",
        "ccxt.markets.ttl.ms | 0 | Value must be at least 1000",
        "backfill.initial | 4711 | is served by CCXT, which requests historical trades by their time: give a duration instead of an id",
      })
  void a_fault_is_reported_on_its_key(String key, String value, String message) {
    List<String> errors = errors(with(key, value));
    assertThat(errors).singleElement().asString().startsWith(key + ": ").contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"api.key", "api.secret", "api.passphrase", "ccxt.options", "ccxt.hosts"})
  void a_native_exchange_has_no_keys_of_ccxt(String suffix) {
    String key = "exchange.binance." + suffix;
    assertThat(errors(with("exchanges", "binance", key, "canary")))
        .containsExactly(
            key
                + ": exchange 'binance' is native, and only an exchange served by CCXT has this key: remove it, or set"
                + " 'exchange.binance.provider' to ccxt");
  }

  @Test
  void an_exchange_is_native_or_of_ccxt_and_not_both() {
    assertThat(errors(with("exchanges", "Binance,ccxt:binance")))
        .containsExactly(
            "exchanges: exchange 'binance' is named twice, as 'Binance' and as 'ccxt:binance', but a connector can have it"
                + " only once: keep one, and use a second connector with another topic.prefix for the other");
    assertThat(exchanges(with("exchanges", "ccxt:binance, CCXT:BINANCE")))
        .containsExactly("binance by ccxt");
  }

  @Test
  void a_mirror_without_encryption_is_allowed_with_a_warning() {
    assertThat(
            new ConnectorConfig(
                    with(
                        "exchange.bitrue.ccxt.hosts",
                        "https://api.bitrue.com=http://mirror.example"))
                .warnings())
        .containsExactly(
            "exchange.bitrue.ccxt.hosts: http://mirror.example is not encrypted, and its host is not loopback");
  }

  @Test
  void its_proxies_are_those_of_its_id() {
    Map<String, String> properties =
        with(
            "proxy.enabled", "true",
            "proxy.default.rest.url", "direct",
            "proxy.default.websocket.url", "direct",
            "proxy.exchanges.Bitrue.rest.url", "http://proxy.example:3128");
    Map<String, String> environment =
        Map.of(
            "CRYPTOFEED_PROXY_EXCHANGES__BITRUE__WEBSOCKET__URL", "socks5h://proxy.example:1080");

    ConfigReader reader = new ConfigReader(properties, environment);

    assertThat(reader.errors()).isEmpty();
    assertThat(way(reader, Transport.REST)).isEqualTo("http://proxy.example:3128");
    assertThat(way(reader, Transport.WEBSOCKET)).isEqualTo("socks5h://proxy.example:1080");
    assertThat(errors(with("proxy.enabled", "true", "proxy.exchanges.bitru.rest.url", "direct")))
        .anySatisfy(error -> assertThat(error).startsWith("proxy.exchanges.bitru.rest.url: "));
  }

  private static String way(ConfigReader reader, Transport transport) {
    return reader
        .proxies()
        .route("bitrue", transport, null, null, 0)
        .map(route -> route.via().toString())
        .orElse("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exchange.bitrue.api.key",
        "exchange.bitrue.api.secret",
        "exchange.bitrue.api.passphrase",
        "exchange.bitrue.api.kee",
        "exchange.bitrue.apikey",
        "exchange.bitrue.rest.url",
        "exchange.binance.api.key",
        "exchange.nyse.api.secret"
      })
  void a_credential_is_never_shown_whatever_is_wrong_with_its_key(String key) {
    for (ConfigValue value : ConnectorConfig.validate(with(key, "canary"))) {
      assertThat(value.errorMessages().toString()).doesNotContain("canary");
      assertThat(String.valueOf(value.value())).doesNotContain("canary");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example=https://u:canary@b.example",
        "https://u:canary@a.example=https://b.example",
        "u:canary@a.example"
      })
  void a_credential_among_hosts_is_never_shown(String pair) {
    Map<String, String> properties = with("exchange.bitrue.ccxt.hosts", pair);
    for (ConfigValue value : ConnectorConfig.validate(properties)) {
      assertThat(value.errorMessages().toString()).doesNotContain("canary");
      assertThat(String.valueOf(value.value())).doesNotContain("canary");
    }
  }

  @Test
  void options_that_are_no_json_are_not_quoted() {
    assertThat(errors(with("exchange.bitrue.ccxt.options", "{\"token\": canary}")))
        .singleElement()
        .asString()
        .doesNotContain("canary");
  }

  @Test
  void credentials_are_in_no_text_of_what_was_read() {
    ConnectorConfig config =
        new ConnectorConfig(
            with(
                "exchange.bitrue.api.key", "canary-key",
                "exchange.bitrue.api.secret", "canary-secret",
                "exchange.bitrue.api.passphrase", "canary-phrase"));
    assertThat(config.exchanges().toString()).contains("bitrue").doesNotContain("canary");
    assertThat(config.values().toString()).doesNotContain("canary");
  }

  @Test
  void keys_that_do_not_apply_are_not_offered() {
    assertThat(ConnectorConfig.validate(VALID))
        .extracting(ConfigValue::name)
        .contains("exchange.bitrue.api.key", "exchange.bitrue.provider")
        .doesNotContain("exchange.bitrue.rest.url", "exchange.bitrue.trades.mode");
  }

  @Test
  void nothing_of_ccxt_is_asked_for_without_an_exchange_of_it() {
    Map<String, String> properties =
        with("exchanges", "binance", "ccxt.bundle.path", "/nowhere/ccxt.js");
    assertThat(ConnectorConfig.validate(properties))
        .allSatisfy(value -> assertThat(value.errorMessages()).as(value.name()).isEmpty());
  }

  @Test
  void validation_says_what_an_installation_without_ccxt_lacks() {
    assertThat(validated(VALID))
        .singleElement()
        .asString()
        .startsWith("exchanges: GraalJS is not on the class path")
        .contains("install the component kafka-connect-cryptofeed-ccxt");
  }

  @Test
  void validation_reads_the_bundle() {
    String path = folder.resolve("none.js").toString();
    assertThat(validated(with("ccxt.bundle.path", path)))
        .anySatisfy(
            error ->
                assertThat(error)
                    .startsWith("ccxt.bundle.path: the CCXT bundle is missing")
                    .contains(path + " does not exist; put dist/ccxt.browser.min.js"));
  }

  @Test
  @Tag("ccxt")
  void validation_finds_nothing_missing_where_ccxt_is_installed() {
    assertThat(validated(VALID)).isEmpty();
  }

  private static CcxtOptions script(ExchangeConfig exchange) {
    if (exchange.provider() instanceof Provider.Ccxt ccxt) {
      return ccxt.options();
    }
    throw new AssertionError(exchange.id() + " is native");
  }

  private static List<String> exchanges(Map<String, String> properties) {
    return new ConnectorConfig(properties)
        .exchanges().stream()
            .map(
                exchange ->
                    exchange.id()
                        + (exchange.provider() instanceof Provider.Ccxt ? " by ccxt" : ""))
            .toList();
  }

  /** What is wrong with the configuration, wherever it is to run. */
  private static List<String> errors(Map<String, String> properties) {
    return new ConfigReader(properties, Map.of()).errors();
  }

  /** What is wrong with the configuration here. */
  private static List<String> validated(Map<String, String> properties) {
    return ConnectorConfig.validate(properties).stream()
        .flatMap(value -> value.errorMessages().stream().map(error -> value.name() + ": " + error))
        .toList();
  }

  private static Map<String, String> with(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>(VALID);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }
}
