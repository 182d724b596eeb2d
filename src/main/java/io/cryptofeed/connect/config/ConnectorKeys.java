package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.source.ProxyConfiguration;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** Every key of the connector, as a user interface and the documentation show it. */
public final class ConnectorKeys {

  public static final String EXCHANGES = "exchanges";
  static final String SYMBOLS = "symbols";
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

  /** The first words of our keys; what begins with one of them and is no key is a slip. */
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

  private static final String PROXY_ENABLED = "proxy.enabled";

  private final ConfigDef definition = new ConfigDef();
  private final KnownExchanges exchanges;
  private final Venues venues;
  private String group = "";
  private int order;

  private ConnectorKeys(KnownExchanges exchanges) {
    this.exchanges = exchanges;
    venues = exchanges.venues();
  }

  /**
   * The keys of a connector for these exchanges.
   *
   * @param exchangeIds ids, for each of which there are keys of its own
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
    exchangeIds.forEach(keys::defineExchange);
    keys.defineProxies(exchangeIds, written);
    return keys.definition;
  }

  private void defineCommon() {
    begin("Exchanges");
    define(
        EXCHANGES,
        ConfigDef.Type.LIST,
        ConfigDef.NO_DEFAULT_VALUE,
        Validators.exchanges(exchanges),
        Importance.HIGH,
        "The exchanges to stream from, separated by commas. Case does not matter, and '-' equals '_'. ccxt:bitrue is the"
            + " exchange that CCXT knows as bitrue, and needs the component with CCXT; its id is bitrue.",
        Width.LONG,
        "Exchanges",
        Choices.of(venues.ids()));
    define(
        SYMBOLS,
        ConfigDef.Type.LIST,
        "",
        Validators.symbols(),
        Importance.HIGH,
        "The instruments to stream from every exchange that has no symbols of its own, separated by commas: BTC-USDT,"
            + " ETH-USDT-PERP, BTC-USD-26H27. Symbols are written the same for all exchanges. A star stands for any text: *,"
            + " *-USDT, BTC-*; what it stands for follows what the exchange trades.",
        Width.LONG,
        "Symbols",
        Choices.free());
    define(
        INSTRUMENTS_REFRESH_MS,
        ConfigDef.Type.LONG,
        3_600_000L,
        Validators.zeroOr(1_000, 604_800_000),
        Importance.LOW,
        "How often each exchange is asked for its instruments again, in milliseconds; 0 for never. What is listed anew and"
            + " fits a symbol with a star is streamed from then on, what is not traded any more is streamed no longer; both are"
            + " told in feed_status, and no task is restarted.",
        Width.MEDIUM,
        "Instruments Refresh",
        Choices.of(0, 60_000, 3_600_000));
    EnumSet<Channel> channels = EnumSet.allOf(Channel.class);
    define(
        CHANNELS,
        ConfigDef.Type.LIST,
        "",
        Validators.channels(channels, "there is"),
        Importance.HIGH,
        "The kinds of data to stream from every exchange that has no channels of its own, separated by commas. What"
            + " happens to the streams is written to feed_status always.",
        Width.LONG,
        "Channels",
        Choices.of(Validators.codes(channels)));
    define(
        PROFILES_PATH,
        ConfigDef.Type.STRING,
        null,
        Validators.inContext("path of a folder on every worker"),
        Importance.LOW,
        "A folder with exchanges of your own: every *.yaml and *.yml file in it describes one, or changes one that comes"
            + " with the connector. It must be the same on every worker, and is read when the connector and its tasks"
            + " start. The page about adding an exchange explains the files.",
        Width.LONG,
        "Exchange Profiles",
        Choices.free());
  }

  private void defineRecords() {
    begin("Topics and records");
    define(
        TOPIC_PREFIX,
        ConfigDef.Type.STRING,
        "crypto",
        Validators.topicPrefix(),
        Importance.HIGH,
        "How the names of all topics begin.",
        Width.MEDIUM,
        "Topic Prefix",
        Choices.free());
    define(
        TOPIC_TEMPLATE,
        ConfigDef.Type.STRING,
        TopicTemplate.DEFAULT,
        Validators.topicTemplate(),
        Importance.MEDIUM,
        "How topics are named. ${prefix}, ${exchange}, ${market_type}, ${channel} and ${symbol} are replaced. Channels"
            + " have schemas of their own, so leave ${channel} out only where the converter's subject name strategy"
            + " allows several schemas in a topic.",
        Width.LONG,
        "Topic Template",
        Choices.of(TopicTemplate.DEFAULT));
    define(
        DECIMAL_MODE,
        ConfigDef.Type.STRING,
        DecimalMode.PRECISE.code(),
        Validators.decimalMode(),
        Importance.MEDIUM,
        "How prices and sizes are written. precise: Connect's Decimal of scale 18 and precision 38, exact; string: the"
            + " exchange's own digits as text, exact; double: a 64-bit floating-point number, which is not exact.",
        Width.SHORT,
        "Decimal Mode",
        Choices.of(Arrays.stream(DecimalMode.values()).map(DecimalMode::code).toList()));
    define(
        RECORD_HEADERS,
        ConfigDef.Type.BOOLEAN,
        false,
        Validators.inContext("true, false"),
        Importance.LOW,
        "Whether records carry the headers 'origin' and 'schema.version', so that they can be filtered without being"
            + " decoded. Costs the worker about a tenth of its throughput for each header.",
        Width.SHORT,
        "Record Headers",
        Choices.of(true, false));
  }

  private void defineBooks() {
    begin("Order books");
    List<String> modes =
        Arrays.stream(BookOptions.Mode.values()).map(BookOptions.Mode::code).toList();
    define(
        BOOK_MODE,
        ConfigDef.Type.STRING,
        BookOptions.Mode.DELTA.code(),
        Validators.oneOf(modes),
        Importance.MEDIUM,
        "How order books are written to l2_book. delta: a full book, then its changes; snapshot: full books only; both: as"
            + " delta, and full books in l2_snapshot besides.",
        Width.SHORT,
        "Book Mode",
        Choices.of(modes));
    define(
        BOOK_DEPTH,
        ConfigDef.Type.INT,
        0,
        Range.between(0, 100_000),
        Importance.MEDIUM,
        "How many of the best levels of each side are written, 0 for all that the exchange tells. A level that moves up"
            + " among them is written as a change. Where an exchange offers several depths, the smallest that is enough is"
            + " subscribed.",
        Width.SHORT,
        "Book Depth",
        Choices.of(0, 1, 5, 10, 20, 50, 100, 500, 1000));
    define(
        BOOK_SNAPSHOT_INTERVAL_MS,
        ConfigDef.Type.LONG,
        0L,
        Validators.zeroOr(100, 86_400_000),
        Importance.LOW,
        "How often a full book is written, in milliseconds. 0: in mode delta never again after the first, so that who reads"
            + " from the middle has to wait for a fault; in the other modes whenever the book has changed.",
        Width.SHORT,
        "Book Snapshot Interval",
        Choices.of(0, 1_000, 60_000, 600_000));
  }

  private void defineBackfill() {
    begin("Missing trades");
    define(
        BACKFILL_ENABLED,
        ConfigDef.Type.BOOLEAN,
        true,
        Validators.inContext("true, false"),
        Importance.MEDIUM,
        "Whether trades that are missing after a gap, a reconnect or a restart are fetched from the exchange's REST"
            + " history, and written before those that came later. Without it they are reported in feed_status alone.",
        Width.SHORT,
        "Backfill",
        Choices.of(true, false));
    define(
        BACKFILL_MAX_AGE,
        ConfigDef.Type.STRING,
        "24h",
        Validators.duration(),
        Importance.MEDIUM,
        "How old a missing trade may be to be fetched: a number and a unit (ms, s, m, h, d) or ISO 8601. What is older is"
            + " reported as lost in feed_status. An exchange's history may reach back less far; the page about guarantees"
            + " says how far.",
        Width.SHORT,
        "Backfill Age",
        Choices.of("1h", "24h", "7d"));
    define(
        BACKFILL_INITIAL,
        ConfigDef.Type.STRING,
        InitialTrades.NONE,
        Validators.initialTrades(),
        Importance.MEDIUM,
        "With which trade an instrument begins that has no offset yet. none: with the next one; a duration, at most"
            + " backfill.max.age: with those of that time before now; a whole number: with the trade of that id, which is"
            + " meant for one instrument of an exchange with consecutive ids. What has an offset goes on from there.",
        Width.SHORT,
        "Backfill At First",
        Choices.of(InitialTrades.NONE, "1h", "24h"));
    define(
        BACKFILL_PATIENCE_MS,
        ConfigDef.Type.LONG,
        300_000L,
        Range.between(1_000, 604_800_000),
        Importance.LOW,
        "How long the live trades of an instrument wait for a history that makes no progress, in milliseconds. Then what is"
            + " missing is reported as lost, and they are written.",
        Width.SHORT,
        "Backfill Patience",
        Choices.of(60_000, 300_000, 3_600_000));
    define(
        BACKFILL_HELD_TRADES,
        ConfigDef.Type.INT,
        50_000,
        Range.atLeast(1),
        Importance.LOW,
        "How many live trades of a task may wait for older ones at the same time. What exceeds that is dropped, and fetched"
            + " from the history as well.",
        Width.SHORT,
        "Held Trades",
        Choices.free());
  }

  private void defineQueue() {
    begin("Queue");
    define(
        QUEUE_MAX_RECORDS,
        ConfigDef.Type.INT,
        50_000,
        Range.atLeast(1),
        Importance.LOW,
        "How many records may wait for the worker in each task. When so many wait, the task stops reading from the"
            + " exchanges until half of them are gone; nothing is dropped.",
        Width.SHORT,
        "Queue Records",
        Choices.free());
    define(
        QUEUE_MAX_BYTES,
        ConfigDef.Type.LONG,
        64L << 20,
        Range.atLeast(1 << 20),
        Importance.LOW,
        "About how many bytes of heap the waiting records of a task may take before it stops reading.",
        Width.SHORT,
        "Queue Bytes",
        Choices.free());
    define(
        POLL_MAX_RECORDS,
        ConfigDef.Type.INT,
        4_000,
        Range.between(1, 100_000),
        Importance.LOW,
        "How many records a task hands to the worker at a time, at most.",
        Width.SHORT,
        "Poll Records",
        Choices.free());
    define(
        POLL_TIMEOUT_MS,
        ConfigDef.Type.INT,
        500,
        Range.between(50, 500),
        Importance.LOW,
        "How long a task waits for a record before it lets the worker look after other things, in milliseconds. A task"
            + " cannot be stopped while it waits.",
        Width.SHORT,
        "Poll Timeout",
        Choices.free());
  }

  private void defineMetrics() {
    begin("Metrics");
    define(
        PROMETHEUS_PORT,
        ConfigDef.Type.INT,
        0,
        Range.between(0, 65_535),
        Importance.LOW,
        "The port of an endpoint for Prometheus on each worker that runs tasks of the connector; 0 for no endpoint. Connectors"
            + " with the same port and host share one endpoint, which shows the metrics of all their tasks. The task fails"
            + " if the port cannot be bound. An alias is proxy.prometheus.port; if both are set, their values must be the"
            + " same.",
        Width.SHORT,
        "Metrics Prometheus Port",
        Choices.free());
    define(
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
    begin("CCXT");
    define(
        CCXT_BUNDLE_PATH,
        ConfigDef.Type.STRING,
        null,
        Validators.file(),
        Importance.LOW,
        "The file ccxt.browser.min.js of another version of CCXT than the component has. It must be the same on every"
            + " worker.",
        Width.LONG,
        "CCXT Bundle",
        Choices.free());
    define(
        CCXT_MARKETS_TTL_MS,
        ConfigDef.Type.LONG,
        3_600_000L,
        Range.between(1_000, 604_800_000),
        Importance.LOW,
        "How long the markets that CCXT has read from an exchange count as new, in milliseconds: for so long the tasks of a"
            + " worker share them, rather than ask the exchange again.",
        Width.MEDIUM,
        "CCXT Markets",
        Choices.of(60_000, 3_600_000, 86_400_000));
  }

  private void defineExchange(String id) {
    begin("Exchange " + id);
    defineOfEvery(id);
    if (exchanges.isCcxt(id)) {
      defineOfCcxt(id);
    } else {
      defineOfNative(id);
    }
  }

  private void defineOfEvery(String id) {
    define(
        ExchangeKey.SYMBOLS.of(id),
        ConfigDef.Type.LIST,
        "",
        Validators.symbols(),
        Importance.MEDIUM,
        "The instruments to stream from this exchange, in place of 'symbols'.",
        Width.LONG,
        "Symbols of " + id,
        Choices.free());
    define(
        ExchangeKey.CHANNELS.of(id),
        ConfigDef.Type.LIST,
        "",
        Validators.channels(exchanges.channels(id), id + " has"),
        Importance.MEDIUM,
        "The kinds of data to stream from this exchange, in place of 'channels'.",
        Width.LONG,
        "Channels of " + id,
        Choices.of(Validators.codes(exchanges.channels(id))));
    List<String> providers = List.of(KnownExchanges.NATIVE, KnownExchanges.CCXT);
    define(
        ExchangeKey.PROVIDER.of(id),
        ConfigDef.Type.STRING,
        exchanges.isCcxt(id) ? KnownExchanges.CCXT : KnownExchanges.NATIVE,
        Validators.oneOf(providers),
        Importance.LOW,
        "Who serves this exchange. native: the connector, out of a profile; ccxt: the class of CCXT that has this id, which"
            + " ccxt: before the id in 'exchanges' says as well.",
        Width.SHORT,
        "Provider of " + id,
        Choices.of(providers));
    define(
        ExchangeKey.SANDBOX.of(id),
        ConfigDef.Type.BOOLEAN,
        false,
        Validators.inContext("true, false"),
        Importance.LOW,
        "Whether the exchange's own test hosts are used, where it has any.",
        Width.SHORT,
        "Sandbox of " + id,
        exchanges.isCcxt(id) || venues.hasSandbox(id)
            ? Choices.of(true, false)
            : Choices.of(false));
  }

  private void defineOfNative(String id) {
    define(
        ExchangeKey.WEBSOCKET_URL.of(id),
        ConfigDef.Type.STRING,
        null,
        Validators.url("wss", "ws"),
        Importance.LOW,
        "Where WebSocket connections go instead of the exchange's public host: a mirror, a test host, a simulator. ws://"
            + " is meant for this machine; elsewhere it is allowed with a warning.",
        Width.LONG,
        "WebSocket URL of " + id,
        Choices.free());
    define(
        ExchangeKey.REST_URL.of(id),
        ConfigDef.Type.STRING,
        null,
        Validators.url("https", "http"),
        Importance.LOW,
        "Where REST requests go instead of the exchange's public host. http:// is meant for this machine; elsewhere it"
            + " is allowed with a warning.",
        Width.LONG,
        "REST URL of " + id,
        Choices.free());
    List<String> modes = venues.tradeModes(id);
    define(
        ExchangeKey.TRADES_MODE.of(id),
        ConfigDef.Type.STRING,
        modes.isEmpty() ? null : modes.get(0),
        Validators.oneOf(modes),
        Importance.LOW,
        "Which of its trade streams is read, where the exchange has several: raw has every single trade, aggregate joins"
            + " those of one taker order at one price.",
        Width.SHORT,
        "Trade Stream of " + id,
        Choices.of(modes));
    List<String> books = venues.bookModes(id);
    define(
        ExchangeKey.BOOK_STREAM.of(id),
        ConfigDef.Type.STRING,
        books.isEmpty() ? null : books.get(0),
        Validators.oneOf(books),
        Importance.LOW,
        "Which of its book streams is read, where the exchange has several; the page about exchanges describes them.",
        Width.SHORT,
        "Book Stream of " + id,
        Choices.of(books));
  }

  private void defineOfCcxt(String id) {
    defineSecret(
        ExchangeKey.API_KEY.of(id),
        "The key of an account at the exchange. Most exchanges show their market data to everyone and need none.",
        "API Key of " + id);
    defineSecret(
        ExchangeKey.API_SECRET.of(id),
        "The secret that belongs to the account's key.",
        "API Secret of " + id);
    defineSecret(
        ExchangeKey.API_PASSPHRASE.of(id),
        "What some exchanges ask for beside the key and its secret; CCXT calls it password.",
        "API Passphrase of " + id);
    define(
        ExchangeKey.CCXT_OPTIONS.of(id),
        ConfigDef.Type.STRING,
        null,
        Validators.jsonObject(),
        Importance.LOW,
        "What CCXT calls the options of the exchange, as a JSON object; CCXT's documentation says which there are. They are"
            + " shown with the configuration, so secrets do not belong into them.",
        Width.LONG,
        "CCXT Options of " + id,
        Choices.free());
    define(
        ExchangeKey.CCXT_HOSTS.of(id),
        ConfigDef.Type.LIST,
        "",
        Validators.hostPairs(),
        Importance.LOW,
        "What URLs of the exchange are replaced by, separated by commas: the beginning of a URL as CCXT has it, '=', and"
            + " what stands in its place. For mirrors, test hosts and simulators. http:// and ws:// are meant for this"
            + " machine; elsewhere they are allowed with a warning.",
        Width.LONG,
        "CCXT Hosts of " + id,
        Choices.free());
  }

  private void defineSecret(String name, String documentation, String displayName) {
    define(
        name,
        ConfigDef.Type.PASSWORD,
        null,
        Validators.secret(),
        Importance.LOW,
        documentation,
        Width.LONG,
        displayName,
        Choices.free());
  }

  private void defineProxies(Collection<String> exchangeIds, Collection<String> written) {
    begin("Proxies");
    List<ProxyKey> keys = ProxyConfiguration.keys(exchangeIds, written);
    List<String> others =
        keys.stream().map(ProxyKey::name).filter(name -> !name.equals(PROXY_ENABLED)).toList();
    for (ProxyKey key : keys) {
      boolean isSwitch = key.name().equals(PROXY_ENABLED);
      definition.define(
          key.name(),
          type(key),
          key.defaultValue(),
          Validators.inContext(key.allowed()),
          isSwitch ? Importance.HIGH : Importance.MEDIUM,
          key.documentation(),
          group,
          order++,
          key.type().isSecret() ? Width.LONG : Width.MEDIUM,
          displayName(key.name()),
          isSwitch ? others : List.of(),
          isSwitch ? choices(key) : choices(key).when(PROXY_ENABLED));
    }
  }

  private static Choices choices(ProxyKey key) {
    return switch (key.type()) {
      case BOOLEAN -> Choices.of(true, false);
      case CHOICE -> Choices.of(key.choices());
      default -> Choices.free();
    };
  }

  /**
   * The proxy layer reads lists, numbers and flags itself: it says more exactly what is wrong, and
   * does not quote what may be a credential in the wrong place.
   */
  private static ConfigDef.Type type(ProxyKey key) {
    return switch (key.type()) {
      case BOOLEAN ->
          key.name().equals(PROXY_ENABLED) ? ConfigDef.Type.BOOLEAN : ConfigDef.Type.STRING;
      case URL, URLS, SECRET -> ConfigDef.Type.PASSWORD;
      case MILLIS, COUNT, NUMBER, CHOICE, LIST, TEXT -> ConfigDef.Type.STRING;
    };
  }

  /** {@code proxy.default.rest.timeout.ms} is Default Rest Timeout Ms. */
  private static String displayName(String key) {
    StringBuilder name = new StringBuilder();
    for (String word : key.substring("proxy.".length()).split("[._]")) {
      name.append(name.length() == 0 ? "" : " ")
          .append(word.substring(0, 1).toUpperCase(Locale.ROOT))
          .append(word.substring(1));
    }
    return name.toString();
  }

  private void begin(String nextGroup) {
    group = nextGroup;
    order = 1;
  }

  private void define(
      String name,
      ConfigDef.Type type,
      @Nullable Object defaultValue,
      Validator validator,
      Importance importance,
      String documentation,
      Width width,
      String displayName,
      Recommender recommender) {
    definition.define(
        name,
        type,
        defaultValue,
        validator,
        importance,
        documentation,
        group,
        order++,
        width,
        displayName,
        List.of(),
        recommender);
  }
}
