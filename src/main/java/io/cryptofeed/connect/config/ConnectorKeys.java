package io.cryptofeed.connect.config;

import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * Every key of the connector, as user interfaces and the documentation show it. {@link
 * ExchangeKeys} and {@link ProxyKeys} add those that depend on what is configured.
 */
public final class ConnectorKeys {

  public static final String EXCHANGES = "exchanges";
  static final String SYMBOLS = "symbols";
  static final String SYMBOLS_UNLISTED = "symbols.unlisted";
  static final String CHANNELS = "channels";
  public static final String PROFILES_PATH = "exchange.profiles.path";
  static final String TOPIC_PREFIX = "topic.prefix";
  static final String TOPIC_TEMPLATE = "topic.template";
  static final String DECIMAL_MODE = "decimal.mode";
  static final String RECORD_HEADERS = "record.headers";
  static final String INSTRUMENTS_REFRESH_MS = "instruments.refresh.ms";
  static final String BOOK_MODE = "book.mode";
  static final String BOOK_DEPTH = "book.depth";
  static final String BOOK_SNAPSHOT_INTERVAL_MS = "book.snapshot.interval.ms";
  public static final String BACKFILL_ENABLED = "backfill.enabled";
  static final String BACKFILL_MAX_AGE = "backfill.max.age";
  static final String BACKFILL_INITIAL = "backfill.initial";
  static final String BACKFILL_PATIENCE_MS = "backfill.patience.ms";
  static final String BACKFILL_HELD_TRADES = "backfill.held.trades";
  static final String QUEUE_MAX_RECORDS = "queue.max.records";
  static final String QUEUE_MAX_BYTES = "queue.max.bytes";
  static final String POLL_MAX_RECORDS = "poll.max.records";
  static final String POLL_TIMEOUT_MS = "poll.timeout.ms";
  static final String PROMETHEUS_PORT = "metrics.prometheus.port";
  static final String PROMETHEUS_HOST = "metrics.prometheus.host";
  static final String CCXT_BUNDLE_PATH = "ccxt.bundle.path";
  static final String CCXT_MARKETS_TTL_MS = "ccxt.markets.ttl.ms";

  /** The first words of the connector's keys: an unknown key that begins with one is misspelt. */
  static final List<String> FIRST_WORDS =
      List.of(
          "exchange",
          "exchanges",
          "symbol",
          "symbols",
          "instruments",
          "channel",
          "channels",
          "topic",
          "decimal",
          "record",
          "queue",
          "poll",
          "book",
          "backfill",
          "metrics",
          "ccxt",
          "proxy");

  private final ConfigDef definition = new ConfigDef();
  private final KnownExchanges exchanges;

  private ConnectorKeys(KnownExchanges exchanges) {
    this.exchanges = exchanges;
  }

  /**
   * The keys of a connector for these exchanges.
   *
   * @param exchangeIds ids; each has keys of its own
   * @param written the keys that are configured
   */
  public static ConfigDef definition(
      KnownExchanges exchanges, Collection<String> exchangeIds, Collection<String> written) {
    ConnectorKeys keys = new ConnectorKeys(exchanges);
    keys.defineCommon();
    keys.defineRecords();
    keys.defineBooks();
    keys.defineBackfill();
    keys.defineQueue();
    keys.defineMetrics();
    keys.defineCcxt();
    exchangeIds.forEach(id -> ExchangeKeys.define(keys.definition, exchanges.exchange(id)));
    ProxyKeys.define(keys.definition, exchangeIds, written);
    return keys.definition;
  }

  private void defineCommon() {
    KeyGroup keys = new KeyGroup(definition, "Exchanges");
    keys.define(
        EXCHANGES,
        ConfigDef.Type.LIST,
        ConfigDef.NO_DEFAULT_VALUE,
        Validators.exchanges(exchanges),
        Importance.HIGH,
        "The exchanges to stream from, separated by commas. Case does not matter, and '-' equals '_'. ccxt:bitrue is the"
            + " exchange with CCXT's id bitrue. It needs the component with CCXT, and its id is bitrue.",
        Width.LONG,
        "Exchanges",
        Choices.of(exchanges.venues().ids()));
    keys.define(
        SYMBOLS,
        ConfigDef.Type.LIST,
        "",
        Validators.symbols(),
        Importance.HIGH,
        "The instruments to stream from every exchange that has no symbols of its own, separated by commas: BTC-USDT,"
            + " ETH-USDT-PERP, BTC-USD-26H27. Symbols are written the same for all exchanges. A star matches any text: *,"
            + " *-USDT, BTC-*. Instruments that match are added when they are listed, and removed when they are delisted.",
        Width.LONG,
        "Symbols",
        Choices.free());
    List<String> unlisted =
        Arrays.stream(UnlistedSymbols.values()).map(UnlistedSymbols::code).toList();
    keys.define(
        SYMBOLS_UNLISTED,
        ConfigDef.Type.STRING,
        UnlistedSymbols.FAIL.code(),
        Validators.oneOf(unlisted),
        Importance.MEDIUM,
        "What becomes of a symbol that an exchange does not list and that was never streamed from it. fail: the task fails, so"
            + " that a misspelt symbol is found when the connector is created; skip: it is reported in feed_status as"
            + " unlisted, and streamed as soon as it is listed. A symbol that was streamed before and is not listed any"
            + " more is reported as delisted, and never fails the task.",
        Width.SHORT,
        "Unlisted Symbols",
        Choices.of(unlisted));
    keys.define(
        INSTRUMENTS_REFRESH_MS,
        ConfigDef.Type.LONG,
        3_600_000L,
        Validators.zeroOr(1_000, 604_800_000),
        Importance.LOW,
        "How often the instruments of each exchange are requested again, in milliseconds; 0 for never. A newly listed"
            + " instrument that matches a symbol with a star is added to the streams; a delisted one is removed. Both are"
            + " reported in feed_status, and no task is restarted.",
        Width.MEDIUM,
        "Instruments Refresh",
        Choices.of(0, 60_000, 3_600_000));
    Set<Channel> channels = Channels.BUILT_IN.all();
    keys.define(
        CHANNELS,
        ConfigDef.Type.LIST,
        "",
        Validators.channels(channels, "there is"),
        Importance.HIGH,
        "The kinds of data to stream from every exchange that has no channels of its own, separated by commas. The"
            + " channel feed_status, which reports what happens to the streams, is always written.",
        Width.LONG,
        "Channels",
        Choices.of(Validators.codes(channels)));
    keys.define(
        PROFILES_PATH,
        ConfigDef.Type.STRING,
        null,
        Validators.inContext("path of a folder on every worker"),
        Importance.LOW,
        "A folder with profiles of your own exchanges: every *.yaml and *.yml file in it describes an exchange, or changes one"
            + " that comes with the connector. The folder must be the same on every worker. It is read when the connector and"
            + " its tasks start. The page about adding an exchange explains the files.",
        Width.LONG,
        "Exchange Profiles",
        Choices.free());
  }

  private void defineRecords() {
    KeyGroup keys = new KeyGroup(definition, "Topics and records");
    keys.define(
        TOPIC_PREFIX,
        ConfigDef.Type.STRING,
        "crypto",
        Validators.topicPrefix(),
        Importance.HIGH,
        "The beginning of all topic names.",
        Width.MEDIUM,
        "Topic Prefix",
        Choices.free());
    keys.define(
        TOPIC_TEMPLATE,
        ConfigDef.Type.STRING,
        TopicTemplate.DEFAULT,
        Validators.topicTemplate(),
        Importance.MEDIUM,
        "How topics are named. ${prefix}, ${exchange}, ${market_type}, ${channel} and ${symbol} are replaced. Each channel"
            + " has a schema of its own, so leave ${channel} out only if the converter's subject name strategy"
            + " allows several schemas in a topic.",
        Width.LONG,
        "Topic Template",
        Choices.of(TopicTemplate.DEFAULT));
    keys.define(
        DECIMAL_MODE,
        ConfigDef.Type.STRING,
        DecimalMode.PRECISE.code(),
        Validators.decimalMode(),
        Importance.MEDIUM,
        "How prices and sizes are written. precise: Connect's Decimal of scale 18 and precision 38, exact; string: the"
            + " digits of the exchange as text, exact; double: a 64-bit floating-point number, which is not exact.",
        Width.SHORT,
        "Decimal Mode",
        Choices.of(Arrays.stream(DecimalMode.values()).map(DecimalMode::code).toList()));
    keys.define(
        RECORD_HEADERS,
        ConfigDef.Type.BOOLEAN,
        false,
        Validators.inContext("true, false"),
        Importance.LOW,
        "Whether records have the headers 'origin' and 'schema.version', so that they can be filtered without being"
            + " decoded. Each header costs the worker about a tenth of its throughput.",
        Width.SHORT,
        "Record Headers",
        Choices.of(true, false));
  }

  private void defineBooks() {
    KeyGroup keys = new KeyGroup(definition, "Order books");
    List<String> modes =
        Arrays.stream(BookOptions.Mode.values()).map(BookOptions.Mode::code).toList();
    keys.define(
        BOOK_MODE,
        ConfigDef.Type.STRING,
        BookOptions.Mode.DELTA.code(),
        Validators.oneOf(modes),
        Importance.MEDIUM,
        "How order books are written to l2_book. delta: a snapshot (the full book), then deltas; snapshot: only snapshots;"
            + " both: as delta, and snapshots in l2_snapshot in addition.",
        Width.SHORT,
        "Book Mode",
        Choices.of(modes));
    keys.define(
        BOOK_DEPTH,
        ConfigDef.Type.INT,
        0,
        Validators.range(Range.between(0, 100_000)),
        Importance.MEDIUM,
        "How many of the best levels of each side are written, 0 for all that the exchange sends. A level that moves up"
            + " into this depth is written in a delta. If an exchange offers several depths, the smallest one that is"
            + " sufficient is subscribed.",
        Width.SHORT,
        "Book Depth",
        Choices.of(0, 1, 5, 10, 20, 50, 100, 500, 1000));
    keys.define(
        BOOK_SNAPSHOT_INTERVAL_MS,
        ConfigDef.Type.LONG,
        0L,
        Validators.zeroOr(100, 86_400_000),
        Importance.LOW,
        "How often a snapshot is written, in milliseconds. 0: in the mode delta only at the start and after a resync, so that a"
            + " consumer that joins mid-stream waits for the next resync; in the other modes whenever the book has changed.",
        Width.SHORT,
        "Book Snapshot Interval",
        Choices.of(0, 1_000, 60_000, 600_000));
  }

  private void defineBackfill() {
    KeyGroup keys = new KeyGroup(definition, "Missing trades");
    keys.define(
        BACKFILL_ENABLED,
        ConfigDef.Type.BOOLEAN,
        true,
        Validators.inContext("true, false"),
        Importance.MEDIUM,
        "Whether trades that are missing after a gap, a reconnect or a restart are requested from the exchange's trade history"
            + " over REST, and written before later trades. Without it they are only reported in feed_status.",
        Width.SHORT,
        "Backfill",
        Choices.of(true, false));
    keys.define(
        BACKFILL_MAX_AGE,
        ConfigDef.Type.STRING,
        "24h",
        Validators.duration(),
        Importance.MEDIUM,
        "The maximum age of a missing trade that is requested from the history: a number and a unit (ms, s, m, h, d) or ISO"
            + " 8601. Older trades are reported as lost in feed_status. The history of an exchange may not reach back as far;"
            + " the page about guarantees says how far.",
        Width.SHORT,
        "Backfill Age",
        Choices.of("1h", "24h", "7d"));
    keys.define(
        BACKFILL_INITIAL,
        ConfigDef.Type.STRING,
        InitialTrades.NONE,
        Validators.initialTrades(),
        Importance.MEDIUM,
        "Where an instrument without an offset starts. none: with the next trade; a duration, at most backfill.max.age: with"
            + " the trades of that time before now; a whole number: with the trade of that id, which is meant for one"
            + " instrument of an exchange with consecutive ids. An instrument with an offset resumes from its offset.",
        Width.SHORT,
        "Backfill Initial Position",
        Choices.of(InitialTrades.NONE, "1h", "24h"));
    keys.define(
        BACKFILL_PATIENCE_MS,
        ConfigDef.Type.LONG,
        300_000L,
        Validators.range(Range.between(1_000, 604_800_000)),
        Importance.LOW,
        "How long the live trades of an instrument are held for a history that makes no progress, in milliseconds. Then the"
            + " missing trades are reported as lost, and the held trades are written.",
        Width.SHORT,
        "Backfill Patience",
        Choices.of(60_000, 300_000, 3_600_000));
    keys.define(
        BACKFILL_HELD_TRADES,
        ConfigDef.Type.INT,
        50_000,
        Validators.range(Range.atLeast(1)),
        Importance.LOW,
        "How many live trades of a task may be held for older ones at the same time. Trades beyond this limit are dropped, and"
            + " requested from the history later.",
        Width.SHORT,
        "Held Trades",
        Choices.free());
  }

  private void defineQueue() {
    KeyGroup keys = new KeyGroup(definition, "Queue");
    keys.define(
        QUEUE_MAX_RECORDS,
        ConfigDef.Type.INT,
        50_000,
        Validators.range(Range.atLeast(1)),
        Importance.LOW,
        "How many records may wait for the worker in the queue of each task. When the queue is full, reading from the exchanges"
            + " is paused until half of the records are gone; nothing is dropped.",
        Width.SHORT,
        "Queue Records",
        Choices.free());
    keys.define(
        QUEUE_MAX_BYTES,
        ConfigDef.Type.LONG,
        64L << 20,
        Validators.range(Range.atLeast(1 << 20)),
        Importance.LOW,
        "About how many bytes of heap the queued records of a task may take before reading is paused.",
        Width.SHORT,
        "Queue Bytes",
        Choices.free());
    keys.define(
        POLL_MAX_RECORDS,
        ConfigDef.Type.INT,
        4_000,
        Validators.range(Range.between(1, 100_000)),
        Importance.LOW,
        "The maximum number of records that a task delivers to the worker in one poll.",
        Width.SHORT,
        "Poll Records",
        Choices.free());
    keys.define(
        POLL_TIMEOUT_MS,
        ConfigDef.Type.INT,
        500,
        Validators.range(Range.between(50, 500)),
        Importance.LOW,
        "How long a poll waits for a record before it returns to the worker, in milliseconds. A task cannot be stopped while"
            + " it waits.",
        Width.SHORT,
        "Poll Timeout",
        Choices.free());
  }

  private void defineMetrics() {
    KeyGroup keys = new KeyGroup(definition, "Metrics");
    keys.define(
        PROMETHEUS_PORT,
        ConfigDef.Type.INT,
        0,
        Validators.range(Range.between(0, 65_535)),
        Importance.LOW,
        "The port of an endpoint for Prometheus on each worker that runs tasks of the connector; 0 for no endpoint. Connectors"
            + " with the same port and host share one endpoint, which shows the metrics of all their tasks. The task fails"
            + " if the port cannot be bound. An alias is proxy.prometheus.port; if both are set, their values must be the"
            + " same.",
        Width.SHORT,
        "Metrics Prometheus Port",
        Choices.free());
    keys.define(
        PROMETHEUS_HOST,
        ConfigDef.Type.STRING,
        "127.0.0.1",
        Validators.host(),
        Importance.LOW,
        "The address of the worker on which the endpoint for Prometheus listens; 0.0.0.0 for all addresses. The endpoint has"
            + " neither a password nor encryption. An alias is proxy.prometheus.host; if both are set, their values must be"
            + " the same.",
        Width.MEDIUM,
        "Metrics Prometheus Host",
        Choices.free());
  }

  private void defineCcxt() {
    KeyGroup keys = new KeyGroup(definition, "CCXT");
    keys.define(
        CCXT_BUNDLE_PATH,
        ConfigDef.Type.STRING,
        null,
        Validators.file(),
        Importance.LOW,
        "The path of a file ccxt.browser.min.js, to use another version of CCXT than the component has. The file must be the"
            + " same on every worker.",
        Width.LONG,
        "CCXT Bundle",
        Choices.free());
    keys.define(
        CCXT_MARKETS_TTL_MS,
        ConfigDef.Type.LONG,
        3_600_000L,
        Validators.range(Range.between(1_000, 604_800_000)),
        Importance.LOW,
        "How long the markets that CCXT has read from an exchange stay in a cache, in milliseconds. The tasks of a worker share"
            + " this cache and do not request the markets again.",
        Width.MEDIUM,
        "CCXT Markets",
        Choices.of(60_000, 3_600_000, 86_400_000));
  }
}
