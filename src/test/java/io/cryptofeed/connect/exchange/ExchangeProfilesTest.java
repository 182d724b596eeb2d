package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cryptofeed.connect.CryptofeedSourceConnector;
import io.cryptofeed.connect.config.ConnectorConfig;
import io.cryptofeed.connect.config.ExchangeConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code exchange.profiles.path}: the exchanges of the user are exchanges like any other. */
class ExchangeProfilesTest {

  private static final String PATH = "exchange.profiles.path";

  @TempDir private Path folder;

  @BeforeEach
  void describeAMirrorOfBinance() throws IOException {
    Files.writeString(
        folder.resolve("mirror.yaml"),
        """
        venue: mirror
        extends: binance
        name: Mirror
        aliases: [glass]
        endpoints: {live: {rest: "https://rest.mirror.example"}, sandbox: null}
        subscribe: {streams: {quotes: null}}
        """);
  }

  private Map<String, String> properties(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put(PATH, folder.toString());
    properties.put("exchanges", "Glass, kraken");
    properties.put("symbols", "BTC-USDT");
    properties.put("channels", "trades");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }

  private static Map<String, ConfigValue> values(Map<String, String> properties) {
    Map<String, ConfigValue> values = new TreeMap<>();
    ConnectorConfig.validate(properties).forEach(value -> values.put(value.name(), value));
    return values;
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
  void an_exchange_of_the_folder_is_configured_like_any_other() {
    Map<String, String> properties =
        properties(
            "exchange.glass.symbols", "ETH-USDT",
            "exchange.mirror.trades.mode", "aggregate");

    assertThat(errors(properties)).isEmpty();
    ConnectorConfig config = new ConnectorConfig(properties);
    assertThat(config.exchanges())
        .extracting(ExchangeConfig::id)
        .containsExactly("mirror", "kraken");
    ExchangeConfig mirror = config.exchanges().get(0);
    assertThat(mirror.symbols()).containsExactly("ETH-USDT");
    assertThat(mirror.nativeOptions().orElseThrow().tradesMode()).isEqualTo("aggregate");
    assertThat(config.venues().open("mirror", mirror.nativeOptions().orElseThrow()).restUrl())
        .isEqualTo(URI.create("https://rest.mirror.example"));
  }

  @Test
  void the_connector_divides_its_work_among_tasks() {
    CryptofeedSourceConnector connector = new CryptofeedSourceConnector();
    connector.start(properties());

    assertThat(connector.taskConfigs(2))
        .extracting(config -> config.get("task.plan"))
        .containsExactly("mirror=BTC-USDT", "kraken=BTC-USDT");
    assertThat(connector.taskConfigs(2))
        .allSatisfy(config -> assertThat(config).containsEntry(PATH, folder.toString()));
  }

  @Test
  void what_the_exchange_does_not_have_is_an_error_on_its_key() {
    assertThat(
            errors(
                properties(
                    "exchange.mirror.sandbox", "true",
                    "exchange.mirror.channels", "quotes",
                    "exchange.mirror.trades.mode", "hourly")))
        .containsOnlyKeys(
            "exchange.mirror.sandbox", "exchange.mirror.channels", "exchange.mirror.trades.mode");
  }

  @Test
  void its_choices_are_recommended() {
    Map<String, ConfigValue> values = values(properties());

    assertThat(Objects.requireNonNull(values.get("exchanges")).recommendedValues())
        .contains("mirror", "binance");
    assertThat(Objects.requireNonNull(values.get("exchange.mirror.channels")).recommendedValues())
        .contains("trades", "l2_book")
        .doesNotContain("quotes");
    assertThat(Objects.requireNonNull(values.get(PATH)).value()).isEqualTo(folder.toString());
  }

  @Test
  void without_the_key_the_exchange_is_unknown() {
    Map<String, String> properties = properties();
    properties.remove(PATH);

    assertThat(errors(properties)).containsOnlyKeys("exchanges");
  }

  @Test
  void an_invalid_profile_is_an_error_on_the_key_next_to_all_others() throws IOException {
    Path bad = folder.resolve("bad.yaml");
    Files.writeString(bad, "venue: bad\nextends: binance\nsubscribe: {symbol_case: camel}\n");

    Map<String, List<String>> errors =
        errors(properties("exchanges", "kraken", "symbols", "BTCUSDT", "decimal.mode", "exact"));

    assertThat(errors).containsOnlyKeys(PATH, "symbols", "decimal.mode");
    assertThat(errors.get(PATH))
        .containsExactly(bad + ":3: unknown symbol_case 'camel'; known are as_is, lower");
  }

  @Test
  void while_the_folder_is_wrong_no_exchange_is_called_unknown() {
    Map<String, List<String>> errors = errors(properties(PATH, "/nowhere/at/all"));

    assertThat(errors).containsOnlyKeys(PATH);
    assertThat(errors.get(PATH))
        .containsExactly(
            "there is no folder '/nowhere/at/all' on this worker: create it, or correct the path");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () -> new ConnectorConfig(properties(PATH, "/nowhere/at/all", "exchanges", "kraken")))
        .withMessage(
            "exchange.profiles.path: there is no folder '/nowhere/at/all' on this worker:"
                + " create it, or correct the path");
  }

  @Test
  void an_invalid_path_is_an_error() {
    assertThat(errors(properties(PATH, " ", "exchanges", "kraken")).get(PATH))
        .containsExactly("is empty: set the path of a folder, or remove the key");
    assertThat(errors(properties(PATH, "a\u0000b", "exchanges", "kraken")).get(PATH))
        .singleElement()
        .asString()
        .contains("is not a path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"exchange.profile.path", "exchange.profiles.paht", "exchanges.profiles.path"})
  void a_misspelt_key_is_reported(String key) {
    Map<String, String> properties = properties(key, "/x", "exchanges", "kraken");

    assertThat(errors(properties)).containsOnlyKeys(key);
    assertThat(errors(properties).get(key))
        .containsExactly("unknown key; did you mean 'exchange.profiles.path'?");
  }
}
