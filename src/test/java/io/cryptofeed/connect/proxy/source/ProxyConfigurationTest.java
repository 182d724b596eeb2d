package io.cryptofeed.connect.proxy.source;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.cryptofeed.connect.proxy.settings.ConnectSettings;
import io.cryptofeed.connect.proxy.settings.Credentials;
import io.cryptofeed.connect.proxy.settings.Fallback;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Route;
import io.cryptofeed.connect.proxy.settings.Strategy;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.settings.Via;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyConfigurationTest {

  private static final List<String> EXCHANGES = List.of("binance", "coinbase");
  private static final List<String> KNOWN = List.of("binance", "coinbase", "okx", "kraken");

  @TempDir private Path folder;

  private final Map<String, List<String>> errors = new LinkedHashMap<>();
  private List<String> warnings = List.of();

  private ProxySettings read(Map<String, String> properties, Map<String, String> environment) {
    ProxyConfiguration.Reading reading =
        ProxyConfiguration.read(
            new ProxyConfiguration.Inputs(
                properties, environment, EXCHANGES, KNOWN, ProxyConfigurationTest::replaced),
            (key, message) -> errors.computeIfAbsent(key, any -> new ArrayList<>()).add(message));
    warnings = reading.warnings();
    return reading.settings();
  }

  /** Knows one placeholder. */
  private static Map<String, String> replaced(Map<String, String> values) {
    Map<String, String> replaced = new HashMap<>();
    values.forEach(
        (key, value) -> {
          if (value.contains("${env:MISSING}")) {
            throw new IllegalStateException("S3CRET");
          }
          replaced.put(key, value.replace("${env:WORD}", "from-a-provider"));
        });
    return replaced;
  }

  private ProxySettings parse(Map<String, String> properties) {
    return read(properties, Map.of());
  }

  private ProxySettings sound(Map<String, String> properties) {
    ProxySettings settings = parse(properties);
    assertThat(errors).isEmpty();
    return settings;
  }

  private ProxySettings ofYaml(String... lines) throws IOException {
    Path file = folder.resolve("proxies.yaml");
    Files.writeString(file, String.join("\n", lines) + "\n");
    return read(Map.of("proxy.config.file", file.toString()), Map.of());
  }

  private ProxySettings ofVariables(String... namesAndValues) {
    return read(Map.of(), map(namesAndValues));
  }

  private static Map<String, String> map(String... keysAndValues) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /** Properties in which every exchange has a proxy, and these besides. */
  private static Map<String, String> and(String... keysAndValues) {
    Map<String, String> properties =
        map(
            "proxy.enabled", "true",
            "proxy.default.rest.url", "http://rest:8080",
            "proxy.default.websocket.url", "socks5://ws:1080");
    properties.putAll(map(keysAndValues));
    return properties;
  }

  /** Properties in which all go through the pool {@code eu}, and these besides. */
  private static Map<String, String> pooled(String... keysAndValues) {
    Map<String, String> properties =
        map(
            "proxy.enabled", "true",
            "proxy.default.rest.pool", "eu",
            "proxy.default.websocket.pool", "eu");
    properties.putAll(map(keysAndValues));
    return properties;
  }

  private static Route route(ProxySettings settings, String exchange, Transport transport) {
    return settings.route(exchange, transport, null, null, 0).orElseThrow();
  }

  private static String way(ProxySettings settings, String exchange, Transport transport) {
    return route(settings, exchange, transport).via().toString();
  }

  private static List<String> members(ProxySettings settings, String pool) {
    return requireNonNull(settings.pools().get(pool)).members().stream()
        .map(member -> member.url().toString())
        .toList();
  }

  // Ways.

  @Test
  void without_proxy_keys_everything_is_direct() {
    ProxySettings settings = sound(Map.of("exchanges", "binance", "topic.prefix", "crypto"));

    assertThat(settings).isEqualTo(ProxySettings.disabled());
    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("direct");
  }

  @Test
  void each_transport_has_a_proxy_of_its_own() {
    ProxySettings settings = sound(and());

    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("http://rest:8080");
    assertThat(route(settings, "binance", Transport.REST).source())
        .hasToString("proxy.default.rest.url from connector property");
    assertThat(way(settings, "coinbase", Transport.WEBSOCKET)).isEqualTo("socks5://ws:1080");
  }

  @Test
  void an_exchange_replaces_the_default_of_one_transport_and_inherits_the_other() {
    ProxySettings settings =
        sound(and("proxy.exchanges.binance.websocket.url", "socks5://tokyo:1080"));

    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("socks5://tokyo:1080");
    assertThat(route(settings, "binance", Transport.WEBSOCKET).source().key())
        .isEqualTo("proxy.exchanges.binance.websocket.url");
    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("http://rest:8080");
    assertThat(way(settings, "coinbase", Transport.WEBSOCKET)).isEqualTo("socks5://ws:1080");
  }

  @Test
  void an_exchange_may_go_direct_where_it_says_so() {
    ProxySettings settings = sound(and("proxy.exchanges.binance.rest.url", "DIRECT"));

    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("direct");
    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("socks5://ws:1080");
  }

  @Test
  void the_default_may_be_direct_for_all_but_one_exchange() {
    ProxySettings settings =
        sound(
            and(
                "proxy.default.rest.url", "direct",
                "proxy.default.websocket.url", "direct",
                "proxy.exchanges.binance.rest.url", "http://tokyo:8080"));

    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("http://tokyo:8080");
    assertThat(way(settings, "coinbase", Transport.REST)).isEqualTo("direct");
  }

  @Test
  void what_is_not_configured_is_refused_unless_it_is_said_to_be_direct() {
    Map<String, String> properties = and();
    properties.remove("proxy.default.websocket.url");
    parse(properties);
    assertThat(errors)
        .containsOnlyKeys("proxy.default.websocket.url")
        .containsEntry(
            "proxy.default.websocket.url",
            List.of(
                "no proxy for the websocket connections of binance, coinbase; set one, or write"
                    + " 'direct' to go without"));

    errors.clear();
    properties.put("proxy.unmatched", "direct");
    assertThat(way(sound(properties), "binance", Transport.WEBSOCKET)).isEqualTo("direct");
  }

  @Test
  void destinations_that_need_no_proxy_are_direct() {
    ProxySettings settings = sound(and("proxy.no.proxy", "*.internal, 10.0.0.0/8, exact.test"));

    assertThat(settings.route("binance", Transport.REST, null, "api.internal", 443))
        .hasValueSatisfying(route -> assertThat(route.via()).isEqualTo(new Via.Direct()));
    assertThat(settings.route("binance", Transport.REST, null, "10.1.2.3", 443))
        .hasValueSatisfying(route -> assertThat(route.via()).isEqualTo(new Via.Direct()));
    assertThat(settings.route("binance", Transport.REST, null, "other.test", 443))
        .hasValueSatisfying(route -> assertThat(route.via()).hasToString("http://rest:8080"));
  }

  @Test
  void credentials_may_stand_beside_the_url() {
    ProxySettings settings =
        sound(
            and(
                "proxy.default.websocket.username", "jürgen",
                "proxy.default.websocket.password", "p@ss:w/r%d"));

    Via.Proxy proxy = (Via.Proxy) route(settings, "binance", Transport.WEBSOCKET).via();
    assertThat(proxy.url().credentials()).isEqualTo(new Credentials("jürgen", "p@ss:w/r%d"));
    assertThat(proxy).hasToString("socks5://***@ws:1080");
  }

  @Test
  void an_exchange_with_a_proxy_of_its_own_does_not_send_it_the_credentials_of_another() {
    ProxySettings settings =
        sound(
            and(
                "proxy.default.websocket.username", "alice",
                "proxy.default.websocket.password", "S3CRET",
                "proxy.exchanges.binance.websocket.url", "socks5://tokyo:1080"));

    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("socks5://tokyo:1080");
    assertThat(way(settings, "coinbase", Transport.WEBSOCKET)).isEqualTo("socks5://***@ws:1080");
  }

  @Test
  void an_exchange_inherits_the_timeout_or_sets_its_own() {
    ProxySettings settings =
        sound(
            and(
                "proxy.default.rest.timeout.ms", "5000",
                "proxy.exchanges.binance.rest.timeout.ms", "1000",
                "proxy.exchanges.coinbase.rest.url", "direct"));

    assertThat(route(settings, "binance", Transport.REST).timeout()).hasSeconds(1);
    assertThat(route(settings, "coinbase", Transport.REST).timeout()).hasSeconds(5);
    assertThat(route(settings, "binance", Transport.WEBSOCKET).timeout()).hasSeconds(30);
  }

  @Test
  void disabled_proxies_may_stay_configured_with_one_word_about_it() {
    ProxySettings settings = sound(and("proxy.enabled", "false"));

    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("direct");
    assertThat(warnings)
        .containsExactly("proxy.enabled: false, so that the other proxy settings have no effect");
  }

  @Test
  void disabled_proxies_are_validated_all_the_same() {
    parse(and("proxy.enabled", "false", "proxy.default.rest.url", "proxy:1080"));

    assertThat(errors).containsOnlyKeys("proxy.default.rest.url");
  }

  @Test
  void settings_with_faults_have_no_route_at_all() {
    ProxySettings settings = parse(and("proxy.exchanges.binance.rest.url", "proxy:1080"));

    assertThat(errors).hasSize(1);
    assertThat(settings.route("coinbase", Transport.WEBSOCKET, null, null, 0)).isEmpty();
  }

  @Test
  void an_exchange_is_read_in_any_case_and_with_hyphens() {
    ProxySettings settings =
        ProxyConfiguration.parse(
            and("proxy.exchanges.Binance-Futures.rest.url", "http://tokyo:8080"),
            List.of("binance_futures"),
            (key, message) -> errors.put(key, List.of(message)));

    assertThat(errors).isEmpty();
    assertThat(way(settings, "binance_futures", Transport.REST)).isEqualTo("http://tokyo:8080");
  }

  @Test
  void the_same_value_in_two_spellings_of_an_exchange_is_no_fault() {
    sound(
        and(
            "proxy.exchanges.BINANCE.rest.url", "http://one:1",
            "proxy.exchanges.binance.http.url", "http://one:1"));
  }

  // Pools.

  @Test
  void a_pool_is_a_list_of_urls_or_numbered_members_in_numeric_order() {
    ProxySettings settings =
        sound(
            pooled(
                "proxy.pools.eu.members", "socks5://a:1, socks5://b:2\nhttp://u:p@c:3",
                "proxy.pools.eu.members.10.url", "socks5://e:5",
                "proxy.pools.eu.members.3.url", "socks5://d:4",
                "proxy.pools.eu.members.3.weight", "2.5",
                "proxy.pools.eu.members.3.region", "de",
                "proxy.pools.eu.members.3.priority", "7",
                "proxy.pools.eu.members.3.username", "alice",
                "proxy.pools.eu.members.3.password", "S3CRET",
                "proxy.pools.eu.members.10.enabled", "false"));

    assertThat(members(settings, "eu"))
        .containsExactly(
            "socks5://a:1", "socks5://b:2", "http://***@c:3", "socks5://***@d:4", "socks5://e:5");
    MemberSettings third = requireNonNull(settings.pools().get("eu")).members().get(3);
    assertThat(third.weight()).isEqualTo(2.5);
    assertThat(third.region()).isEqualTo("DE");
    assertThat(third.priority()).isEqualTo(7);
    assertThat(requireNonNull(settings.pools().get("eu")).members().get(4).enabled()).isFalse();
    assertThat(way(settings, "coinbase", Transport.REST)).isEqualTo("pool:eu");
  }

  @Test
  void the_same_proxy_with_another_user_is_another_member() {
    assertThat(
            members(sound(pooled("proxy.pools.eu.members", "http://a:x@p:1,http://b:x@p:1")), "eu"))
        .hasSize(2);
  }

  @Test
  void every_setting_of_a_pool_is_read() {
    ProxySettings settings =
        sound(
            pooled(
                "proxy.pools.eu.members", "socks5://a:1,socks5://b:1",
                "proxy.pools.eu.strategy", "least_latency",
                "proxy.pools.eu.sticky", "exchange",
                "proxy.pools.eu.sticky.ttl.ms", "1000",
                "proxy.pools.eu.tolerance.ms", "20",
                "proxy.pools.eu.explore.percent", "7",
                "proxy.pools.eu.panic", "all",
                "proxy.pools.eu.panic.percent", "33",
                "proxy.pools.eu.max.connections", "9",
                "proxy.pools.eu.max.connects.per.5m", "300",
                "proxy.pools.eu.weight.per.minute", "6000",
                "proxy.pools.eu.cooldown.statuses", "429",
                "proxy.pools.eu.cooldown.ms", "5000",
                "proxy.pools.eu.rotate.on.status", "403,451"));

    PoolSettings pool = requireNonNull(settings.pools().get("eu"));
    assertThat(pool.strategy()).isEqualTo(Strategy.LATENCY);
    assertThat(pool.stickyTtl()).isEqualTo(Duration.ofSeconds(1));
    assertThat(pool.tolerance()).isEqualTo(Duration.ofMillis(20));
    assertThat(pool.explorePercent()).isEqualTo(7);
    assertThat(pool.panics()).isTrue();
    assertThat(pool.panicPercent()).isEqualTo(33);
    assertThat(pool.maxConnections()).isEqualTo(9);
    assertThat(pool.maxConnectsPer5m()).isEqualTo(300);
    assertThat(pool.weightPerMinute()).isEqualTo(6000);
    assertThat(pool.cooldownStatuses()).containsExactly(429);
    assertThat(pool.cooldown()).isEqualTo(Duration.ofSeconds(5));
    assertThat(pool.rotateStatuses()).containsExactlyInAnyOrder(403, 451);
  }

  @Test
  void a_fallback_is_a_pool_or_direct_for_all_or_for_one_exchange() {
    ProxySettings settings =
        sound(
            pooled(
                "proxy.pools.eu.members", "socks5://a:1",
                "proxy.pools.backup.members", "socks5://b:1",
                "proxy.fallback", "pool:backup",
                "proxy.exchanges.binance.fallback", "direct"));

    assertThat(route(settings, "coinbase", Transport.REST).fallback())
        .isEqualTo(new Fallback.Pool("backup"));
    assertThat(route(settings, "binance", Transport.REST).fallback())
        .isEqualTo(new Fallback.Direct());
    assertThat(warnings).singleElement().asString().contains("go around their proxies");
  }

  // Regions.

  @Test
  void a_rule_by_region_comes_after_the_exchange_and_before_the_default() {
    ProxySettings settings =
        sound(
            and(
                "proxy.regional.enabled", "true",
                "proxy.region", "us",
                "proxy.regional.rules.2.url", "http://second:1",
                "proxy.regional.rules.1.regions", "US,CA",
                "proxy.regional.rules.1.exchanges", "binance",
                "proxy.regional.rules.1.transports", "ws",
                "proxy.regional.rules.1.url", "http://first:1",
                "proxy.exchanges.coinbase.rest.url", "http://own:1"));

    assertThat(settings.routing().regional().region()).isEqualTo("US");
    assertThat(regional(settings, "binance", Transport.WEBSOCKET, "US"))
        .isEqualTo("http://first:1");
    assertThat(regional(settings, "binance", Transport.REST, "US")).isEqualTo("http://second:1");
    assertThat(regional(settings, "coinbase", Transport.REST, "US")).isEqualTo("http://own:1");
    assertThat(regional(settings, "binance", Transport.WEBSOCKET, "DE"))
        .isEqualTo("http://second:1");
  }

  private static String regional(
      ProxySettings settings, String exchange, Transport transport, String region) {
    return settings.route(exchange, transport, region, null, 0).orElseThrow().via().toString();
  }

  @Test
  void a_region_without_a_rule_has_the_regional_fallback() {
    ProxySettings settings =
        sound(
            and(
                "proxy.regional.enabled", "true",
                "proxy.region", "DE",
                "proxy.regional.rules.1.regions", "US",
                "proxy.regional.rules.1.url", "http://first:1",
                "proxy.regional.fallback.url", "http://elsewhere:1"));

    assertThat(regional(settings, "binance", Transport.REST, "DE")).isEqualTo("http://elsewhere:1");
  }

  // Sources.

  @Test
  void the_environment_counts_more_than_yaml_and_yaml_more_than_properties_key_by_key()
      throws IOException {
    Path file = folder.resolve("proxies.yaml");
    Files.writeString(
        file,
        """
        proxy:
          default:
            rest: {url: "http://yaml:1", timeout_seconds: 7}
            websocket: "socks5://yaml:2"
        """);

    ProxySettings settings =
        read(
            and(
                "proxy.config.file",
                file.toString(),
                "proxy.exchanges.coinbase.rest.url",
                "http://property:3"),
            map("CRYPTOFEED_PROXY_DEFAULT__REST__URL", "http://env:1"));

    assertThat(errors).isEmpty();
    Route rest = route(settings, "binance", Transport.REST);
    assertThat(rest.via()).hasToString("http://env:1");
    assertThat(rest.timeout()).hasSeconds(7);
    assertThat(rest.source())
        .hasToString("proxy.default.rest.url from env CRYPTOFEED_PROXY_DEFAULT__REST__URL");
    Route webSocket = route(settings, "binance", Transport.WEBSOCKET);
    assertThat(webSocket.via()).hasToString("socks5://yaml:2");
    assertThat(webSocket.source().place()).isEqualTo("YAML " + file + " line 4, column 16");
    assertThat(way(settings, "coinbase", Transport.REST)).isEqualTo("http://property:3");
  }

  @Test
  void the_environment_can_be_left_unread() {
    ProxySettings settings =
        read(
            and("proxy.env.enabled", "false"),
            map("PROXY_REST", "http://env:1", "PROXY_CONFIG", "x"));

    assertThat(errors).isEmpty();
    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("http://rest:8080");
  }

  @Test
  void a_proxy_of_a_stronger_source_is_not_sent_the_credentials_of_a_weaker_one() {
    ProxySettings settings =
        read(
            and(
                "proxy.default.rest.username", "alice",
                "proxy.default.rest.password", "S3CRET",
                "proxy.default.websocket.url", "socks5://bob:S3CRET@ws:1080"),
            map(
                "PROXY_REST",
                "http://other:1",
                "CRYPTOFEED_PROXY_DEFAULT__WS__POOL",
                "eu",
                "CRYPTOFEED_PROXY_POOLS__EU__MEMBERS",
                "socks5://a:1"));

    assertThat(errors).isEmpty();
    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("http://other:1");
    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("pool:eu");
    assertThat(warnings)
        .contains(
            "proxy.default.rest.password: what connector property says has no effect, because"
                + " proxy.default.rest.url is set by env PROXY_REST");
  }

  @Test
  void the_members_of_a_stronger_source_are_the_only_ones_and_a_switch_is_no_member() {
    Map<String, String> properties =
        pooled(
            "proxy.pools.eu.members.1.url", "socks5://a:1",
            "proxy.pools.eu.members.2.url", "socks5://b:1");

    assertThat(
            members(
                read(properties, map("CRYPTOFEED_PROXY_POOLS__EU__MEMBERS", "socks5://c:1")), "eu"))
        .containsExactly("socks5://c:1");
    ProxySettings switched =
        read(properties, map("CRYPTOFEED_PROXY_POOLS__EU__MEMBERS__2__ENABLED", "false"));

    assertThat(errors).isEmpty();
    assertThat(requireNonNull(switched.pools().get("eu")).members())
        .extracting(MemberSettings::enabled)
        .containsExactly(true, false);
  }

  @Test
  void variables_that_name_no_proxy_ask_nobody_to_enable_them() {
    assertThat(
            read(
                Map.of(),
                map(
                    "CRYPTOFEED_PROXY_REGION", "DE",
                    "CRYPTOFEED_PROXY_SERVICE_HOST", "10.0.0.1",
                    "CRYPTOFEED_PROXY_PORT_1080_TCP_ADDR", "10.0.0.1")))
        .isEqualTo(ProxySettings.disabled());
    assertThat(errors).isEmpty();
  }

  @Test
  void a_password_may_begin_like_a_list() {
    ProxySettings settings =
        read(
            and("proxy.default.rest.username", "alice"),
            map("CRYPTOFEED_PROXY_DEFAULT__REST__PASSWORD", "{S3CRET"));

    assertThat(errors).isEmpty();
    Via.Proxy proxy = (Via.Proxy) route(settings, "binance", Transport.REST).via();
    assertThat(proxy.url().credentials()).isEqualTo(new Credentials("alice", "{S3CRET"));
  }

  static Stream<String> keysThatAreNoSecrets() {
    return ProxyConfiguration.keys(
            EXCHANGES, List.of("proxy.pools.eu.members.1.url", "proxy.regional.rules.1.url"))
        .stream()
        .filter(key -> !key.type().isSecret())
        .map(ProxyKey::name);
  }

  @ParameterizedTest
  @MethodSource("keysThatAreNoSecrets")
  void a_url_in_the_wrong_place_does_not_show_its_password(String key) {
    List<String> shown = new ArrayList<>();
    shown.add(String.valueOf(parse(and(key, "http://alice:S3CRET@p:1"))));
    shown.addAll(warnings);
    shown.add(
        String.valueOf(read(and(), map(EnvironmentSource.name(key), "http://alice:S3CRET@p:1"))));
    shown.addAll(warnings);
    errors.values().forEach(shown::addAll);

    assertThat(shown).noneMatch(text -> text.contains("S3CRET"));
  }

  static Stream<Arguments> variables() {
    return Stream.of(
        arguments("CRYPTOFEED_PROXY_DEFAULT__HTTP__URL", "http://x:1", "binance", Transport.REST),
        arguments(
            "CRYPTOFEED_PROXY_DEFAULT__WS__URL", "http://x:1", "binance", Transport.WEBSOCKET),
        arguments("CRYPTOFEED_PROXY_DEFAULT__REST", "http://x:1", "binance", Transport.REST),
        arguments("CRYPTOFEED_PROXY_DEFAULT_REST", "http://x:1", "coinbase", Transport.REST),
        arguments(
            "CRYPTOFEED_PROXY_DEFAULT_WEBSOCKET", "http://x:1", "coinbase", Transport.WEBSOCKET),
        arguments(
            "CRYPTOFEED_PROXY_BINANCE_WEBSOCKET", "http://x:1", "binance", Transport.WEBSOCKET),
        arguments(
            "CRYPTOFEED_PROXY_EXCHANGES__BINANCE__WEBSOCKET__URL",
            "http://x:1",
            "binance",
            Transport.WEBSOCKET),
        arguments("PROXY_REST", "http://x:1", "binance", Transport.REST),
        arguments("PROXY_WEBSOCKET", "http://x:1", "binance", Transport.WEBSOCKET));
  }

  @ParameterizedTest
  @MethodSource("variables")
  void reads_each_form_of_a_variable(
      String name, String value, String exchange, Transport transport) {
    ProxySettings settings = read(and(), map(name, value));

    assertThat(errors).isEmpty();
    assertThat(way(settings, exchange, transport)).isEqualTo(value);
    assertThat(route(settings, exchange, transport).source().place()).isEqualTo("env " + name);
  }

  @Test
  void reads_other_settings_from_variables_too() {
    ProxySettings settings =
        ofVariables(
            "CRYPTOFEED_PROXY_ENABLED", "true",
            "CRYPTOFEED_PROXY_DEFAULT__HTTP__POOL",
                "{\"proxies\": [{\"url\": \"socks5://a:1\", \"weight\": 2}, {\"url\": \"socks5://b:1\"}],"
                    + " \"strategy\": \"weighted\"}",
            "CRYPTOFEED_PROXY_DEFAULT__WEBSOCKET__POOL", "eu",
            "CRYPTOFEED_PROXY_POOLS__EU__MEMBERS", "[\"socks5://c:1\"]",
            "CRYPTOFEED_PROXY_POOLS__EU__MAX_CONNECTS_PER_5M", "300",
            "CRYPTOFEED_PROXY_DEFAULT__HTTP__TIMEOUT_SECONDS", "15",
            "CRYPTOFEED_PROXY_CIRCUIT__OPEN_MAX_MS", "20000",
            "CRYPTOFEED_PROXY_REQUIRE_AUTH", "false",
            "CRYPTOFEED_PROXY_REGION", "de");

    assertThat(errors).isEmpty();
    assertThat(requireNonNull(settings.pools().get("_default_rest")).strategy())
        .isEqualTo(Strategy.WEIGHTED);
    assertThat(members(settings, "_default_rest")).containsExactly("socks5://a:1", "socks5://b:1");
    assertThat(members(settings, "eu")).containsExactly("socks5://c:1");
    assertThat(requireNonNull(settings.pools().get("eu")).maxConnectsPer5m()).isEqualTo(300);
    assertThat(route(settings, "binance", Transport.REST).timeout()).hasSeconds(15);
    assertThat(settings.circuit().openMax()).hasSeconds(20);
    assertThat(settings.routing().regional().region()).isEqualTo("DE");
  }

  @Test
  void to_set_the_plain_variables_is_to_enable_proxies() {
    ProxySettings settings = ofVariables("PROXY_REST", "http://x:1", "PROXY_WEBSOCKET", "direct");

    assertThat(errors).isEmpty();
    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("http://x:1");
  }

  @Test
  void variables_of_exchanges_that_this_connector_does_not_use_are_for_others() {
    read(and(), map("CRYPTOFEED_PROXY_OKX_REST", "http://x:1"));

    assertThat(errors).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost,127.0.0.1,::1 | localhost 127.0.0.1 ::1 x.localhost | 127.0.0.2 ::2 exchange.test",
        "[::1] | ::1 | ::2",
        "[::1]:8443,10.0.0.1:80 | | ::1 10.0.0.1",
        "[::1]:443, 10.0.0.1:443 | ::1 10.0.0.1 | 10.0.0.2",
        "fd00::/8 10.0.0.0/8 | fd00::5 10.9.9.9 | fe80::1 11.0.0.1",
        "exchange.test | exchange.test api.exchange.test EXCHANGE.TEST | other-exchange.test test",
        ".exchange.test | api.exchange.test | exchange.test",
        "*.exchange.test | api.exchange.test | exchange.test",
        "exchange.test. | exchange.test api.exchange.test | other.test",
        "exchange.test:443 | exchange.test api.exchange.test | other.test",
        "exchange.test:8443 | | exchange.test",
        " ,, a.test ,b.test  c.test, | a.test b.test c.test | d.test",
        "* | anything.test 1.2.3.4 ::1 | ",
        "<local>,10.*,a.test,http://b.test | a.test | 10.1.1.1 b.test local",
      })
  void no_proxy_is_read_as_curl_and_go_read_it(
      String value, @Nullable String direct, @Nullable String proxied) {
    ProxySettings settings =
        read(
            map("proxy.enabled", "true", "proxy.env.standard", "true"),
            map("HTTPS_PROXY", "http://127.0.0.1:3128", "NO_PROXY", value));

    assertThat(errors).isEmpty();
    for (String host : words(direct)) {
      assertThat(settings.route("binance", Transport.REST, null, host, 443))
          .as(host)
          .hasValueSatisfying(route -> assertThat(route.via()).isEqualTo(new Via.Direct()));
    }
    for (String host : words(proxied)) {
      assertThat(settings.route("binance", Transport.REST, null, host, 443))
          .as(host)
          .hasValueSatisfying(route -> assertThat(route.via()).isNotEqualTo(new Via.Direct()));
    }
  }

  private static List<String> words(@Nullable String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }

  @Test
  void the_variables_of_other_programs_count_only_when_asked_for_and_where_nothing_else_is_said() {
    Map<String, String> environment =
        map("HTTPS_PROXY", "http://standard:1", "NO_PROXY", "localhost,.internal");

    assertThat(way(read(and(), environment), "binance", Transport.REST))
        .isEqualTo("http://rest:8080");
    Map<String, String> properties =
        map(
            "proxy.enabled", "true",
            "proxy.env.standard", "true",
            "proxy.default.rest.url", "http://rest:8080");
    ProxySettings settings = read(properties, environment);

    assertThat(errors).isEmpty();
    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("http://rest:8080");
    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("http://standard:1");
    assertThat(settings.route("binance", Transport.REST, null, "x.internal", 443))
        .hasValueSatisfying(route -> assertThat(route.via()).isEqualTo(new Via.Direct()));
  }

  @Test
  void reads_a_document_in_a_variable_or_a_path() throws IOException {
    Path file = folder.resolve("proxies.yaml");
    Files.writeString(
        file, "proxy:\n  enabled: true\n  default: {rest: 'http://f:1', ws: direct}\n");

    assertThat(way(ofVariables("PROXY_CONFIG", Files.readString(file)), "binance", Transport.REST))
        .isEqualTo("http://f:1");
    for (String variable : List.of("CRYPTOFEED_CONFIG", "CRYPTOFEED_PROXY_CONFIG__FILE")) {
      assertThat(way(ofVariables(variable, file.toString()), "binance", Transport.REST))
          .isEqualTo("http://f:1");
    }
    assertThat(errors).isEmpty();
  }

  @Test
  void reads_the_layout_with_high_availability() throws IOException {
    ProxySettings settings =
        ofYaml(
            "other: {ignored: true}",
            "proxy:",
            "  enabled: true",
            "  high_availability:",
            "    proxy_pool:",
            "      rest: ['http://a:1', {url: 'http://b:1', weight: 2}]",
            "      websocket:",
            "        - socks5://c:1",
            "    failover:",
            "      enabled: true",
            "      health_check_interval: 10",
            "      retry_failed_after: 60",
            "    load_balancing:",
            "      method: least_connections",
            "  health_check: {enabled: true, interval: 20, timeout: 3}",
            "  fallback: {enabled: true, method: direct_connection}",
            "  regional:",
            "    enabled: true",
            "    region: us",
            "    rules:",
            "      - regions: [US]",
            "        exchanges: [binance]",
            "        url: http://us:1",
            "  monitoring: {enabled: true, detailed_logging: true, log_credentials: false,",
            "    latency_alert_ms: 700, success_rate_alert_percent: 90}");

    assertThat(errors)
        .containsOnlyKeys("proxy.health.interval.ms")
        .containsEntry(
            "proxy.health.interval.ms",
            List.of(
                "proxy.health.interval.ms is configured twice with different values, as "
                    + folder.resolve("proxies.yaml")
                    + " line 11, column 30 and as "
                    + folder.resolve("proxies.yaml")
                    + " line 15, column 43; keep one (from YAML "
                    + folder.resolve("proxies.yaml")
                    + " line 15, column 43)"));
    errors.clear();
    settings =
        ofYaml(
            Files.readString(folder.resolve("proxies.yaml"))
                .replace("      health_check_interval: 10\n", ""));

    assertThat(errors).isEmpty();
    assertThat(members(settings, "default_rest")).containsExactly("http://a:1", "http://b:1");
    assertThat(requireNonNull(settings.pools().get("default_websocket")).strategy())
        .isEqualTo(Strategy.LEAST_CONNECTIONS);
    assertThat(regional(settings, "coinbase", Transport.REST, "US")).isEqualTo("pool:default_rest");
    assertThat(regional(settings, "binance", Transport.REST, "US")).isEqualTo("http://us:1");
    assertThat(settings.failover().retryFailedAfter()).hasSeconds(60);
    assertThat(settings.health().interval()).hasSeconds(20);
    assertThat(settings.health().timeout()).hasSeconds(3);
    assertThat(settings.routing().fallback()).isEqualTo(new Fallback.Direct());
    assertThat(settings.monitoring().detailedLogging()).isTrue();
    assertThat(settings.monitoring().latencyAlert()).hasMillis(700);
  }

  @Test
  void reads_the_layout_of_dotted_keys() throws IOException {
    ProxySettings settings =
        ofYaml(
            "proxy:",
            "  enabled: true",
            "  default:",
            "    http: {url: 'http://a:1', timeout_seconds: 12, username: al, password: '${env:WORD}'}",
            "    websocket: {pool: eu}",
            "  exchanges:",
            "    Binance:",
            "      ws: socks5://own:1",
            "      fallback: 'pool:eu'",
            "  pools:",
            "    eu:",
            "      members:",
            "        - {url: 'socks5://b:1', region: DE, priority: 2}",
            "      strategy: failover",
            "      cooldown: {statuses: [418, 429], ms: 1000}",
            "      rotate: {on: {status: 451}}",
            "  manager: {class: dns, refresh_interval: 30, config: {name: x.test, port: 1080}}",
            "  tls: {pins: ['sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=']}",
            "  health: {method: tcp, target: 'x.test:443'}",
            "  connect: {headers: {X-Team: market-data}}",
            "  performance: {latency_optimization: false}");

    assertThat(errors).isEmpty();
    Via.Proxy rest = (Via.Proxy) route(settings, "coinbase", Transport.REST).via();
    assertThat(rest.url().credentials()).isEqualTo(new Credentials("al", "from-a-provider"));
    assertThat(route(settings, "coinbase", Transport.REST).timeout()).hasSeconds(12);
    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("socks5://own:1");
    assertThat(requireNonNull(settings.pools().get("eu")).cooldown()).hasSeconds(1);
    assertThat(requireNonNull(settings.pools().get("eu")).rotateStatuses()).containsExactly(451);
    assertThat(requireNonNull(settings.manager()).refresh()).hasSeconds(30);
    assertThat(settings.tls().proxyPins()).hasSize(1);
    assertThat(settings.health().method()).isEqualTo(HealthSettings.Method.TCP);
    assertThat(settings.connect())
        .isEqualTo(
            new ConnectSettings(ConnectSettings.Dns.AUTO, true, Map.of("X-Team", "market-data")));
  }

  // Faults.

  static Stream<Arguments> faults() {
    String range = "must be 1000..300000 milliseconds, was ";
    return Stream.of(
        arguments("proxy.enabled", "yes", "proxy.enabled", "must be true or false, was 'yes'"),
        arguments(
            "proxy.defualt.rest.url",
            "http://p:1",
            "proxy.defualt.rest.url",
            "did you mean proxy.default.rest.url?"),
        arguments(
            "proxy.exchange.binance.rest.url",
            "http://p:1",
            "proxy.exchange.binance.rest.url",
            "did you mean proxy.exchanges.binance.rest.url?"),
        arguments("proxy.enable", "true", "proxy.enable", "did you mean proxy.enabled?"),
        arguments(
            "proxy.default.rest.uri",
            "http://p:1",
            "proxy.default.rest.uri",
            "known under proxy.default.rest: password, pool, timeout.ms, url, username"),
        arguments(
            "proxy.pools.eu.stratgy",
            "latency",
            "proxy.pools.eu.stratgy",
            "known under proxy.pools.eu: "),
        arguments(
            "proxy.exchanges.binance",
            "socks5://alice:S3CRET@p:1",
            "proxy.exchanges.binance",
            "say for which transport: proxy.exchanges.binance.rest.url or"
                + " proxy.exchanges.binance.websocket.url"),
        arguments(
            "proxy.default.url",
            "socks5://alice:S3CRET@p:1",
            "proxy.default.url",
            "say for which transport: proxy.default.rest.url or proxy.default.websocket.url"),
        arguments(
            "proxy.exchanges.okx.rest.url",
            "http://p:1",
            "proxy.exchanges.okx.rest.url",
            "exchange 'okx' is not configured; there are binance, coinbase"),
        arguments(
            "proxy.exchanges.binanse.rest.url",
            "http://p:1",
            "proxy.exchanges.binanse.rest.url",
            "exchange 'binanse' is not configured; did you mean binance?"),
        arguments(
            "proxy.default.rest.timeout.ms", "0", "proxy.default.rest.timeout.ms", range + "'0'"),
        arguments(
            "proxy.default.rest.timeout.ms", "-1", "proxy.default.rest.timeout.ms", range + "'-1'"),
        arguments(
            "proxy.default.rest.timeout.ms",
            "999999999",
            "proxy.default.rest.timeout.ms",
            range + "'999999999'"),
        arguments(
            "proxy.default.rest.timeout.ms",
            "99999999999",
            "proxy.default.rest.timeout.ms",
            range + "'99999999999'"),
        arguments(
            "proxy.default.rest.timeout.ms",
            "30s",
            "proxy.default.rest.timeout.ms",
            range + "'30s'"),
        arguments(
            "proxy.default.rest.timeout.ms", "", "proxy.default.rest.timeout.ms", range + "''"),
        arguments(
            "proxy.default.rest.password",
            "S3CRET",
            "proxy.default.rest.password",
            "a password without a user name; set the user name as well"),
        arguments(
            "proxy.default.rest.username", "", "proxy.default.rest.username", "user name is empty"),
        arguments(
            "proxy.default.rest.username",
            "al:ice",
            "proxy.default.rest.username",
            "an HTTP Basic user name cannot contain ':'"),
        arguments(
            "proxy.default.websocket.username",
            "alice",
            "proxy.default.websocket.username",
            "socks5 needs both user name and password, or neither"),
        arguments(
            "proxy.default.rest.username",
            "[hidden]",
            "proxy.default.rest.username",
            "'[hidden]' is a masked value, not the secret"),
        arguments(
            "proxy.default.rest.username",
            "${env:USER}",
            "proxy.default.rest.username",
            "unresolved ${...} placeholder: no config provider replaced it"),
        arguments(
            "proxy.exchanges.binance.rest.username",
            "alice",
            "proxy.exchanges.binance.rest.username",
            "credentials without a proxy; set proxy.exchanges.binance.rest.url as well"),
        arguments(
            "proxy.unmatched",
            "maybe",
            "proxy.unmatched",
            "unknown unmatched 'maybe'; known: fail, direct"),
        arguments(
            "proxy.fallback",
            "maybe",
            "proxy.fallback",
            "must be fail, direct or pool:<name>, was 'maybe'"),
        arguments(
            "proxy.fallback",
            "pool:eu",
            "proxy.fallback",
            "there is no pool 'eu'; set proxy.pools.<name>.members"),
        arguments(
            "proxy.exchanges.binance.fallback",
            "no",
            "proxy.exchanges.binance.fallback",
            "must be fail, direct or pool:<name>"),
        arguments(
            "proxy.region",
            "USA",
            "proxy.region",
            "'USA' is not a two-letter code, such as US or EU"),
        arguments("proxy.regional.enabled", "true", "proxy.region", "set proxy.region or"),
        arguments(
            "proxy.circuit.failure.percent",
            "0",
            "proxy.circuit.failure.percent",
            "must be 1..100, was '0'"),
        arguments(
            "proxy.circuit.failure.percent",
            "101",
            "proxy.circuit.failure.percent",
            "must be 1..100, was '101'"),
        arguments(
            "proxy.circuit.open.ms",
            "400000",
            "proxy.circuit.open.ms",
            "open.max.ms (300000) must not be smaller"),
        arguments(
            "proxy.health.interval.ms",
            "4000",
            "proxy.health.interval.ms",
            "the timeout (5000 ms) must be shorter than"),
        arguments(
            "proxy.health.target",
            "https://x.test",
            "proxy.health.target",
            "the method tunnel takes host:port"),
        arguments(
            "proxy.health.method", "http", "proxy.health.target", "the method http needs a URL"),
        arguments(
            "proxy.health.method",
            "ping",
            "proxy.health.method",
            "unknown method 'ping'; known: tcp, tunnel, http"),
        arguments(
            "proxy.health.expected.statuses",
            "ok",
            "proxy.health.expected.statuses",
            "not an HTTP status: 'ok'"),
        arguments("proxy.manager.class", "dns", "proxy.manager.config.name", "needs a name"),
        arguments("proxy.manager.refresh.ms", "10", "proxy.manager.refresh.ms", "must be 5000.."),
        arguments(
            "proxy.tls.pins",
            "sha1/AAAA",
            "proxy.tls.pins",
            "a pin is sha256/ and the Base64 of 32 bytes"),
        arguments(
            "proxy.tls.pins",
            "sha256/AAAA",
            "proxy.tls.pins",
            "a pin is sha256/ and the Base64 of 32 bytes"),
        arguments(
            "proxy.tls.pins",
            "sha256/%%%%",
            "proxy.tls.pins",
            "a pin is sha256/ and the Base64 of 32 bytes"),
        arguments(
            "proxy.pins.api.binance.com", "nonsense", "proxy.pins.api.binance.com", "is not a pin"),
        arguments(
            "proxy.tls.truststore.location",
            "/nowhere/trust.p12",
            "proxy.tls.truststore.location",
            "cannot read proxy.tls.truststore.location (there is no such file)"),
        arguments(
            "proxy.tls.truststore.type",
            "zip",
            "proxy.tls.truststore.type",
            "unknown type 'zip'; known: PKCS12, JKS, PEM"),
        arguments("proxy.allowed", "a b", "proxy.allowed", "'a b' is not a host"),
        arguments("proxy.no.proxy", "10.0.0.0/99", "proxy.no.proxy", "'10.0.0.0/99' is not a host"),
        arguments(
            "proxy.prometheus.port",
            "70000",
            "proxy.prometheus.port",
            "must be 0..65535, was '70000'"),
        arguments(
            "proxy.dns", "cloud", "proxy.dns", "unknown dns 'cloud'; known: auto, remote, local"),
        arguments(
            "proxy.connect.headers.X Y",
            "a",
            "proxy.connect.headers.X Y",
            "no HTTP header has such a name"),
        arguments(
            "proxy.config.file",
            "/nowhere/p.yaml",
            "proxy.config.file",
            "there is no file /nowhere/p.yaml"),
        arguments(
            "proxy.exchanges.binance.rest.pool",
            "usa",
            "proxy.exchanges.binance.rest.pool",
            "there is no pool 'usa'; set proxy.pools."));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void reports_a_fault_on_its_key(String key, String value, String place, String message) {
    parse(and(key, value));

    assertThat(errors).containsOnlyKeys(place);
    assertThat(errors.get(place)).singleElement().asString().contains(message);
  }

  static Stream<Arguments> faultsOfPools() {
    return Stream.of(
        arguments("proxy.pools.eu.members", "", "pool 'eu' has no members (an empty pool never"),
        arguments("proxy.pools.eu.members", " , ", "pool 'eu' is empty"),
        arguments(
            "proxy.pools.eu.members", "http://a:1,,http://b:1", "member 2 of pool 'eu' is empty"),
        arguments("proxy.pools.eu.members", "http://a:1,direct", "a pool cannot contain 'direct'"),
        arguments(
            "proxy.pools.eu.members",
            "http://u:S3CRET@a",
            "member 1 of pool 'eu': port is missing"),
        arguments("proxy.pools.eu.members.1.url", "direct", "a pool cannot contain 'direct'"),
        arguments("proxy.pools.eu.members.1.weight", "0", "must be 0.1..10, was '0'"),
        arguments("proxy.pools.eu.members.1.weight", "-1", "must be 0.1..10, was '-1'"),
        arguments("proxy.pools.eu.members.1.weight", "11", "must be 0.1..10, was '11'"),
        arguments("proxy.pools.eu.members.1.weight", "NaN", "must be 0.1..10, was 'NaN'"),
        arguments("proxy.pools.eu.members.1.weight", "heavy", "must be 0.1..10, was 'heavy'"),
        arguments("proxy.pools.eu.members.1.priority", "first", "must be 0..1000000, was 'first'"),
        arguments(
            "proxy.pools.eu.strategy", "fastest", "unknown strategy 'fastest'; known: round_robin"),
        arguments("proxy.pools.eu.sticky", "glue", "unknown sticky 'glue'; known: connection"),
        arguments("proxy.pools.eu.panic", "yes", "unknown panic 'yes'; known: fail, all"),
        arguments(
            "proxy.pools.eu.cooldown.statuses",
            "teapot,999",
            "not an HTTP status: 'teapot', '999'"),
        arguments("proxy.pools.eu.cooldown.ms", "1", "must be 1000.."),
        arguments("proxy.pools.eu.rotate.on.status", "geo", "not an HTTP status: 'geo'"),
        arguments("proxy.fallback", "pool:eu", "the backup pool is the pool itself"),
        arguments("proxy.default.rest.url", "http://a:1", "both proxy.default.rest.url and"));
  }

  @ParameterizedTest
  @MethodSource("faultsOfPools")
  void reports_a_fault_of_a_pool(String key, String value, String message) {
    Map<String, String> properties = pooled(key, value);
    if (!key.equals("proxy.pools.eu.members") && !key.startsWith("proxy.pools.eu.members.1.url")) {
      properties.put("proxy.pools.eu.members.1.url", "http://a:1");
    }

    parse(properties);

    assertThat(errors.values().stream().flatMap(List::stream))
        .isNotEmpty()
        .allMatch(error -> error.contains(message) || error.contains("' is empty"))
        .anyMatch(error -> error.contains(message));
    String place = key.equals("proxy.default.rest.url") ? "proxy.default.rest.pool" : key;
    assertThat(errors).containsOnlyKeys(place);
  }

  @Test
  void a_pool_of_which_no_member_is_enabled_is_a_fault() {
    parse(
        pooled(
            "proxy.pools.eu.members.1.url", "http://a:1",
            "proxy.pools.eu.members.1.enabled", "false"));

    assertThat(errors)
        .containsEntry("proxy.pools.eu.members", List.of("pool 'eu' has no enabled member"));
  }

  @Test
  void a_pool_without_members_is_none_unless_a_manager_supplies_them() {
    ProxySettings settings =
        sound(
            pooled(
                "proxy.manager.class", "dns",
                "proxy.manager.pools", "eu",
                "proxy.manager.config.srv", "_socks5._tcp.proxies.test"));

    assertThat(requireNonNull(settings.pools().get("eu")).members()).isEmpty();
    assertThat(requireNonNull(settings.manager()).config())
        .containsEntry("srv", "_socks5._tcp.proxies.test");
  }

  static Stream<Arguments> warnings() {
    return Stream.of(
        arguments(and("proxy.pools.eu.members", "http://a:1"), "pool 'eu' is not used"),
        arguments(
            pooled(
                "proxy.pools.eu.members", "http://a:1,http://b:1",
                "proxy.pools.eu.strategy", "weighted"),
            "weighted, but all members have the same weight"),
        arguments(and("proxy.dns", "local"), "resolved by the worker"),
        arguments(and("proxy.fallback", "direct"), "go around their proxies"),
        arguments(and("proxy.region", "QQ"), "'QQ' is the code of no country"),
        arguments(
            and("proxy.tls.pins", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            "only one pin; add a backup"),
        arguments(
            and(
                "proxy.regional.enabled", "true",
                "proxy.region", "US",
                "proxy.regional.rules.1.regions", "*",
                "proxy.regional.rules.1.url", "http://a:1",
                "proxy.regional.rules.3.regions", "US",
                "proxy.regional.rules.3.exchanges", "binance",
                "proxy.regional.rules.3.url", "http://b:1"),
            "rule 3 can never match (rule 1 is first)"));
  }

  @ParameterizedTest
  @MethodSource("warnings")
  void allows_but_warns(Map<String, String> properties, String warning) {
    sound(properties);

    assertThat(warnings).anyMatch(text -> text.contains(warning));
  }

  @Test
  void refuses_proxies_that_are_not_allowed_or_have_no_credentials() {
    parse(and("proxy.allowed", "*.corp.test, rest", "proxy.require.auth", "true"));

    assertThat(errors)
        .containsEntry(
            "proxy.default.rest.url",
            List.of("http://rest:8080 has no credentials, but proxy.require.auth is true"));
    assertThat(errors.get("proxy.default.websocket.url"))
        .singleElement()
        .asString()
        .contains("proxy host 'ws' is not among those of proxy.allowed");
  }

  @Test
  void reports_two_values_for_what_is_the_same_key() {
    parse(
        and(
            "proxy.exchanges.BINANCE.rest.url", "http://one:1",
            "proxy.exchanges.binance.http.url", "http://two:2"));

    assertThat(errors).containsOnlyKeys("proxy.exchanges.binance.rest.url");
    assertThat(errors.get("proxy.exchanges.binance.rest.url"))
        .singleElement()
        .asString()
        .startsWith("exchange 'binance' is configured twice with different values");
  }

  @Test
  void reports_credentials_that_are_given_twice_or_for_nothing() {
    parse(
        and(
            "proxy.default.rest.url", "http://alice:S3CRET@rest:8080",
            "proxy.default.rest.username", "alice",
            "proxy.default.websocket.url", "direct",
            "proxy.default.websocket.password", "S3CRET"));

    assertThat(errors)
        .containsEntry(
            "proxy.default.rest.username",
            List.of("credentials are given twice, here and in proxy.default.rest.url; keep one"))
        .containsEntry(
            "proxy.default.websocket.password",
            List.of(
                "credentials without a proxy; remove them, or name the proxy in"
                    + " proxy.default.websocket.url, which is 'direct'"))
        .hasSize(2);
  }

  @Test
  void configured_proxies_must_be_enabled_or_disabled_in_so_many_words() {
    Map<String, String> properties = and();
    properties.remove("proxy.enabled");

    ProxySettings settings = parse(properties);

    assertThat(errors).containsOnlyKeys("proxy.enabled");
    assertThat(settings.route("binance", Transport.REST, null, null, 0)).isEmpty();
  }

  static Stream<Arguments> wrongVariables() {
    return Stream.of(
        arguments(
            "CRYPTOFEED_PROXY_DEFAUL__HTTP__URL",
            "http://u:S3CRET@p:1",
            "proxy.env.enabled",
            "unknown environment key CRYPTOFEED_PROXY_DEFAUL__HTTP__URL"),
        arguments(
            "CRYPTOFEED_PROXY_EXCHANGES__BINANSE__REST__URL",
            "http://p:1",
            "proxy.env.enabled",
            "unknown exchange 'binanse' in env CRYPTOFEED_PROXY_EXCHANGES__BINANSE__REST__URL;"
                + " did you mean binance?"),
        arguments(
            "CRYPTOFEED_PROXY_DEFAULT__HTTP__TIMEOUT_SECONDS",
            "0.5",
            "proxy.default.rest.timeout.ms",
            "must be a whole number of seconds 1..300, was '0.5' (from env"),
        arguments(
            "CRYPTOFEED_PROXY_DEFAULT__HTTP__POOL",
            "{\"proxies\": [",
            "proxy.env.enabled",
            "CRYPTOFEED_PROXY_DEFAULT__HTTP__POOL: not valid JSON (position"),
        arguments(
            "CRYPTOFEED_PROXY_DEFAULT__REST__URL",
            "http://${env:MISSING}:1",
            "proxy.default.rest.url",
            "the ${...} placeholder could not be resolved"),
        arguments(
            "CRYPTOFEED_PROXY_DEFAULT__REST__URL",
            "socks5://alice:S3CRET",
            "proxy.default.rest.url",
            "the port is not a number (if that was a password: user:password needs '@' and a host"
                + " after it) (from env CRYPTOFEED_PROXY_DEFAULT__REST__URL)"),
        arguments("PROXY_CONFIG", "/nowhere.yaml", "proxy.config.file", "there is no file"),
        arguments(
            "PROXY_CONFIG", "a: 1\nb: 2\n", "proxy.config.file", "has no 'proxy:' at its root"));
  }

  @ParameterizedTest
  @MethodSource("wrongVariables")
  void reports_a_fault_of_the_environment(String name, String value, String place, String message) {
    read(and(), map(name, value));

    assertThat(errors).containsOnlyKeys(place);
    assertThat(errors.get(place)).anyMatch(error -> error.contains(message));
  }

  static Stream<Arguments> wrongDocuments() {
    return Stream.of(
        arguments("proxy:\n\tenabled: true\n", "at line 2, column 1: a tab; indent with spaces"),
        arguments("proxy:\n  enabled: true\n  enabled: S3CRET\n", "a key that occurs twice"),
        arguments("proxy: [a, S3CRET]\n", "must hold keys and values"),
        arguments("proxi:\n  enabled: true\n", "has no 'proxy:' at its root"),
        arguments("", "is empty"),
        arguments("just words S3CRET", "has no 'proxy:' at its root"),
        arguments("proxy: {password: 'S3CRET\n", "is not valid YAML at line"),
        arguments("proxy:\n  log: *S3CRET\n", "is not valid YAML at line 2"),
        arguments(
            "proxy:\n  monitoring:\n    log_credentials: true\n", "credentials are never logged"),
        arguments(
            "proxy:\n  enabled: true\n  defualt: {rest: 'http://u:S3CRET@p:1'}\n", "unknown key"),
        arguments(
            "proxy:\n  enabled: true\n  default: {rest: [{a: S3CRET}]}\n", "can hold only words"),
        arguments("\u0000\u0001proxy", "is not valid YAML"),
        arguments("# " + "x".repeat(1 << 20), "it has more than 1048576 bytes"));
  }

  @ParameterizedTest
  @MethodSource("wrongDocuments")
  void reports_a_fault_of_a_document_by_its_place(String text, String message) throws IOException {
    Path file = folder.resolve("wrong.yaml");
    Files.writeString(file, text);

    read(and("proxy.config.file", file.toString()), Map.of());

    assertThat(errors).containsOnlyKeys("proxy.config.file");
    assertThat(errors.get("proxy.config.file"))
        .anyMatch(error -> error.contains(message))
        .noneMatch(error -> error.contains("S3CRET"));
  }

  @Test
  void a_document_that_is_no_text_is_a_fault() throws IOException {
    Path file = folder.resolve("binary.yaml");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

    read(and("proxy.config.file", file.toString()), Map.of());

    assertThat(errors.get("proxy.config.file"))
        .singleElement()
        .asString()
        .contains("is not UTF-8 text");
  }

  @Test
  void a_null_is_ambiguous() throws IOException {
    ofYaml("proxy:", "  enabled: true", "  default:", "    rest:", "    websocket: direct");

    assertThat(errors.get("proxy.default.rest.url"))
        .anyMatch(error -> error.startsWith("null is ambiguous: write 'direct' or remove the key"));
  }

  @Test
  void aliases_that_expand_without_end_are_a_fault() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 12; i++) {
      String before = "*a" + (i - 1);
      bomb.append("a%d: &a%d {%s}%n".formatted(i, i, entries(before)));
    }
    ofYaml(bomb + "proxy: *a11");

    assertThat(errors).containsKey("proxy.config.file");
  }

  private static String entries(String value) {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      entries.append(i == 0 ? "" : ", ").append("k").append(i).append(": ").append(value);
    }
    return entries.toString();
  }

  @Test
  void reports_all_faults_at_once_and_no_secret() {
    parse(
        map(
            "proxy.enabled", "maybe",
            "proxy.defualt.rest.url", "http://alice:S3CRET@rest:8080",
            "proxy.default.rest.url", "socks5://alice:S3C@RET@rest:8080",
            "proxy.default.websocket.url", "socks5://alice:S3CRET",
            "proxy.exchanges.binance", "http://alice:S3CRET@rest:8080",
            "proxy.exchanges.binance.rest.timeout.ms", "soon",
            "proxy.exchanges.kraken.rest.url", "http://alice:S3CRET@rest:8080",
            "proxy.exchanges.coinbase.rest.password", "S3CRET"));

    assertThat(errors).hasSize(8);
    assertThat(errors.values().stream().flatMap(List::stream))
        .noneMatch(message -> message.contains("S3C") || message.contains("alice"));
  }

  @Test
  void without_one_exchange_the_keys_of_exchanges_are_not_called_wrong() {
    ProxyConfiguration.parse(
        and("proxy.exchanges.binance.rest.url", "http://one:1"),
        List.of(),
        (key, message) -> errors.put(key, List.of(message)));

    assertThat(errors).isEmpty();
  }

  // Secrets.

  /** Every secret key, with a value that is right, or wrong in one of many routes. */
  static Stream<Arguments> secrets() {
    List<String> urls =
        List.of(
            "socks5://alice:%s@p:1",
            "socks5://alice:%s",
            "%s://p:1",
            "alice:%s",
            "%s",
            "http://%s@p:1/path",
            "socks5://:%s@p:1",
            "socks5://alice:%s@p:99999",
            "socks5://alice:a@%s@p:1",
            "socks5://alice:%s@",
            "http://alice:%s@[::1",
            "http://p:%s",
            "socks5://alice:%s@p:1,socks5://q:1");
    List<Arguments> all = new ArrayList<>();
    for (String key :
        List.of(
            "proxy.default.rest.url",
            "proxy.exchanges.binance.websocket.url",
            "proxy.pools.eu.members",
            "proxy.pools.eu.members.1.url",
            "proxy.regional.rules.1.url",
            "proxy.regional.fallback.url",
            "proxy.unknown.key")) {
      urls.forEach(url -> all.add(arguments(key, url)));
    }
    for (String key :
        List.of(
            "proxy.default.rest.password",
            "proxy.pools.eu.members.1.password",
            "proxy.regional.rules.1.password",
            "proxy.tls.truststore.password",
            "proxy.manager.config.password",
            "proxy.connect.headers.X-Token")) {
      all.add(arguments(key, "%s"));
      all.add(arguments(key, "%s\u0007"));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void no_secret_shows_in_errors_warnings_or_settings(String key, String template)
      throws IOException {
    String canary = "cAnArY-9b1f";
    String value = template.formatted(canary);
    Path file = folder.resolve("canary.yaml");
    Files.writeString(
        file, "proxy:\n  " + key.substring(6) + ": \"" + value.replace("\u0007", "") + "\"\n");

    List<String> shown = new ArrayList<>();
    shown.add(String.valueOf(parse(and(key, value))));
    shown.addAll(warnings);
    shown.add(String.valueOf(read(and("proxy.config.file", file.toString()), Map.of())));
    shown.addAll(warnings);
    shown.add(String.valueOf(read(and(), map(EnvironmentSource.name(key), value))));
    shown.addAll(warnings);
    errors.values().forEach(shown::addAll);

    String base64 =
        java.util.Base64.getEncoder()
            .encodeToString(canary.getBytes(StandardCharsets.UTF_8))
            .substring(0, 8);
    assertThat(shown)
        .noneMatch(text -> text.toLowerCase(java.util.Locale.ROOT).contains("canary-9b1f"))
        .noneMatch(text -> text.contains(base64));
  }

  // Keys.

  @Test
  void keys_that_may_carry_a_password_are_secret() {
    List<String> written =
        List.of(
            "proxy.pools.eu.members.1.url", "proxy.regional.rules.2.url", "proxy.manager.config.x");

    assertThat(ProxyConfiguration.keys(EXCHANGES, written))
        .filteredOn(
            key ->
                key.name().matches(".*\\.(?:url|password|members)|proxy\\.manager\\.config\\..*"))
        .hasSizeGreaterThan(15)
        .allMatch(key -> key.type().isSecret());
  }

  @Test
  void every_listed_key_is_understood() {
    List<String> written = List.of("proxy.pools.eu.members.1.url", "proxy.regional.rules.2.url");
    for (ProxyKey key : ProxyConfiguration.keys(EXCHANGES, written)) {
      parse(and(key.name(), "true"));
    }

    assertThat(errors.values().stream().flatMap(List::stream))
        .noneMatch(message -> message.startsWith("unknown key"));
  }

  // In a program.

  @Test
  void a_program_makes_settings_with_the_same_rules() {
    ProxySettings settings =
        new ProxySettingsBuilder()
            .pool("eu", Strategy.LATENCY, "socks5://eu-1:1080", "socks5://eu-2:1080")
            .defaultProxy(Transport.REST, "http://proxy:3128")
            .defaultPool(Transport.WEBSOCKET, "eu")
            .exchange("Binance", Transport.REST, "direct")
            .exchangePool("kraken", Transport.REST, "eu")
            .exchanges("okx")
            .set("proxy.failover.max.attempts", "2")
            .environment(map("CRYPTOFEED_PROXY_OKX_REST", "http://env:1"))
            .build();

    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("direct");
    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("pool:eu");
    assertThat(way(settings, "kraken", Transport.REST)).isEqualTo("pool:eu");
    assertThat(way(settings, "okx", Transport.REST)).isEqualTo("http://env:1");
    assertThat(settings.failover().maxAttempts()).isEqualTo(2);
  }

  @Test
  void a_program_is_told_of_all_faults_and_no_secret() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ProxySettingsBuilder()
                    .defaultProxy(Transport.REST, "http://alice:S3CRET@proxy")
                    .defaultProxy(Transport.WEBSOCKET, "proxy:1080")
                    .build())
        .withMessageContaining("proxy.default.rest.url: port is missing")
        .withMessageContaining("proxy.default.websocket.url: no scheme")
        .satisfies(error -> assertThat(error.getMessage()).doesNotContain("S3CRET"));
  }
}
