package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProxySettingsTest {

  private static final List<String> EXCHANGES = List.of("binance", "coinbase");

  private final Map<String, String> errors = new LinkedHashMap<>();

  private ProxySettings parse(Map<String, String> properties) {
    return ProxySettings.parse(properties, EXCHANGES, errors::put);
  }

  private ProxySettings parseValid(Map<String, String> properties) {
    ProxySettings settings = parse(properties);
    assertThat(errors).isEmpty();
    return settings;
  }

  /** Properties in which every exchange has a proxy, and these besides. */
  private static Map<String, String> and(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("proxy.enabled", "true");
    properties.put("proxy.default.rest.url", "http://rest:8080");
    properties.put("proxy.default.websocket.url", "socks5://ws:1080");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }

  private static Route route(ProxySettings settings, String exchange, Transport transport) {
    return settings.route(exchange, transport).orElseThrow();
  }

  @Test
  void without_proxy_keys_everything_is_direct() {
    ProxySettings settings = parseValid(Map.of("exchanges", "binance", "topic.prefix", "crypto"));

    assertThat(route(settings, "binance", Transport.REST))
        .isEqualTo(new Route.Direct("proxy.enabled", Duration.ofSeconds(30)));
  }

  @Test
  void each_transport_has_a_proxy_of_its_own() {
    ProxySettings settings = parseValid(and());

    assertThat(route(settings, "binance", Transport.REST))
        .hasToString("http://rest:8080")
        .extracting(Route::key)
        .isEqualTo("proxy.default.rest.url");
    assertThat(route(settings, "coinbase", Transport.WEBSOCKET)).hasToString("socks5://ws:1080");
  }

  @Test
  void an_exchange_replaces_the_default_of_one_transport_and_inherits_the_other() {
    ProxySettings settings =
        parseValid(and("proxy.exchanges.binance.websocket.url", "socks5://tokyo:1080"));

    assertThat(route(settings, "binance", Transport.WEBSOCKET))
        .hasToString("socks5://tokyo:1080")
        .extracting(Route::key)
        .isEqualTo("proxy.exchanges.binance.websocket.url");
    assertThat(route(settings, "binance", Transport.REST)).hasToString("http://rest:8080");
    assertThat(route(settings, "coinbase", Transport.WEBSOCKET)).hasToString("socks5://ws:1080");
  }

  @Test
  void an_exchange_may_go_direct_where_it_says_so() {
    ProxySettings settings = parseValid(and("proxy.exchanges.binance.rest.url", "DIRECT"));

    assertThat(route(settings, "binance", Transport.REST)).isInstanceOf(Route.Direct.class);
    assertThat(route(settings, "binance", Transport.WEBSOCKET)).isInstanceOf(Route.Proxied.class);
  }

  @Test
  void the_default_may_be_direct_for_all_but_one_exchange() {
    ProxySettings settings =
        parseValid(
            Map.of(
                "proxy.enabled", "true",
                "proxy.default.rest.url", "direct",
                "proxy.default.websocket.url", "direct",
                "proxy.exchanges.binance.rest.url", "http://tokyo:8080"));

    assertThat(route(settings, "binance", Transport.REST)).hasToString("http://tokyo:8080");
    assertThat(route(settings, "coinbase", Transport.REST)).hasToString("direct");
  }

  @Test
  void an_exchange_id_is_read_in_any_case_and_with_hyphens() {
    ProxySettings settings =
        ProxySettings.parse(
            and("proxy.exchanges.Binance-Futures.rest.url", "http://tokyo:8080"),
            List.of("binance_futures"),
            errors::put);

    assertThat(errors).isEmpty();
    assertThat(route(settings, "binance_futures", Transport.REST)).hasToString("http://tokyo:8080");
  }

  @Test
  void credentials_may_stand_beside_the_url() {
    ProxySettings settings =
        parseValid(
            and(
                "proxy.default.websocket.username", "jürgen",
                "proxy.default.websocket.password", "p@ss:w/r%d"));

    Route.Proxied route = (Route.Proxied) route(settings, "binance", Transport.WEBSOCKET);
    assertThat(route.proxy().credentials()).isEqualTo(new Credentials("jürgen", "p@ss:w/r%d"));
    assertThat(route).hasToString("socks5://***@ws:1080");
  }

  @Test
  void an_exchange_with_a_proxy_of_its_own_does_not_send_it_the_credentials_of_another() {
    ProxySettings settings =
        parseValid(
            and(
                "proxy.default.websocket.username", "alice",
                "proxy.default.websocket.password", "S3CRET",
                "proxy.exchanges.binance.websocket.url", "socks5://tokyo:1080"));

    assertThat(route(settings, "binance", Transport.WEBSOCKET)).hasToString("socks5://tokyo:1080");
    assertThat(route(settings, "coinbase", Transport.WEBSOCKET))
        .hasToString("socks5://***@ws:1080");
  }

  @Test
  void an_exchange_inherits_the_timeout_or_sets_its_own() {
    ProxySettings settings =
        parseValid(
            and(
                "proxy.default.rest.timeout.ms", "5000",
                "proxy.exchanges.binance.rest.timeout.ms", "1000",
                "proxy.exchanges.coinbase.rest.url", "direct"));

    assertThat(route(settings, "binance", Transport.REST).timeout())
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(route(settings, "coinbase", Transport.REST).timeout())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(route(settings, "binance", Transport.WEBSOCKET).timeout())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void disabled_proxies_may_stay_configured() {
    Map<String, String> properties = and();
    properties.put("proxy.enabled", "false");

    assertThat(route(parseValid(properties), "binance", Transport.REST)).hasToString("direct");
  }

  @Test
  void disabled_proxies_are_validated_all_the_same() {
    Map<String, String> properties = and("proxy.default.rest.url", "proxy:1080");
    properties.put("proxy.enabled", "false");

    parse(properties);

    assertThat(errors).containsOnlyKeys("proxy.default.rest.url");
  }

  @Test
  void an_unknown_exchange_has_no_route() {
    assertThat(parseValid(and()).route("kraken", Transport.REST)).isEmpty();
  }

  @Test
  void settings_with_faults_have_no_route_at_all() {
    ProxySettings settings = parse(and("proxy.exchanges.binance.rest.url", "proxy:1080"));

    assertThat(errors).hasSize(1);
    assertThat(settings.route("coinbase", Transport.WEBSOCKET)).isEqualTo(Optional.empty());
  }

  static Stream<Arguments> faults() {
    String range = "must be 1000..300000 milliseconds, was ";
    return Stream.of(
        arguments("proxy.enabled", "yes", "must be true or false, was 'yes'"),
        arguments(
            "proxy.defualt.rest.url",
            "http://p:1",
            "unknown key; did you mean proxy.default.rest.url?"),
        arguments(
            "proxy.exchange.binance.rest.url",
            "http://p:1",
            "unknown key; did you mean proxy.exchanges.binance.rest.url?"),
        arguments("proxy.enable", "true", "unknown key; did you mean proxy.enabled?"),
        arguments(
            "proxy.default.rest.uri",
            "http://p:1",
            "unknown key; known under proxy.default.rest: url, username, password, timeout.ms"),
        arguments(
            "proxy.exchanges.binance.rest.uri",
            "http://p:1",
            "unknown key; known under proxy.exchanges.binance.rest: url, username, password,"
                + " timeout.ms"),
        arguments(
            "proxy.fallback",
            "direct",
            "unknown key; known are proxy.enabled, proxy.default.<rest|websocket>.* and"
                + " proxy.exchanges.<exchange>.<rest|websocket>.*"),
        arguments(
            "proxy.exchanges.binance",
            "socks5://alice:S3CRET@p:1",
            "say for which transport: proxy.exchanges.binance.rest.url or"
                + " proxy.exchanges.binance.websocket.url"),
        arguments(
            "proxy.default.url",
            "socks5://alice:S3CRET@p:1",
            "say for which transport: proxy.default.rest.url or proxy.default.websocket.url"),
        arguments(
            "proxy.exchanges.okx.rest.url",
            "http://p:1",
            "exchange 'okx' is not configured; configured: binance, coinbase"),
        arguments(
            "proxy.exchanges.binanse.rest.url",
            "http://p:1",
            "exchange 'binanse' is not configured; did you mean binance?"),
        arguments("proxy.default.rest.timeout.ms", "0", range + "'0'"),
        arguments("proxy.default.rest.timeout.ms", "999", range + "'999'"),
        arguments("proxy.default.rest.timeout.ms", "-1", range + "'-1'"),
        arguments("proxy.default.rest.timeout.ms", "300001", range + "'300001'"),
        arguments("proxy.default.rest.timeout.ms", "99999999999", range + "'99999999999'"),
        arguments("proxy.default.rest.timeout.ms", "30s", range + "'30s'"),
        arguments("proxy.default.rest.timeout.ms", "", range + "''"),
        arguments(
            "proxy.default.rest.password",
            "S3CRET",
            "a password without a user name; set the user name as well"),
        arguments("proxy.default.rest.username", "", "user name is empty"),
        arguments(
            "proxy.default.rest.username", "al:ice", "an HTTP Basic user name cannot contain ':'"),
        arguments(
            "proxy.default.websocket.username",
            "alice",
            "socks5 needs both user name and password, or neither"),
        arguments(
            "proxy.default.rest.username",
            "[hidden]",
            "'[hidden]' is a masked value, not the secret"),
        arguments(
            "proxy.default.rest.username",
            "${env:USER}",
            "unresolved ${...} placeholder: no config provider replaced it"),
        arguments(
            "proxy.exchanges.binance.rest.username",
            "alice",
            "credentials without a proxy; set proxy.exchanges.binance.rest.url as well"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void reports_a_fault_on_its_key(String key, String value, String message) {
    parse(and(key, value));

    assertThat(errors).containsExactly(entry(key, message));
  }

  static Stream<Arguments> faultsOfTwoKeys() {
    return Stream.of(
        arguments(
            and(
                "proxy.default.rest.url", "http://alice:S3CRET@rest:8080",
                "proxy.default.rest.username", "alice"),
            "proxy.default.rest.username",
            "credentials are given twice, here and in proxy.default.rest.url; keep one"),
        arguments(
            and(
                "proxy.default.rest.url", "http://alice:S3CRET@rest:8080",
                "proxy.default.rest.password", "S3CRET"),
            "proxy.default.rest.password",
            "credentials are given twice, here and in proxy.default.rest.url; keep one"),
        arguments(
            and(
                "proxy.default.rest.url", "direct",
                "proxy.default.rest.password", "S3CRET"),
            "proxy.default.rest.password",
            "credentials without a proxy; remove them, or name the proxy in"
                + " proxy.default.rest.url, which is 'direct'"),
        arguments(
            and(
                "proxy.default.rest.username", "alice",
                "proxy.default.rest.password", "[hidden]"),
            "proxy.default.rest.password",
            "'[hidden]' is a masked value, not the secret"),
        arguments(
            and(
                "proxy.default.rest.username", "alice",
                "proxy.default.rest.password", "S3C\u0007RET"),
            "proxy.default.rest.password",
            "control character in the password"),
        arguments(
            and(
                "proxy.default.rest.url", "socks4://rest:1080",
                "proxy.default.rest.username", "alice",
                "proxy.default.rest.password", "S3CRET"),
            "proxy.default.rest.password",
            "socks4 has no password, only a user name; use socks5"),
        arguments(
            and(
                "proxy.default.websocket.username",
                "alice",
                "proxy.default.websocket.password",
                "S3CRET".repeat(50)),
            "proxy.default.websocket.password",
            "socks5 user name and password are at most 255 bytes each"),
        arguments(
            and(
                "proxy.exchanges.BINANCE.rest.url", "http://one:1",
                "proxy.exchanges.binance.rest.url", "http://two:2"),
            "proxy.exchanges.binance.rest.url",
            "exchange 'binance' is configured twice, here and in"
                + " proxy.exchanges.BINANCE.rest.url"));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTwoKeys")
  void reports_keys_that_contradict_each_other(
      Map<String, String> properties, String key, String message) {
    parse(properties);

    assertThat(errors).containsExactly(entry(key, message));
  }

  @Test
  void the_same_value_in_two_spellings_of_an_exchange_is_no_fault() {
    parseValid(
        and(
            "proxy.exchanges.BINANCE.rest.url", "http://one:1",
            "proxy.exchanges.binance.rest.url", "http://one:1"));
  }

  @Test
  void configured_proxies_must_be_enabled_or_disabled_in_so_many_words() {
    Map<String, String> properties = and();
    properties.remove("proxy.enabled");

    ProxySettings settings = parse(properties);

    assertThat(errors)
        .containsExactly(
            entry(
                "proxy.enabled",
                "proxies are configured, but not whether to use them; write true, or false to"
                    + " connect directly"));
    assertThat(settings.route("binance", Transport.REST)).isEmpty();
  }

  @Test
  void an_exchange_that_would_go_direct_without_saying_so_is_a_fault() {
    parse(
        Map.of(
            "proxy.enabled", "true",
            "proxy.default.rest.url", "http://rest:8080",
            "proxy.exchanges.binance.websocket.url", "socks5://ws:1080"));

    assertThat(errors)
        .containsExactly(
            entry(
                "proxy.default.websocket.url",
                "no proxy for the websocket connections of coinbase; set one, or write 'direct' to"
                    + " go without"));
  }

  @Test
  void a_url_that_is_wrong_is_not_reported_as_missing_too() {
    parse(and("proxy.default.rest.url", "proxy:1080"));

    assertThat(errors).containsOnlyKeys("proxy.default.rest.url");
    assertThat(errors.get("proxy.default.rest.url")).startsWith("no scheme");
  }

  @Test
  void reports_all_faults_at_once_and_no_secret() {
    parse(
        Map.of(
            "proxy.enabled", "maybe",
            "proxy.defualt.rest.url", "http://alice:S3CRET@rest:8080",
            "proxy.default.rest.url", "socks5://alice:S3C@RET@rest:8080",
            "proxy.default.websocket.url", "socks5://alice:S3CRET",
            "proxy.exchanges.binance", "http://alice:S3CRET@rest:8080",
            "proxy.exchanges.binance.rest.timeout.ms", "soon",
            "proxy.exchanges.kraken.rest.url", "http://alice:S3CRET@rest:8080",
            "proxy.exchanges.coinbase.rest.password", "S3CRET"));

    assertThat(errors).hasSize(8);
    assertThat(errors.values())
        .noneMatch(message -> message.contains("S3C") || message.contains("alice"));
  }

  @Test
  void without_one_exchange_the_keys_of_exchanges_are_not_called_wrong() {
    ProxySettings.parse(
        and("proxy.exchanges.binance.rest.url", "http://one:1"), List.of(), errors::put);

    assertThat(errors).isEmpty();
  }

  @Test
  void lists_the_keys_of_the_default_and_of_each_exchange() {
    assertThat(ProxySettings.keys(List.of("binance")))
        .extracting(ProxyKey::name)
        .containsExactly(
            "proxy.enabled",
            "proxy.default.rest.url",
            "proxy.default.rest.username",
            "proxy.default.rest.password",
            "proxy.default.rest.timeout.ms",
            "proxy.default.websocket.url",
            "proxy.default.websocket.username",
            "proxy.default.websocket.password",
            "proxy.default.websocket.timeout.ms",
            "proxy.exchanges.binance.rest.url",
            "proxy.exchanges.binance.rest.username",
            "proxy.exchanges.binance.rest.password",
            "proxy.exchanges.binance.rest.timeout.ms",
            "proxy.exchanges.binance.websocket.url",
            "proxy.exchanges.binance.websocket.username",
            "proxy.exchanges.binance.websocket.password",
            "proxy.exchanges.binance.websocket.timeout.ms");
  }

  @Test
  void keys_that_may_carry_a_password_are_secret() {
    assertThat(ProxySettings.keys(EXCHANGES))
        .filteredOn(key -> key.name().endsWith(".url") || key.name().endsWith(".password"))
        .hasSize(12)
        .allMatch(key -> key.type().isSecret());
  }

  @Test
  void every_listed_key_is_understood() {
    for (ProxyKey key : ProxySettings.keys(EXCHANGES)) {
      parse(and(key.name(), "true"));
    }

    assertThat(errors.values()).noneMatch(message -> message.startsWith("unknown"));
  }
}
