package io.cryptofeed.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.metrics.PrometheusAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The address of the endpoint for Prometheus, and the aliases of its keys. */
class PrometheusKeysTest {

  private static final String PORT = "metrics.prometheus.port";
  private static final String HOST = "metrics.prometheus.host";
  private static final String PORT_ALIAS = "proxy.prometheus.port";
  private static final String HOST_ALIAS = "proxy.prometheus.host";

  @Test
  void there_is_no_endpoint_by_default() {
    assertThat(config(Map.of()).prometheus()).isEmpty();
    assertThat(config(Map.of(PORT, "0")).prometheus()).isEmpty();
    assertThat(config(Map.of(HOST, "127.0.0.1")).prometheus()).isEmpty();
  }

  @Test
  void a_port_opens_the_endpoint_on_loopback() {
    assertThat(config(Map.of(PORT, "9400")).prometheus())
        .contains(new PrometheusAddress("127.0.0.1", 9400, HOST, PORT));
  }

  @Test
  void the_host_may_be_changed() {
    assertThat(config(Map.of(PORT, "9400", HOST, " worker-1.example ")).prometheus())
        .contains(new PrometheusAddress("worker-1.example", 9400, HOST, PORT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void the_aliases_open_it_whether_or_not_proxies_are_enabled(String enabled) {
    Map<String, String> properties =
        Map.of(
            PORT_ALIAS,
            "9400",
            HOST_ALIAS,
            "0.0.0.0",
            "proxy.enabled",
            enabled,
            "proxy.default.rest.url",
            "http://127.0.0.1:1",
            "proxy.default.websocket.url",
            "http://127.0.0.1:1");

    assertThat(config(properties).prometheus())
        .contains(new PrometheusAddress("0.0.0.0", 9400, HOST_ALIAS, PORT_ALIAS));
  }

  @Test
  void an_alias_may_be_set_in_the_environment() {
    assertThat(
            new ConnectorConfig(with(Map.of()), Map.of("CRYPTOFEED_PROXY_PROMETHEUS__PORT", "9400"))
                .prometheus())
        .contains(new PrometheusAddress("127.0.0.1", 9400, HOST, PORT_ALIAS));
  }

  @Test
  void a_key_and_the_alias_of_the_other_key_go_together() {
    assertThat(config(Map.of(PORT, "9400", HOST_ALIAS, "127.0.0.2")).prometheus())
        .contains(new PrometheusAddress("127.0.0.2", 9400, HOST_ALIAS, PORT));
  }

  @Test
  void a_key_and_its_alias_may_have_the_same_value() {
    Map<String, String> properties =
        Map.of(PORT, "9400", PORT_ALIAS, "9400", HOST, "127.0.0.2", HOST_ALIAS, "127.0.0.2");

    assertThat(config(properties).prometheus())
        .contains(new PrometheusAddress("127.0.0.2", 9400, HOST, PORT));
  }

  @ParameterizedTest
  @CsvSource({
    "metrics.prometheus.port, 9400, proxy.prometheus.port, 9401",
    "metrics.prometheus.port, 0, proxy.prometheus.port, 9401",
    "metrics.prometheus.host, 127.0.0.1, proxy.prometheus.host, 127.0.0.2"
  })
  void a_key_and_its_alias_with_different_values_are_an_error_that_names_both(
      String key, String value, String alias, String other) {
    assertThat(errors(Map.of(key, value, alias, other)))
        .containsOnlyKeys(key)
        .containsEntry(
            key,
            "is '%s', but its alias '%s' is '%s': remove one of them, or give both the same value"
                .formatted(value, alias, other));
  }

  @ParameterizedTest
  @CsvSource({
    "metrics.prometheus.port, 65536, Value must be no more than 65535",
    "metrics.prometheus.port, -1, Value must be at least 0",
    "metrics.prometheus.port, http, Not a number of type INT",
    "metrics.prometheus.host, a b, must be an address or a host name of the worker",
    "metrics.prometheus.host, *, must be an address or a host name of the worker",
    "metrics.prometheus.host, 10.0.0.0/8, must be an address or a host name of the worker",
    "metrics.prometheus.host, '', must be an address or a host name of the worker",
    "proxy.prometheus.port, 70000, 'must be 0..65535, was ''70000'''",
    "proxy.prometheus.host, a b, 'must be an address or a host name of the worker, was ''a b'''"
  })
  void a_value_that_is_not_a_port_or_a_host_is_an_error(String key, String value, String error) {
    assertThat(errors(Map.of(key, value))).containsOnlyKeys(key);
    assertThat(errors(Map.of(key, value)).get(key)).contains(error);
  }

  @Test
  void a_misspelt_key_is_an_error() {
    assertThat(errors(Map.of("metrics.prometheus.prot", "9400")))
        .containsEntry(
            "metrics.prometheus.prot", "unknown key; did you mean 'metrics.prometheus.port'?");
  }

  private static ConnectorConfig config(Map<String, String> properties) {
    return new ConnectorConfig(with(properties), Map.of());
  }

  private static Map<String, String> with(Map<String, String> properties) {
    Map<String, String> all = new HashMap<>(properties);
    all.putAll(Map.of("exchanges", "binance", "symbols", "BTC-USDT", "channels", "trades"));
    return all;
  }

  /** The errors by key, those of one key joined. */
  private static Map<String, String> errors(Map<String, String> properties) {
    Map<String, String> errors = new HashMap<>();
    ConnectorConfig.validate(with(properties), Map.of()).stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .forEach(value -> errors.put(value.name(), String.join("; ", value.errorMessages())));
    return errors;
  }
}
