package io.cryptofeed.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.Venues;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectorKeysTest {

  private static final ConfigDef DEFINITION =
      definition(Map.of("exchanges", String.join(",", Venues.builtIn().ids()) + ",ccxt:bitrue"));

  private static ConfigDef definition(Map<String, String> properties) {
    KnownExchanges known = KnownExchanges.of(Venues.builtIn(), properties);
    return ConnectorKeys.definition(known, known.configured(), List.of());
  }

  static Collection<ConfigKey> keys() {
    return DEFINITION.configKeys().values();
  }

  static Stream<ConfigKey> enumLikeKeys() {
    Set<String> endings =
        Set.of(
            "exchanges",
            "channels",
            "decimal.mode",
            "trades.mode",
            "record.headers",
            "backfill.enabled",
            "sandbox",
            "proxy.enabled");
    return keys().stream().filter(key -> endings.stream().anyMatch(key.name::endsWith));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void every_key_has_all_that_a_user_interface_shows(ConfigKey key) {
    assertThat(key.name).isEqualTo(key.name.toLowerCase(Locale.ROOT));
    assertThat(key.group).isNotBlank();
    assertThat(key.orderInGroup).isPositive();
    assertThat(key.width).isNotEqualTo(ConfigDef.Width.NONE);
    assertThat(key.displayName).isNotBlank().isNotEqualTo(key.name);
    assertThat(key.documentation).isNotBlank().endsWith(".");
    assertThat(key.recommender).isNotNull();
    assertThat(key.validator).isNotNull();
    assertThat(key.validator.toString()).as("shown as 'valid values'").doesNotContain("Lambda");
  }

  @Test
  void orders_are_unique_within_a_group() {
    assertThat(keys()).extracting(key -> key.group + key.orderInGroup).doesNotHaveDuplicates();
  }

  @Test
  void display_names_are_unique() {
    assertThat(keys()).extracting(key -> key.displayName).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("enumLikeKeys")
  void a_key_with_few_values_offers_them(ConfigKey key) {
    List<Object> offered = key.recommender.validValues(key.name, new HashMap<>());
    boolean hasChoice = !key.validator.toString().isEmpty();
    assertThat(offered.isEmpty()).isEqualTo(!hasChoice);
    for (Object value : offered) {
      key.validator.ensureValid(key.name, key.type == ConfigDef.Type.LIST ? List.of(value) : value);
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void what_sounds_like_a_secret_is_a_password(ConfigKey key) {
    boolean secret =
        key.name.matches(".*(password|secret|passphrase|token|api\\.key).*")
            || key.name.matches("proxy\\..*\\.url");
    assertThat(key.type == ConfigDef.Type.PASSWORD).isEqualTo(secret);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void no_key_of_ours_is_one_of_the_worker(ConfigKey key) {
    assertThat(WorkerKeys.contains(key.name)).isFalse();
  }

  @Test
  void every_key_begins_with_a_word_under_which_slips_are_found() {
    assertThat(keys())
        .extracting(key -> key.name.replaceFirst("\\..*", ""))
        .isSubsetOf(ConnectorKeys.FIRST_WORDS);
  }

  @Test
  void proxy_keys_are_shown_only_when_proxies_are_enabled() {
    List<ConfigKey> proxyKeys =
        keys().stream()
            .filter(key -> key.name.startsWith("proxy.") && !key.name.equals("proxy.enabled"))
            .toList();
    for (ConfigKey key : proxyKeys) {
      assertThat(key.recommender.visible(key.name, Map.of("proxy.enabled", false))).isFalse();
      assertThat(key.recommender.visible(key.name, Map.of("proxy.enabled", true))).isTrue();
    }
    assertThat(Objects.requireNonNull(DEFINITION.configKeys().get("proxy.enabled")).dependents)
        .containsExactlyInAnyOrderElementsOf(proxyKeys.stream().map(key -> key.name).toList());
  }

  @Test
  void defaults_are_valid() {
    assertThat(
            DEFINITION.validateAll(Map.of("exchanges", "binance")).values().stream()
                .flatMap(value -> value.errorMessages().stream()))
        .isEmpty();
  }
}
