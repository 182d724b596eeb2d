package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Defines the keys of one exchange, which begin with {@code exchange.<id>.}. */
final class ExchangeKeys {

  private final KeyGroup keys;
  private final KnownExchange exchange;
  private final String id;

  private ExchangeKeys(ConfigDef definition, KnownExchange exchange) {
    this.exchange = exchange;
    id = exchange.id();
    keys = new KeyGroup(definition, "Exchange " + id);
  }

  static void define(ConfigDef definition, KnownExchange exchange) {
    ExchangeKeys keys = new ExchangeKeys(definition, exchange);
    keys.defineCommon();
    exchange.defineOwn(keys);
  }

  private void defineCommon() {
    keys.define(
        ExchangeKey.SYMBOLS.of(id),
        ConfigDef.Type.LIST,
        "",
        Validators.symbols(),
        Importance.MEDIUM,
        "The instruments to stream from this exchange, in place of 'symbols'.",
        Width.LONG,
        "Symbols of " + id,
        Choices.free());
    List<String> unlisted =
        Arrays.stream(UnlistedSymbols.values()).map(UnlistedSymbols::code).toList();
    keys.define(
        ExchangeKey.SYMBOLS_UNLISTED.of(id),
        ConfigDef.Type.STRING,
        UnlistedSymbols.FAIL.code(),
        Validators.oneOf(unlisted),
        Importance.LOW,
        "What becomes of a symbol that this exchange has never listed, in place of 'symbols.unlisted'.",
        Width.SHORT,
        "Unlisted Symbols of " + id,
        Choices.of(unlisted));
    keys.define(
        ExchangeKey.CHANNELS.of(id),
        ConfigDef.Type.LIST,
        "",
        Validators.channels(exchange.channels(), id + " has"),
        Importance.MEDIUM,
        "The kinds of data to stream from this exchange, in place of 'channels'.",
        Width.LONG,
        "Channels of " + id,
        Choices.of(Validators.codes(exchange.channels())));
    List<String> providers = List.of(KnownExchanges.NATIVE, KnownExchanges.CCXT);
    keys.define(
        ExchangeKey.PROVIDER.of(id),
        ConfigDef.Type.STRING,
        exchange.provider(),
        Validators.oneOf(providers),
        Importance.LOW,
        "The provider of this exchange. native: the connector, by a profile; ccxt: the class of CCXT with this id. The prefix"
            + " ccxt: before the id in 'exchanges' has the same effect.",
        Width.SHORT,
        "Provider of " + id,
        Choices.of(providers));
    keys.define(
        ExchangeKey.SANDBOX.of(id),
        ConfigDef.Type.BOOLEAN,
        false,
        Validators.inContext("true, false"),
        Importance.LOW,
        "Whether the exchange's test hosts are used, if it has any.",
        Width.SHORT,
        "Sandbox of " + id,
        exchange.hasSandbox() ? Choices.of(true, false) : Choices.of(false));
  }

  void defineNative(Venues venues) {
    keys.define(
        ExchangeKey.WEBSOCKET_URL.of(id),
        ConfigDef.Type.STRING,
        null,
        Validators.url("wss", "ws"),
        Importance.LOW,
        "The URL for WebSocket connections instead of the exchange's public host: a mirror, a test host, a simulator. ws:// is"
            + " meant for loopback; for other hosts it is allowed with a warning.",
        Width.LONG,
        "WebSocket URL of " + id,
        Choices.free());
    keys.define(
        ExchangeKey.REST_URL.of(id),
        ConfigDef.Type.STRING,
        null,
        Validators.url("https", "http"),
        Importance.LOW,
        "The URL for REST requests instead of the exchange's public host. http:// is meant for loopback; for other hosts it is"
            + " allowed with a warning.",
        Width.LONG,
        "REST URL of " + id,
        Choices.free());
    List<String> modes = venues.tradeModes(id);
    keys.define(
        ExchangeKey.TRADES_MODE.of(id),
        ConfigDef.Type.STRING,
        modes.isEmpty() ? null : modes.get(0),
        Validators.oneOf(modes),
        Importance.LOW,
        "Which trade stream is read, if the exchange has several: raw has every single trade, aggregate joins the trades of one"
            + " taker order at one price.",
        Width.SHORT,
        "Trade Stream of " + id,
        Choices.of(modes));
    List<String> books = venues.bookModes(id);
    keys.define(
        ExchangeKey.BOOK_STREAM.of(id),
        ConfigDef.Type.STRING,
        books.isEmpty() ? null : books.get(0),
        Validators.oneOf(books),
        Importance.LOW,
        "Which book stream is read, if the exchange has several; the page about exchanges describes them.",
        Width.SHORT,
        "Book Stream of " + id,
        Choices.of(books));
  }

  void defineCcxt() {
    defineSecret(
        ExchangeKey.API_KEY.of(id),
        "The API key of an account at the exchange. The market data of most exchanges is public and needs no key.",
        "API Key of " + id);
    defineSecret(
        ExchangeKey.API_SECRET.of(id), "The secret of the API key.", "API Secret of " + id);
    defineSecret(
        ExchangeKey.API_PASSPHRASE.of(id),
        "The passphrase that some exchanges require in addition to the key and its secret; CCXT calls it password.",
        "API Passphrase of " + id);
    keys.define(
        ExchangeKey.CCXT_OPTIONS.of(id),
        ConfigDef.Type.STRING,
        null,
        Validators.jsonObject(),
        Importance.LOW,
        "CCXT's options of the exchange, as a JSON object; CCXT's documentation lists them. They are shown with the"
            + " configuration, so they must not hold secrets.",
        Width.LONG,
        "CCXT Options of " + id,
        Choices.free());
    keys.define(
        ExchangeKey.CCXT_HOSTS.of(id),
        ConfigDef.Type.LIST,
        "",
        Validators.hostPairs(),
        Importance.LOW,
        "Replacements for the URLs of the exchange, separated by commas: the beginning of a URL in CCXT, '=', and its"
            + " replacement. For mirrors, test hosts and simulators. http:// and ws:// are meant for loopback; for other hosts"
            + " they are allowed with a warning.",
        Width.LONG,
        "CCXT Hosts of " + id,
        Choices.free());
  }

  private void defineSecret(String name, String documentation, String displayName) {
    keys.define(
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
}
