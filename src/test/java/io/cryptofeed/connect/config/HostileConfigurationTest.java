package io.cryptofeed.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.cryptofeed.connect.market.SymbolPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A configuration, however odd, is judged at once. The limit of time only ends a test that hangs.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileConfigurationTest {

  @TempDir private Path folder;

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("topic.template", "${".repeat(20_000), "more than 500 characters"),
        arguments("topic.template", "${prefix}" + "x".repeat(600), "more than 500 characters"),
        arguments("exchange.binance.symbols", "A-".repeat(500_000) + "A", "1000001 characters"),
        arguments("exchange.binance.symbols", "A-".repeat(100) + "A", "at most 100"),
        arguments("exchange.binance.symbols", "A".repeat(250_000), "at most 100"),
        arguments("exchange.binance.symbols", "*".repeat(101), "at most 100"),
        arguments("exchange.binance.symbols", "\"[".repeat(100_000), "quotes"),
        arguments("exchange.binance.channels", "t".repeat(100_000), "exchange.binance.channels"),
        arguments("exchanges", "b".repeat(200_000), "exchanges"),
        arguments("x".repeat(1_000_000), "1", "a key of 1000000 characters"),
        arguments("exchange.binance." + "x".repeat(400), "1", "exchange.binance."),
        arguments("poll.interval.ms", "1".repeat(200_000), "poll.interval.ms"),
        arguments("backfill.max.age", "1h".repeat(100_000), "backfill.max.age"),
        arguments(
            "exchange.bitrue.ccxt.options",
            "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000),
            "characters"),
        arguments(
            "exchange.bitrue.ccxt.options",
            "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000),
            "nested too deep"),
        arguments("exchange.profiles.path", "/dev/zero", "not a folder"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void an_absurd_value_is_an_error_of_its_key(String key, String value, String error) {
    Map<String, String> properties = properties();
    if (key.startsWith("exchange.bitrue")) {
      properties.put("exchanges", "binance,ccxt:bitrue");
      properties.put("exchange.bitrue.symbols", "BTC-USDT");
      properties.put("exchange.bitrue.channels", "trades");
    }
    properties.put(key, value);

    List<String> errors = new ConfigReader(properties, Map.of()).errors();

    assertThat(errors).anyMatch(each -> each.contains(error));
    assertThat(errors).allMatch(each -> each.length() < 4_000);
  }

  private static Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    properties.put("name", "test");
    properties.put("exchanges", "binance");
    properties.put("exchange.binance.symbols", "BTC-USDT");
    properties.put("exchange.binance.channels", "trades");
    return properties;
  }

  @ParameterizedTest
  @CsvSource({
    "*, BTC-USDT, true",
    "*-USDT, BTC-USDT, true",
    "*-USDT, BTC-USDC, false",
    "BTC-*, btc-usdt, true",
    "BTC-*-PERP, BTC-USDT-PERP, true",
    "BTC-*-PERP, BTC-PERP, false",
    "A*A, A, false",
    "A*A, AA, true",
    "**, BTC, true",
    "BTC, BTC, true",
    "BTC, BTCX, false",
    "'\\E.*', BTC, false",
    "'\\E*', '\\EX', true",
    "'B.C*', BTC, false",
  })
  void a_star_stands_for_any_text_and_nothing_else_is_special(
      String pattern, String symbol, boolean matches) {
    assertThat(SymbolPattern.parse(pattern).matches(symbol)).isEqualTo(matches);
  }

  @Test
  void many_stars_take_no_more_time_than_one() {
    SymbolPattern pattern = SymbolPattern.parse("*A".repeat(49) + "*B");

    assertThat(pattern.matches("A".repeat(100_000))).isFalse();
    assertThat(pattern.matches("A".repeat(100_000) + "B")).isTrue();
  }

  @Test
  void a_profile_that_is_not_a_plain_file_is_an_error() throws Exception {
    Path zero = Path.of("/dev/zero");
    if (Files.exists(zero)) {
      Files.createSymbolicLink(folder.resolve("endless.yaml"), zero);
      Map<String, String> properties = properties();
      properties.put("exchange.profiles.path", folder.toString());

      assertThat(new ConfigReader(properties, Map.of()).errors())
          .anyMatch(error -> error.contains("it is a device or a pipe"));
    }
  }

  @ParameterizedTest
  @CsvSource({"file", "dir"})
  void a_placeholder_of_the_yaml_file_reads_plain_files_alone(String provider) throws Exception {
    String place = provider.equals("file") ? "/dev/zero:key" : "/dev:zero";
    Path yaml = folder.resolve("proxies.yaml");
    Files.writeString(
        yaml, "proxy:\n  default:\n    rest:\n      url: \"${" + provider + ':' + place + "}\"\n");
    Map<String, String> properties = properties();
    properties.put("proxy.config.file", yaml.toString());

    assertThat(new ConfigReader(properties, Map.of()).errors())
        .anyMatch(error -> error.contains("could not be resolved"));
  }
}
