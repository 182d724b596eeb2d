package io.cryptofeed.connect.config;

import io.cryptofeed.connect.ccxt.CcxtBundle;
import io.cryptofeed.connect.ccxt.CcxtEngine;
import io.cryptofeed.connect.ccxt.CcxtUnavailableException;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.metrics.PrometheusAddress;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.source.ProxyConfiguration;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.text.DurationText;
import io.cryptofeed.connect.text.Nearest;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the properties of a connector, and finds everything that is wrong with them at once. Reads
 * local files that they name, and asks no network. Used by one thread.
 */
public final class ConfigReader {

  /** Where somebody may have put credentials, which do not belong there. */
  private static final List<ExchangeKey> HOSTS =
      List.of(ExchangeKey.WEBSOCKET_URL, ExchangeKey.REST_URL, ExchangeKey.CCXT_HOSTS);

  private static final Set<String> ENCRYPTED = Set.of("wss", "https");

  private final KnownExchanges known;
  private final KeySpelling spelling;
  private final Map<String, String> properties;
  private final List<String> exchangeIds;
  private final ConfigDef definition;
  private final Map<String, ConfigValue> values;
  private final Set<String> unfit;
  private final List<String> warnings = new ArrayList<>();
  private final List<ExchangeConfig> exchanges;
  private final ProxySettings proxies;
  private final @Nullable PrometheusAddress prometheus;

  /**
   * @param environment the variables of the worker
   */
  public ConfigReader(Map<String, String> given, Map<String, String> environment) {
    List<String> profileFaults = new ArrayList<>();
    known =
        KnownExchanges.of(
            venues(given.get(ConnectorKeys.PROFILES_PATH), profileFaults::add), given);
    Map<String, List<String>> doubles = new TreeMap<>();
    spelling =
        new KeySpelling(
            given,
            known,
            (key, fault) -> doubles.computeIfAbsent(key, any -> new ArrayList<>()).add(fault));
    properties = spelling.properties();
    exchangeIds = known.configured();
    definition = ConnectorKeys.definition(known, exchangeIds, properties.keySet());
    values = new LinkedHashMap<>(definition.validateAll(properties));
    unfit =
        values.values().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .map(ConfigValue::name)
            .collect(Collectors.toUnmodifiableSet());
    profileFaults.forEach(fault -> error(ConnectorKeys.PROFILES_PATH, fault));
    doubles.forEach((key, faults) -> faults.forEach(fault -> error(key, fault)));
    properties.keySet().forEach(this::checkKey);
    checkProviders();
    exchanges = exchangeIds.stream().flatMap(id -> exchange(id).stream()).toList();
    checkTopics();
    checkBooks();
    checkBackfill();
    ProxyConfiguration.Reading reading =
        ProxyConfiguration.read(
            new ProxyConfiguration.Inputs(
                properties, environment, exchangeIds, known.ids(), Placeholders::replaced),
            this::error);
    proxies = reading.settings();
    prometheus = prometheus(reading);
    warnings.addAll(reading.warnings());
    hideCredentials();
  }

  /** Every key with its value, its errors and its choices, under the name that the user gave it. */
  List<ConfigValue> values() {
    return values.values().stream().map(this::asWritten).toList();
  }

  /** One sentence for each error, beginning with its key. */
  public List<String> errors() {
    return values().stream()
        .flatMap(value -> value.errorMessages().stream().map(error -> value.name() + ": " + error))
        .toList();
  }

  /** What is allowed but should be looked at. */
  List<String> warnings() {
    return warnings;
  }

  /** The exchanges that can be named; without the user's profiles if those are bad. */
  KnownExchanges known() {
    return known;
  }

  /** An operator's own bundle of CCXT, null for that of the component. */
  @Nullable Path ccxtBundle() {
    return sound(ConnectorKeys.CCXT_BUNDLE_PATH) instanceof String path
        ? Path.of(path.trim())
        : null;
  }

  /** Reports what exchanges of CCXT need, and is not installed here. */
  void requireCcxt() {
    if (exchangeIds.stream().noneMatch(known::isCcxt)) {
      return;
    }
    Path bundle = ccxtBundle();
    try {
      CcxtEngine.requireGraal();
    } catch (CcxtUnavailableException e) {
      error(ConnectorKeys.EXCHANGES, String.valueOf(e.getMessage()));
      if (bundle == null) {
        return; // The component brings both.
      }
    }
    if (isSound(ConnectorKeys.CCXT_BUNDLE_PATH)) {
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
      error(
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
   * The connector's venues and those of a folder; the connector's alone if the folder is bad.
   *
   * @param folder null for none
   * @param fault takes what is wrong with it
   */
  public static Venues venues(@Nullable String folder, Consumer<String> fault) {
    if (folder == null) {
      return Venues.builtIn();
    }
    if (folder.isBlank()) {
      fault.accept("names no folder: give the path of one, or remove the key");
      return Venues.builtIn();
    }
    try {
      return Venues.withProfilesOf(Path.of(folder.trim()));
    } catch (InvalidPathException e) {
      fault.accept("'" + folder.trim() + "' is no path: " + e.getReason());
    } catch (InvalidProfileException e) {
      fault.accept(String.valueOf(e.getMessage()));
    }
    return Venues.builtIn();
  }

  /** Connect ignores keys that nobody knows, so a slip would pass unseen. */
  private void checkKey(String key) {
    boolean checkedByTheProxyLayer = key.startsWith("proxy.");
    if (definition.configKeys().containsKey(key)
        || WorkerKeys.contains(key)
        || checkedByTheProxyLayer) {
      return;
    }
    if (key.startsWith(ExchangeKey.PREFIX)) {
      checkExchangeKey(key);
      return;
    }
    String firstWord = key.substring(0, key.indexOf('.') < 0 ? key.length() : key.indexOf('.'));
    Optional<String> near = Nearest.to(key, definition.names());
    if (ConnectorKeys.FIRST_WORDS.contains(firstWord) || near.isPresent()) {
      error(
          key,
          "unknown key; "
              + near.map(name -> "did you mean '" + name + "'?")
                  .orElse("remove it, or look it up in docs/configuration.md"));
    }
  }

  private void checkExchangeKey(String key) {
    int end = key.indexOf('.', ExchangeKey.PREFIX.length());
    String name = key.substring(ExchangeKey.PREFIX.length(), end < 0 ? key.length() : end);
    Optional<String> unknown = known.fault(name);
    if (unknown.isPresent()) {
      error(
          key,
          Nearest.to(key, List.of(ConnectorKeys.PROFILES_PATH))
              .map(near -> "unknown key; did you mean '" + near + "'?")
              .orElse(unknown.get()));
      return;
    }
    String suffix = end < 0 ? "" : key.substring(end + 1);
    if (ExchangeKey.bySuffix(suffix).isEmpty()) {
      error(
          key,
          Nearest.to(suffix, ExchangeKey.suffixes())
              .map(
                  near ->
                      "unknown key; did you mean '" + ExchangeKey.PREFIX + name + "." + near + "'?")
              .orElse(
                  "unknown key; known are exchange.<id>."
                      + String.join(", exchange.<id>.", ExchangeKey.suffixes())));
    } else if (exchangeIds.contains(name)) {
      ExchangeKey.bySuffix(suffix)
          .flatMap(own -> own.refusal(name, known.isCcxt(name)))
          .ifPresent(refusal -> error(key, refusal));
    } else if (!exchangeIds.isEmpty()) {
      error(
          key,
          "exchange '%s' is not in 'exchanges' (%s): add it there, or remove this key"
              .formatted(name, String.join(", ", exchangeIds)));
    }
  }

  /** An exchange is served by its profile or by CCXT, and once in a connector. */
  private void checkProviders() {
    if (isSound(ConnectorKeys.EXCHANGES)) {
      known.doubles().forEach(fault -> error(ConnectorKeys.EXCHANGES, fault));
    }
    for (String id : exchangeIds) {
      String key = ExchangeKey.PROVIDER.of(id);
      if (known.isCcxt(id) && KnownExchanges.NATIVE.equals(mode(key))) {
        error(
            key,
            "is native, and '%s' has '%s%s': remove this key, or the prefix there"
                .formatted(ConnectorKeys.EXCHANGES, KnownExchanges.CCXT_PREFIX, id));
      }
    }
  }

  private Optional<ExchangeConfig> exchange(String id) {
    String symbolsKey = ownOrCommon(ExchangeKey.SYMBOLS, id, ConnectorKeys.SYMBOLS);
    String channelsKey = ownOrCommon(ExchangeKey.CHANNELS, id, ConnectorKeys.CHANNELS);
    List<String> symbols = Symbols.normalise(list(symbolsKey));
    Set<Channel> channels = channels(id, channelsKey);
    if (symbols.isEmpty() && isSound(symbolsKey)) {
      error(
          symbolsKey,
          "exchange '%s' has no symbol: set '%s' or '%s', for example to BTC-USDT"
              .formatted(id, ConnectorKeys.SYMBOLS, ExchangeKey.SYMBOLS.of(id)));
    }
    if (channels.isEmpty() && isSound(channelsKey)) {
      error(
          channelsKey,
          "exchange '%s' has no channel: set '%s' or '%s' to some of %s"
              .formatted(
                  id,
                  ConnectorKeys.CHANNELS,
                  ExchangeKey.CHANNELS.of(id),
                  String.join(", ", Validators.codes(known.channels(id)))));
    }
    Provider provider = provider(id);
    return symbols.isEmpty() || channels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ExchangeConfig(id, channels, symbols, spelling.asWritten(symbolsKey), provider));
  }

  /** A channel of the common list may be missing at an exchange, if another exchange has it. */
  private Set<Channel> channels(String id, String key) {
    EnumSet<Channel> channels = EnumSet.noneOf(Channel.class);
    for (String name : list(key)) {
      Optional<Channel> channel = Channel.parse(name).filter(Channel::isSubscribable);
      if (channel.isEmpty()) {
        continue;
      }
      if (known.channels(id).contains(channel.get())) {
        channels.add(channel.get());
      } else if (exchangeIds.stream()
          .noneMatch(any -> known.channels(any).contains(channel.get()))) {
        error(key, "no configured exchange has the channel '" + name + "': leave it out");
      } else if (key.equals(ConnectorKeys.CHANNELS)) {
        warnings.add("%s: exchange '%s' has no channel '%s'".formatted(key, id, name));
      }
    }
    return channels;
  }

  private Provider provider(String id) {
    return known.isCcxt(id)
        ? new Provider.Ccxt(
            new CcxtOptionsReader(this::sound, this::error, this::warnIfPlain).read(id))
        : new Provider.Native(options(id));
  }

  private VenueOptions options(String id) {
    boolean sandbox = Boolean.TRUE.equals(value(ExchangeKey.SANDBOX.of(id)));
    if (sandbox && !known.venues().hasSandbox(id)) {
      error(
          ExchangeKey.SANDBOX.of(id),
          "exchange '%s' has no test hosts: remove this key, or set '%s' and '%s'"
              .formatted(id, ExchangeKey.WEBSOCKET_URL.of(id), ExchangeKey.REST_URL.of(id)));
    }
    return new VenueOptions(
        sandbox,
        url(ExchangeKey.WEBSOCKET_URL.of(id)),
        url(ExchangeKey.REST_URL.of(id)),
        mode(ExchangeKey.TRADES_MODE.of(id)),
        mode(ExchangeKey.BOOK_STREAM.of(id)),
        isSound(ConnectorKeys.BOOK_DEPTH)
                && value(ConnectorKeys.BOOK_DEPTH) instanceof Integer depth
            ? depth
            : 0);
  }

  /** A full book for every change would drown whoever reads it. */
  private void checkBooks() {
    boolean full =
        value(ConnectorKeys.BOOK_MODE) instanceof String mode
            && isSound(ConnectorKeys.BOOK_MODE)
            && !mode.trim().equalsIgnoreCase(BookOptions.Mode.DELTA.code());
    if (full
        && Integer.valueOf(0).equals(value(ConnectorKeys.BOOK_DEPTH))
        && Long.valueOf(0).equals(value(ConnectorKeys.BOOK_SNAPSHOT_INTERVAL_MS))) {
      error(
          ConnectorKeys.BOOK_MODE,
          "would write every level of a book at each of its changes: set %s, %s, or both"
              .formatted(ConnectorKeys.BOOK_DEPTH, ConnectorKeys.BOOK_SNAPSHOT_INTERVAL_MS));
    }
  }

  /** What an instrument shall begin with has to be had. */
  private void checkBackfill() {
    if (!isSound(ConnectorKeys.BACKFILL_INITIAL)) {
      return;
    }
    InitialTrades initial =
        InitialTrades.parse(String.valueOf(value(ConnectorKeys.BACKFILL_INITIAL)));
    boolean wanted = initial.age() != null || initial.id() != null;
    if (wanted && Boolean.FALSE.equals(value(ConnectorKeys.BACKFILL_ENABLED))) {
      error(
          ConnectorKeys.BACKFILL_INITIAL,
          "asks for trades of the past, and %s=false fetches none: remove one of the two"
              .formatted(ConnectorKeys.BACKFILL_ENABLED));
    }
    checkInitialAge(initial.age());
    if (initial.id() != null) {
      exchanges.stream().filter(this::isNotConsecutive).forEach(this::refuseInitialId);
    }
  }

  private void checkInitialAge(@Nullable Duration age) {
    if (age != null && isSound(ConnectorKeys.BACKFILL_MAX_AGE)) {
      String most = String.valueOf(value(ConnectorKeys.BACKFILL_MAX_AGE));
      if (age.compareTo(DurationText.parse(most)) > 0) {
        error(
            ConnectorKeys.BACKFILL_INITIAL,
            "is longer than %s, which is %s: make this shorter or that longer"
                .formatted(ConnectorKeys.BACKFILL_MAX_AGE, most));
      }
    }
  }

  private boolean isNotConsecutive(ExchangeConfig exchange) {
    return exchange.channels().contains(Channel.TRADES)
        && isSound(ExchangeKey.TRADES_MODE.of(exchange.id()))
        && !(exchange.provider() instanceof Provider.Native own
            && known.venues().tradeNumbering(exchange.id(), own.options().tradesMode())
                == TradeNumbering.CONSECUTIVE);
  }

  private void refuseInitialId(ExchangeConfig exchange) {
    error(
        ConnectorKeys.BACKFILL_INITIAL,
        exchange.isCcxt()
            ? "exchange '%s' is served by CCXT, which asks for past trades by their time: give a duration instead of an id"
                .formatted(exchange.id())
            : "exchange '%s' does not number its trades one by one: give a duration instead of an id"
                .formatted(exchange.id()));
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
        portKey.equals(ConnectorKeys.PROMETHEUS_PORT) ? sound(portKey) : reading.prometheusPort();
    Object host =
        hostKey.equals(ConnectorKeys.PROMETHEUS_HOST) ? sound(hostKey) : reading.prometheusHost();
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
    if (isSound(key) && !String.valueOf(value(key)).trim().equals(aliasValue.toString())) {
      error(
          key,
          "is '%s', but its alias '%s' is '%s': remove one of them, or give both the same value"
              .formatted(value(key), alias, aliasValue));
    }
    return key;
  }

  private @Nullable String mode(String key) {
    String mode = (String) value(key);
    return mode == null ? null : mode.trim().toLowerCase(Locale.ROOT);
  }

  private @Nullable URI url(String key) {
    Object text = sound(key);
    if (text == null) {
      return null;
    }
    warnIfPlain(key, (String) text);
    return URI.create(((String) text).trim());
  }

  private void warnIfPlain(String key, String text) {
    URI url = URI.create(text.trim());
    boolean encrypted = ENCRYPTED.contains(url.getScheme().toLowerCase(Locale.ROOT));
    if (!encrypted && !isLoopback(url.getHost())) {
      warnings.add(
          "%s: %s://%s is neither encrypted nor on this machine"
              .formatted(spelling.asWritten(key), url.getScheme(), url.getHost()));
    }
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(?:\\.[0-9]{1,3}){3}");
  }

  private void checkTopics() {
    if (!isSound(ConnectorKeys.TOPIC_TEMPLATE) || !isSound(ConnectorKeys.TOPIC_PREFIX)) {
      return;
    }
    TopicTemplate topics = topics();
    exchanges.stream()
        .flatMap(exchange -> topics(topics, exchange).stream())
        .flatMap(topic -> TopicTemplate.fault(topic).stream())
        .findFirst()
        .ifPresent(
            fault -> error(ConnectorKeys.TOPIC_TEMPLATE, "makes a topic that is none: " + fault));
  }

  private TopicTemplate topics() {
    return new TopicTemplate(
        String.valueOf(value(ConnectorKeys.TOPIC_TEMPLATE)),
        String.valueOf(value(ConnectorKeys.TOPIC_PREFIX)));
  }

  private Collection<String> topics(TopicTemplate topics, ExchangeConfig exchange) {
    Set<Channel> written = EnumSet.of(Channel.FEED_STATUS);
    written.addAll(exchange.channels());
    Set<String> names = new LinkedHashSet<>();
    for (MarketType marketType : known.marketTypes(exchange.id())) {
      for (Channel channel : written) {
        for (String symbol : exchange.symbols()) {
          names.add(topics.topic(exchange.id(), marketType, channel, symbol));
        }
      }
    }
    return names;
  }

  private String ownOrCommon(ExchangeKey own, String id, String common) {
    return properties.containsKey(own.of(id)) ? own.of(id) : common;
  }

  private List<String> list(String key) {
    return isSound(key) && value(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  private @Nullable Object value(String key) {
    ConfigValue value = values.get(key);
    return value == null ? null : value.value();
  }

  /** A value that is fit to be used by itself; null where there is none. */
  private @Nullable Object sound(String key) {
    return isSound(key) ? value(key) : null;
  }

  /** Whether a value is fit to be used by itself, so that one fault is not reported as two. */
  private boolean isSound(String key) {
    return !unfit.contains(key);
  }

  /** The value of an unknown key is never shown: it may be a secret under a misspelt name. */
  private void error(String key, String message) {
    ConfigValue value =
        values.computeIfAbsent(
            key, name -> new ConfigValue(name, null, List.of(), new ArrayList<>()));
    if (!value.errorMessages().contains(message)) {
      value.addErrorMessage(message);
    }
  }

  private void hideCredentials() {
    for (String id : exchangeIds) {
      for (ExchangeKey key : HOSTS) {
        ConfigValue hosts = values.get(key.of(id));
        if (hosts != null && String.valueOf(hosts.value()).contains("@")) {
          hosts.value(null);
        }
      }
    }
  }

  private ConfigValue asWritten(ConfigValue value) {
    String name = spelling.asWritten(value.name());
    if (name.equals(value.name())) {
      return value;
    }
    ConfigValue renamed =
        new ConfigValue(name, value.value(), value.recommendedValues(), value.errorMessages());
    renamed.visible(value.visible());
    return renamed;
  }
}
