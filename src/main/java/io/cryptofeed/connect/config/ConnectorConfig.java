package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.metrics.PrometheusAddress;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.text.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** The configuration of a connector, free of errors. Immutable. */
public final class ConnectorConfig extends AbstractConfig {

  private final KnownExchanges known;
  private final @Nullable Path ccxtBundle;
  private final List<ExchangeConfig> exchanges;
  private final ProxySettings proxies;
  private final @Nullable PrometheusAddress prometheus;
  private final List<String> warnings;

  /**
   * Reads the properties of a connector or of one of its tasks, and the proxy settings in the
   * environment of the worker.
   *
   * @throws ConfigException with all errors, each beginning with its key
   */
  public ConnectorConfig(Map<String, String> properties) {
    this(properties, System.getenv());
  }

  public ConnectorConfig(Map<String, String> properties, Map<String, String> environment) {
    this(soundReader(properties, environment));
  }

  private ConnectorConfig(ConfigReader reader) {
    super(reader.definition(), reader.properties(), false);
    this.known = reader.known();
    this.ccxtBundle = reader.ccxtBundle();
    this.exchanges = reader.exchanges();
    this.proxies = reader.proxies();
    this.prometheus = reader.prometheus();
    this.warnings = List.copyOf(reader.warnings());
  }

  /** The keys that do not depend on which exchanges are configured. */
  public static ConfigDef definition() {
    return ConnectorKeys.definition(
        KnownExchanges.of(Venues.builtIn(), Map.of()), List.of(), List.of());
  }

  /**
   * Every key with its value and all of its errors, those of the configured exchanges included.
   * Reads the profiles of {@code exchange.profiles.path}, local files that the proxy settings name,
   * and for CCXT exchanges the bundle; does not use the network. Safe for use by many threads.
   */
  public static List<ConfigValue> validate(Map<String, String> properties) {
    return validate(properties, System.getenv());
  }

  static List<ConfigValue> validate(
      Map<String, String> properties, Map<String, String> environment) {
    ConfigReader reader = new ConfigReader(properties, environment);
    reader.requireCcxt();
    return reader.values();
  }

  /** The exchanges in the order in which they are named, at least one. */
  public List<ExchangeConfig> exchanges() {
    return exchanges;
  }

  /** All exchanges that can be named. */
  public KnownExchanges known() {
    return known;
  }

  /** The venues with a profile: the connector's, and those of the user. */
  public Venues venues() {
    return known.venues();
  }

  /** The bundle of CCXT that is configured, null for that of the component. */
  @Nullable
  public Path ccxtBundle() {
    return ccxtBundle;
  }

  /** How long the markets that CCXT has read stay in the cache. */
  public Duration ccxtMarketsTtl() {
    return Duration.ofMillis(getLong(ConnectorKeys.CCXT_MARKETS_TTL_MS));
  }

  /** The proxies of all connections. */
  public ProxySettings proxies() {
    return proxies;
  }

  /** Where the endpoint for Prometheus listens; empty for no endpoint. */
  public Optional<PrometheusAddress> prometheus() {
    return Optional.ofNullable(prometheus);
  }

  /** What is allowed but needs attention, one sentence each. */
  public List<String> warnings() {
    return warnings;
  }

  public TopicTemplate topics() {
    return new TopicTemplate(
        getString(ConnectorKeys.TOPIC_TEMPLATE), getString(ConnectorKeys.TOPIC_PREFIX));
  }

  public DecimalMode decimalMode() {
    return DecimalMode.parse(getString(ConnectorKeys.DECIMAL_MODE)).orElseThrow();
  }

  /** How often the instruments of the exchanges are requested again, zero for never. */
  public Duration refreshInterval() {
    return Duration.ofMillis(getLong(ConnectorKeys.INSTRUMENTS_REFRESH_MS));
  }

  /** How order books are written. */
  public BookOptions books() {
    return new BookOptions(
        BookOptions.Mode.valueOf(
            getString(ConnectorKeys.BOOK_MODE).trim().toUpperCase(Locale.ROOT)),
        getInt(ConnectorKeys.BOOK_DEPTH),
        Duration.ofMillis(getLong(ConnectorKeys.BOOK_SNAPSHOT_INTERVAL_MS)),
        decimalMode().limits());
  }

  /** How missing trades are backfilled. */
  public BackfillOptions backfill() {
    InitialTrades initial = InitialTrades.parse(getString(ConnectorKeys.BACKFILL_INITIAL));
    return new BackfillOptions(
        getBoolean(ConnectorKeys.BACKFILL_ENABLED),
        DurationText.parse(getString(ConnectorKeys.BACKFILL_MAX_AGE)),
        initial.age(),
        initial.id(),
        Duration.ofMillis(getLong(ConnectorKeys.BACKFILL_PATIENCE_MS)),
        getInt(ConnectorKeys.BACKFILL_HELD_TRADES));
  }

  public boolean recordHeaders() {
    return getBoolean(ConnectorKeys.RECORD_HEADERS);
  }

  public int queueMaxRecords() {
    return getInt(ConnectorKeys.QUEUE_MAX_RECORDS);
  }

  public long queueMaxBytes() {
    return getLong(ConnectorKeys.QUEUE_MAX_BYTES);
  }

  public int pollMaxRecords() {
    return getInt(ConnectorKeys.POLL_MAX_RECORDS);
  }

  public Duration pollTimeout() {
    return Duration.ofMillis(getInt(ConnectorKeys.POLL_TIMEOUT_MS));
  }

  private static ConfigReader soundReader(
      Map<String, String> properties, Map<String, String> environment) {
    ConfigReader reader = new ConfigReader(properties, environment);
    List<String> errors = reader.errors();
    if (!errors.isEmpty()) {
      throw new ConfigException(String.join("; ", errors));
    }
    return reader;
  }
}
