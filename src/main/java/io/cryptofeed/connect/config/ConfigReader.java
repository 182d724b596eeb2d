package io.cryptofeed.connect.config;

import io.cryptofeed.connect.ccxt.CcxtBundle;
import io.cryptofeed.connect.ccxt.CcxtEngine;
import io.cryptofeed.connect.ccxt.CcxtUnavailableException;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.metrics.PrometheusAddress;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.source.ProxyConfiguration;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the properties of a connector, and finds everything that is wrong with them at once. Reads
 * the local files that they name, and does not use the network. Used by one thread.
 */
public final class ConfigReader {

  /** Keys whose URLs must not hold credentials, but may. */
  private static final List<ExchangeKey> HOSTS =
      List.of(ExchangeKey.WEBSOCKET_URL, ExchangeKey.REST_URL, ExchangeKey.CCXT_HOSTS);

  private static final Pattern URLS = Pattern.compile("\\.(url|members)$");

  private static final int LONGEST_ERROR = 3_000;

  private final KnownExchanges known;
  private final KeySpelling spelling;
  private final Map<String, String> properties;
  private final List<String> exchangeIds;
  private final ConfigDef definition;
  private final ConfigValues values;
  private final List<ExchangeConfig> exchanges;
  private final ProxySettings proxies;
  private final @Nullable PrometheusAddress prometheus;

  /**
   * @param environment the variables of the worker
   */
  public ConfigReader(Map<String, String> given, Map<String, String> environment) {
    this(new BoundedProperties(given), environment);
  }

  private ConfigReader(BoundedProperties bounded, Map<String, String> environment) {
    Map<String, String> given = bounded.readable();
    List<String> profileFaults = new ArrayList<>();
    @Nullable String profiles = given.get(ConnectorKeys.PROFILES_PATH);
    Venues venues = venues(profiles, profileFaults::add);
    known =
        profiles == null || profileFaults.isEmpty()
            ? KnownExchanges.of(venues, given)
            : KnownExchanges.withUnreadableProfiles(venues, given, profiles);
    Map<String, List<String>> doubles = new TreeMap<>();
    spelling =
        new KeySpelling(
            given,
            known,
            (key, fault) -> doubles.computeIfAbsent(key, any -> new ArrayList<>()).add(fault));
    properties = spelling.properties();
    exchangeIds = known.configured();
    definition = ConnectorKeys.definition(known, exchangeIds, properties.keySet());
    values = new ConfigValues(definition, properties);
    bounded.faults().forEach(values::error);
    profileFaults.forEach(fault -> values.error(ConnectorKeys.PROFILES_PATH, fault));
    doubles.forEach((key, faults) -> faults.forEach(fault -> values.error(key, fault)));
    new KeyChecks(definition, values, known, exchangeIds).check(properties.keySet());
    checkRequired();
    checkProviders();
    ExchangeReader reader = new ExchangeReader(values, known, exchangeIds, spelling);
    exchanges = exchangeIds.stream().flatMap(id -> reader.read(id).stream()).toList();
    new CrossChecks(values, known, exchanges).check();
    ProxyConfiguration.Reading reading =
        ProxyConfiguration.read(
            new ProxyConfiguration.Inputs(
                properties, environment, exchangeIds, known.ids(), Placeholders::replaced),
            values::error);
    proxies = reading.settings();
    prometheus = prometheus(reading);
    reading.warnings().forEach(values::warn);
    hideCredentials();
    warnOfCredentials();
  }

  /** Every key with its value, its errors and its choices, under the name that the user gave it. */
  List<ConfigValue> values() {
    return values.all().stream().map(this::asWritten).toList();
  }

  /** One sentence for each error, beginning with its key. */
  public List<String> errors() {
    return values().stream()
        .flatMap(value -> value.errorMessages().stream().map(error -> value.name() + ": " + error))
        .toList();
  }

  /** What is allowed but needs attention. */
  List<String> warnings() {
    return values.warnings();
  }

  /** The exchanges that can be named; without the user's profiles if those are invalid. */
  KnownExchanges known() {
    return known;
  }

  /** The bundle of CCXT that is configured, null for that of the component. */
  @Nullable Path ccxtBundle() {
    return values.sound(ConnectorKeys.CCXT_BUNDLE_PATH) instanceof String path
        ? Path.of(path.trim())
        : null;
  }

  /** Reports what CCXT exchanges need and this worker does not have. */
  void requireCcxt() {
    if (exchangeIds.stream().map(known::exchange).noneMatch(KnownExchange.Ccxt.class::isInstance)) {
      return;
    }
    Path bundle = ccxtBundle();
    try {
      CcxtEngine.requireGraal();
    } catch (CcxtUnavailableException e) {
      values.error(ConnectorKeys.EXCHANGES, String.valueOf(e.getMessage()));
      if (bundle == null) {
        return; // The component brings both.
      }
    }
    if (values.isSound(ConnectorKeys.CCXT_BUNDLE_PATH)) {
      requireBundle(bundle);
    }
  }

  private void requireBundle(@Nullable Path file) {
    try {
      if (file == null) {
        CcxtBundle.fromClassPath();
      } else {
        CcxtBundle.fromFile(file);
      }
    } catch (CcxtUnavailableException e) {
      values.error(
          file == null ? ConnectorKeys.EXCHANGES : ConnectorKeys.CCXT_BUNDLE_PATH,
          String.valueOf(e.getMessage()));
    }
  }

  ConfigDef definition() {
    return definition;
  }

  /** The properties, with every exchange in their keys written by its id. */
  Map<String, String> properties() {
    return properties;
  }

  /** The exchanges in the order in which they are named; only those without errors. */
  List<ExchangeConfig> exchanges() {
    return exchanges;
  }

  public ProxySettings proxies() {
    return proxies;
  }

  /** Where the endpoint for Prometheus listens, null for no endpoint. */
  @Nullable PrometheusAddress prometheus() {
    return prometheus;
  }

  /**
   * The connector's venues and those of a folder; only the connector's if the folder is invalid.
   *
   * @param folder null for none
   * @param fault takes what is wrong with it
   */
  public static Venues venues(@Nullable String folder, Consumer<String> fault) {
    if (folder == null) {
      return Venues.builtIn();
    }
    if (folder.isBlank()) {
      fault.accept("is empty: set the path of a folder, or remove the key");
      return Venues.builtIn();
    }
    try {
      return Venues.withProfilesOf(Path.of(folder.trim()), Channels.BUILT_IN);
    } catch (InvalidPathException e) {
      fault.accept("'" + folder.trim() + "' is not a path: " + e.getReason());
    } catch (InvalidProfileException e) {
      fault.accept(String.valueOf(e.getMessage()));
    }
    return Venues.builtIn();
  }

  /** Without an exchange, no exchange says that it has no symbol and no channel. */
  private void checkRequired() {
    if (exchangeIds.isEmpty()) {
      require(ConnectorKeys.SYMBOLS, ExchangeKey.SYMBOLS, "for example to BTC-USDT");
      require(
          ConnectorKeys.CHANNELS,
          ExchangeKey.CHANNELS,
          "to some of " + String.join(", ", Validators.codes(Channels.BUILT_IN.all())));
    }
  }

  private void require(String key, ExchangeKey own, String values) {
    boolean ofExchange =
        properties.keySet().stream().anyMatch(each -> own.exchangeOf(each) != null);
    if (!properties.containsKey(key) && !ofExchange) {
      this.values.error(key, "is missing: set it " + values);
    }
  }

  /** A connector has an exchange once, and its provider is configured in one way. */
  private void checkProviders() {
    if (values.isSound(ConnectorKeys.EXCHANGES)) {
      known.doubles().forEach(fault -> values.error(ConnectorKeys.EXCHANGES, fault));
    }
    for (String id : exchangeIds) {
      String key = ExchangeKey.PROVIDER.of(id);
      boolean isNative = known.exchange(id).provider().equals(KnownExchanges.NATIVE);
      if (!isNative && KnownExchanges.NATIVE.equals(values.word(key))) {
        values.error(
            key,
            "is 'native', but '%s' has '%s%s': remove this key, or the prefix there"
                .formatted(ConnectorKeys.EXCHANGES, KnownExchanges.CCXT_PREFIX, id));
      }
    }
  }

  /** The keys of the proxy layer are aliases of those of the metrics. */
  private @Nullable PrometheusAddress prometheus(ProxyConfiguration.Reading reading) {
    String portKey =
        set(
            ConnectorKeys.PROMETHEUS_PORT,
            ProxyConfiguration.PROMETHEUS_PORT,
            reading.prometheusPort());
    String hostKey =
        set(
            ConnectorKeys.PROMETHEUS_HOST,
            ProxyConfiguration.PROMETHEUS_HOST,
            reading.prometheusHost());
    Object port =
        portKey.equals(ConnectorKeys.PROMETHEUS_PORT)
            ? values.sound(portKey)
            : reading.prometheusPort();
    Object host =
        hostKey.equals(ConnectorKeys.PROMETHEUS_HOST)
            ? values.sound(hostKey)
            : reading.prometheusHost();
    return port instanceof Integer number && number > 0 && host instanceof String name
        ? new PrometheusAddress(name.trim(), number, hostKey, portKey)
        : null;
  }

  /**
   * Of a key and its alias the one that is set, or else the key.
   *
   * @param aliasValue null unless the alias is set
   */
  private String set(String key, String alias, @Nullable Object aliasValue) {
    if (aliasValue == null) {
      return key;
    }
    if (!properties.containsKey(key)) {
      return alias;
    }
    if (values.isSound(key)
        && !String.valueOf(values.value(key)).trim().equals(aliasValue.toString())) {
      values.error(
          key,
          "is '%s', but its alias '%s' is '%s': remove one of them, or give both the same value"
              .formatted(values.value(key), alias, aliasValue));
    }
    return key;
  }

  /** An error quotes the value first, and ends with the cure. */
  private static String readable(String error) {
    return error.length() <= LONGEST_ERROR
        ? error
        : error.substring(0, LONGEST_ERROR / 2)
            + " … "
            + error.substring(error.length() - LONGEST_ERROR / 2);
  }

  private void hideCredentials() {
    for (String id : exchangeIds) {
      for (ExchangeKey key : HOSTS) {
        if (String.valueOf(values.value(key.of(id))).contains("@")) {
          values.hide(key.of(id));
        }
      }
    }
  }

  /** The connector sees resolved values, so it cannot know where they come from. */
  private void warnOfCredentials() {
    List<String> keys =
        definition.configKeys().values().stream()
            .filter(key -> key.type == ConfigDef.Type.PASSWORD)
            .filter(key -> holdsCredential(key.name, properties.get(key.name)))
            .map(key -> spelling.asWritten(key.name))
            .sorted()
            .toList();
    if (!keys.isEmpty()) {
      values.warn(
          "%s: whoever may read the worker's REST API can read these credentials, unless a config provider supplies them; see docs/proxy/security.md"
              .formatted(String.join(", ", keys)));
    }
  }

  /** A URL holds one only before its host. */
  private static boolean holdsCredential(String key, @Nullable String text) {
    return text != null
        && !text.isBlank()
        && !text.contains("${")
        && (text.indexOf('@') >= 0 || !URLS.matcher(key).find());
  }

  private ConfigValue asWritten(ConfigValue value) {
    String name = spelling.asWritten(value.name());
    if (name.equals(value.name()) && value.errorMessages().isEmpty()) {
      return value;
    }
    ConfigValue renamed =
        new ConfigValue(
            name,
            value.value(),
            value.recommendedValues(),
            value.errorMessages().stream().map(ConfigReader::readable).toList());
    renamed.visible(value.visible());
    return renamed;
  }
}
