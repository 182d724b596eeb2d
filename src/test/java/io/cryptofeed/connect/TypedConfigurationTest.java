package io.cryptofeed.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations as users type them, and what the validation of the connector says about them. */
class TypedConfigurationTest {

  private static final String SEPARATOR = "'%s' is written '%s' for every exchange";

  /** What is typed, as lines {@code key=value}, and for each wrong key a part of its message. */
  static Stream<Arguments> typed() {
    return Stream.of(
        // Lists.
        typed("symbols=[\"BTC-USDT\"]", "symbols", "has brackets and quotes: write BTC-USDT"),
        typed("symbols=[BTC-USDT, ETH-USDT]", "symbols", "has brackets: write BTC-USDT,ETH-USDT"),
        typed("symbols='BTC-USDT','ETH-USDT'", "symbols", "has quotes: write BTC-USDT,ETH-USDT"),
        typed("symbols=“BTC-USDT”", "symbols", "has quotes: write BTC-USDT"),
        typed("exchanges='binance'", "exchanges", "has quotes: write binance"),
        typed("exchanges=[\"binance\",\"kraken\"]", "exchanges", "write binance,kraken"),
        typed("channels=[trades]", "channels", "has brackets: write trades"),
        typed("channels=\"trades,l2_book\"", "channels", "has quotes: write trades,l2_book"),
        typed("exchanges=binance,", "exchanges", "has a comma at its end: write binance"),
        typed("exchanges=,binance", "exchanges", "has a comma at its start: write binance"),
        typed("symbols=BTC-USDT,,ETH-USDT", "symbols", "an empty value between two commas"),
        typed("exchanges=,", "exchanges", "is empty: name at least one exchange"),
        typed("symbols=BTC-USDT ETH-USDT", "symbols", "a space in place of a comma: write BTC-"),
        typed("symbols=BTC-USDT;ETH-USDT", "symbols", "another sign in place of a comma: write BT"),
        typed("symbols=BTC-USDT | ETH-USDT", "symbols", "write BTC-USDT,ETH-USDT"),
        typed("exchanges=binance kraken", "exchanges", "write binance,kraken"),
        typed(
            "exchanges=Binance Futures\nsymbols=BTC-USDT-PERP",
            "exchanges",
            "did you mean 'binance_futures'?"),
        typed("channels=trades; l2_book", "channels", "write trades,l2_book"),
        typed("symbols=ＢＴＣ－ＵＳＤＴ", "symbols", "(U+FF22)"),
        typed("symbols=ＢＴＣ-USDT", "symbols", ": write BTC-USDT"),
        typed("symbols=BTC–USDT", "symbols", "the character '–' (U+2013): write BTC-USDT"),
        typed("symbols=BTC-USDT，ETH-USDT", "symbols", "U+FF0C: write BTC-USDT,ETH-USDT"),
        typed("symbols=\uFEFFBTC-USDT", "symbols", "U+FEFF: write BTC-USDT"),
        typed("exchanges=binance\u00a0", "exchanges", "U+00A0: write binance"),
        typed("exchanges=binance\u200b", "exchanges", "U+200B: write binance"),
        // Symbols.
        typed("symbols=BTC/USDT:USDT", "symbols", SEPARATOR, "BTC/USDT:USDT", "BTC-USDT-PERP"),
        typed("symbols=BTC/USD:BTC", "symbols", SEPARATOR, "BTC/USD:BTC", "BTC-USD-PERP"),
        typed(
            "symbols=BTC/USDT:USDT-251226",
            "symbols",
            SEPARATOR,
            "BTC/USDT:USDT-251226",
            "BTC-USDT-25Z26"),
        typed("symbols=BTC-USDT-SWAP", "symbols", SEPARATOR, "BTC-USDT-SWAP", "BTC-USDT-PERP"),
        typed("symbols=btc-usdt-swap", "symbols", SEPARATOR, "btc-usdt-swap", "BTC-USDT-PERP"),
        typed(
            "symbols=BTC-USD-PERPETUAL", "symbols", SEPARATOR, "BTC-USD-PERPETUAL", "BTC-USD-PERP"),
        typed("symbols=BTC-USDT-251226", "symbols", SEPARATOR, "BTC-USDT-251226", "BTC-USDT-25Z26"),
        typed(
            "symbols=BTC-USDT-20260327",
            "symbols",
            SEPARATOR,
            "BTC-USDT-20260327",
            "BTC-USDT-26H27"),
        typed(
            "symbols=BTC-USDT-27MAR26", "symbols", SEPARATOR, "BTC-USDT-27MAR26", "BTC-USDT-26H27"),
        typed("symbols=BTC_USDT_PERP", "symbols", SEPARATOR, "BTC_USDT_PERP", "BTC-USDT-PERP"),
        typed("symbols=BTC-USDT-SPOT", "symbols", SEPARATOR, "BTC-USDT-SPOT", "BTC-USDT"),
        typed("symbols=BTCUSDT_251226", "symbols", SEPARATOR, "BTCUSDT_251226", "BTC-USDT-25Z26"),
        typed("symbols=BTCUSDT.P", "symbols", SEPARATOR, "BTCUSDT.P", "BTC-USDT-PERP"),
        typed("symbols=XBT/USD", "symbols", SEPARATOR, "XBT/USD", "BTC-USD"),
        typed("symbols=XBT-USD", "symbols", SEPARATOR, "XBT-USD", "BTC-USD"),
        typed("symbols=ETHUSDT", "symbols", "with a dash, such as ETH-USDT, for every exchange"),
        typed("symbols=XBTUSD", "symbols", "with a dash, such as BTC-USD, for every exchange"),
        typed("symbols=BTC-PERP", "symbols", "it has no quote asset; write it as in BTC-USDT-PERP"),
        typed("symbols=BINANCE:BTCUSDT", "symbols", "'BINANCE:BTCUSDT' is"),
        // Market types.
        typed(
            "exchanges=binance_futures\nsymbols=BTC-USDT",
            "symbols",
            "'BTC-USDT' names a spot instrument, and exchange 'binance_futures' has only perpetual contracts and futures: write BTC-USDT-PERP, or use an exchange that has it, such as binance"),
        typed(
            "symbols=BTC-USDT-PERP",
            "symbols",
            "'BTC-USDT-PERP' names a perpetual contract, and exchange 'binance' has only spot instruments: write BTC-USDT, or use an exchange that has it, such as binance_futures"),
        typed(
            "exchange.binance.symbols=BTC-USDT-26H27",
            "exchange.binance.symbols",
            "'BTC-USDT-26H27' names a future"),
        typed("exchanges=binance_futures\nsymbols=*-USDT", "symbols", "write *-USDT-PERP"),
        typed("exchanges=binance,kraken\nsymbols=BTC-USDT-PERP", "symbols", "binance, kraken have"),
        typed("exchanges=binance,bybit\nsymbols=BTC-USDT-PERP,BTC-USDT"),
        typed("exchanges=binance_futures\nsymbols=BTC-*,*,*-PERP"),
        typed("exchanges=binance,ccxt:bitrue\nsymbols=BTC-USDT-PERP"),
        // One URL for several endpoints.
        typed(
            "exchanges=bybit\nexchange.bybit.symbols=BTC-USDT, BTC-USDT-PERP\nexchange.bybit.websocket.url=ws://127.0.0.1:9/v5/public/spot",
            "exchange.bybit.websocket.url",
            "exchange 'bybit' has a WebSocket URL for each market type, and '/v5/public/spot' would replace them all"),
        typed(
            "exchanges=bybit\nsymbols=BTC-*\nexchange.bybit.websocket.url=ws://127.0.0.1:9/v5/public/spot",
            "exchange.bybit.websocket.url",
            "leave out the path"),
        typed(
            "exchanges=bybit\nsymbols=BTC-USDT\nexchange.bybit.websocket.url=ws://127.0.0.1:9/v5/public/spot"),
        typed(
            "exchanges=bybit\nsymbols=BTC-USDT,BTC-USDT-PERP\nexchange.bybit.websocket.url=ws://127.0.0.1:9/"),
        typed(
            "exchanges=bybit\nsymbols=BTC-USDT,BTC-USDT-PERP\nexchange.bybit.websocket.url=ws://127.0.0.1:9"),
        typed(
            "exchanges=binance_futures\nsymbols=BTC-USDT-PERP\nexchange.binance_futures.websocket.url=ws://127.0.0.1:9/stream"),
        // Channels.
        typed("channels=book", "channels", "there is no channel 'book'; did you mean 'l2_book'?"),
        typed("channels=orderbook", "channels", "did you mean 'l2_book'?"),
        typed("channels=order_book", "channels", "did you mean 'l2_book'?"),
        typed("channels=L2", "channels", "did you mean 'l2_book'?"),
        typed("channels=depth", "channels", "did you mean 'l2_book'?"),
        typed("channels=bbo", "channels", "did you mean 'quotes'?"),
        typed("channels=ticker", "channels", "did you mean 'quotes'?"),
        typed("channels=bookTicker", "channels", "did you mean 'quotes'?"),
        typed("channels=aggTrade", "channels", "did you mean 'trades'?"),
        typed("exchange.binance.channels=bbo", "exchange.binance.channels", "mean 'quotes'?"),
        typed("channels=candles", "channels", "known are trades, l2_book"),
        // Exchanges.
        typed("exchanges=binanceusdm\nsymbols=BTC-USDT-PERP"),
        typed("exchanges=BINANCE-USDM\nsymbols=BTC-USDT-PERP"),
        typed("exchanges=okex"),
        typed("exchanges=binancefutures", "exchanges", "did you mean 'binance_futures'?"),
        typed("exchanges=nyse", "exchanges", "unknown exchange 'nyse'; known are backpack, "),
        // Keys.
        typed("binance.symbols=X", "binance.symbols", "did you mean 'exchange.binance.symbols'?"),
        typed("huobi.chanels=X", "huobi.chanels", "did you mean 'exchange.htx.channels'?"),
        typed(
            "exchanges.binance.symbols=X",
            "exchanges.binance.symbols",
            "did you mean 'exchange.binance.symbols'?"),
        typed(
            "cryptofeed.symbols=X",
            "cryptofeed.symbols",
            "keys have no prefix 'cryptofeed.': did you mean 'symbols'?"),
        typed("cryptofeed.book_depth=5", "cryptofeed.book_depth", "did you mean 'book.depth'?"),
        typed("http.proxyHost=x", "http.proxyHost", "'proxy.default.websocket.url'"),
        typed("https.proxyPort=1", "https.proxyPort", "a proxy is set with 'proxy.enabled'"),
        typed("HTTPS_PROXY=x", "HTTPS_PROXY", "a proxy is set with 'proxy.enabled'"),
        typed("symbols.unlisted=ignore", "symbols.unlisted", "known are fail, skip"),
        typed("exchange.binance.symbols.unlisted=Skip"),
        // Numbers and flags.
        typed("backfill.enabled=yes", "backfill.enabled", "either true or false: write true"),
        typed("record.headers=off", "record.headers", "write false"),
        typed("backfill.enabled=true "),
        typed("record.headers=\"true\"", "record.headers", "write true"),
        typed(
            "poll.timeout.ms=5s", "poll.timeout.ms", "write milliseconds as a whole number, 5000"),
        typed("poll.timeout.ms=soon", "poll.timeout.ms", "write milliseconds as a whole number, s"),
        typed("book.depth=1_000", "book.depth", "write 1000"),
        typed("queue.max.records=50,000", "queue.max.records", "write 50000"),
        typed("queue.max.bytes=64MB", "queue.max.bytes", "such as 67108864"),
        typed("metrics.prometheus.port=70000", "metrics.prometheus.port", "no more than 65535"),
        typed("metrics.prometheus.port=-1", "metrics.prometheus.port", "at least 0"),
        typed(
            "exchange.binance.rest.url=https://x.example:99999",
            "exchange.binance.rest.url",
            "has a port outside of 1 to 65535"),
        // Spelling that does not matter.
        typed(
            "exchanges= Binance , BINANCE \nsymbols= btc-usdt,BTC-USDT\nchannels=TRADES,L2-Book"));
  }

  private static Arguments typed(String lines) {
    return arguments(lines, Map.of());
  }

  private static Arguments typed(String lines, String key, String message, Object... values) {
    return arguments(lines, Map.of(key, values.length == 0 ? message : message.formatted(values)));
  }

  @ParameterizedTest
  @MethodSource("typed")
  void a_configuration_is_judged_as_it_is_typed(String lines, Map<String, String> expected) {
    Map<String, String> errors = errors(configuration(lines));

    assertThat(errors.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (key, message) ->
            assertThat(errors.get(key)).contains(message).doesNotContain("null", "exchange ''"));
  }

  @Test
  void every_mistake_is_reported_at_once() {
    assertThat(errors(Map.of("name", "crypto", "tasks.max", "1")))
        .containsOnlyKeys("exchanges", "symbols", "channels");
    Map<String, String> errors =
        errors(
            Map.of(
                "exchanges", "['binance', 'binanc']",
                "exchange.binance.symbols", "BTC-USDT-SWAP",
                "exchange.binance.channels", "book",
                "exchange.binance.rest.url", "x",
                "exchange.kraken.symbols", "XBT/USD",
                "poll.timeout.ms", "1s",
                "backfill.enabled", "ja",
                "binance.symbols", "x",
                "topic.prefix", "my topic"));
    assertThat(errors)
        .containsOnlyKeys(
            "exchanges",
            "exchange.binance.symbols",
            "exchange.binance.channels",
            "exchange.binance.rest.url",
            "poll.timeout.ms",
            "backfill.enabled",
            "binance.symbols",
            "topic.prefix");
    assertThat(errors.get("exchanges"))
        .contains("has brackets and quotes: write binance,binanc", "did you mean 'binance'?");
    assertThat(errors.values()).noneMatch(message -> message.contains("non-null"));
  }

  @Test
  void a_broken_profile_does_not_make_its_exchange_unknown(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("mine.yaml"), "venue: my_exchange\naliases: [mex]\noops: 1\n");
    for (String name : List.of("my_exchange", "mex", "My-Exchange")) {
      Map<String, String> config =
          configuration("exchanges=" + name + ",binance\nexchange." + name + ".symbols=BTC-USDT");
      config.put("exchange.profiles.path", folder.toString());
      assertThat(errors(config)).containsOnlyKeys("exchange.profiles.path");
    }
    Map<String, String> misspelt = configuration("exchanges=binanc,my_exchange");
    misspelt.put("exchange.profiles.path", folder.toString());
    assertThat(errors(misspelt)).containsOnlyKeys("exchange.profiles.path", "exchanges");
    Map<String, String> absent = configuration("exchanges=my_exchange");
    absent.put("exchange.profiles.path", folder.resolve("absent").toString());
    assertThat(errors(absent)).containsOnlyKeys("exchange.profiles.path");
  }

  private static Map<String, String> configuration(String lines) {
    Map<String, String> config = new TreeMap<>();
    config.put("exchanges", "binance");
    config.put("symbols", "BTC-USDT");
    config.put("channels", "trades");
    for (String line : lines.split("\n")) {
      String[] pair = line.split("=", 2);
      config.put(pair[0], pair[1]);
    }
    return config;
  }

  private static Map<String, String> errors(Map<String, String> config) {
    return new CryptofeedSourceConnector()
        .validate(config).configValues().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .filter(value -> !value.errorMessages().toString().contains("GraalJS"))
            .collect(
                Collectors.toMap(
                    ConfigValue::name, value -> String.join("; ", value.errorMessages())));
  }
}
