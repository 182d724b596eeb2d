package io.cryptofeed.connect.ccxt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/**
 * The protocol between Java and {@code ccxt/driver.js}, in plain values: text, numbers, booleans
 * and null. Longer answers are JSON.
 *
 * <p>Java calls, each within a turn:
 *
 * <ul>
 *   <li>{@code open(id, settings, sink)}, with settings {@code {"config": {...}, "sandbox": bool,
 *       "hosts": [[from, to], ...]}}; returns the exchange, with the functions below
 *   <li>{@code has()}: an object of abilities
 *   <li>{@code knows(id)}: whether there is such a class
 *   <li>{@code loadMarkets(request, anew)}: a list of rows, see {@link #markets}; {@code
 *       exportMarkets(request)}: what has been loaded, for {@code importMarkets(request, exported)}
 *       of another script, which answers like {@code loadMarkets}
 *   <li>{@code watch(channel, symbol)}, {@code unwatch(channel, symbol)}, {@code renew(channel,
 *       symbol)}, with channel {@code trades}, {@code book}, {@code quotes}
 *   <li>{@code fetchTrades(request, symbol, sinceMs, limit)}: rows like the arguments of {@code
 *       trade}; {@code fetchOrderBook(request, symbol, limit)}: {@code [timestamp, nonce, bids,
 *       asks]}; a negative time and a limit of 0 mean none
 *   <li>{@code close()}
 *   <li>{@code catalog()}: what every streaming class says of itself
 * </ul>
 *
 * <p>The script calls the sink:
 *
 * <ul>
 *   <li>{@code trade(symbol, id, timestamp, side, price, amount, takerOrMaker)}
 *   <li>{@code book(symbol, isSnapshot, timestamp, nonce, bids, asks)}, sides as {@code
 *       price,size,price,size}
 *   <li>{@code quote(symbol, timestamp, bid, bidSize, ask, askSize)}
 *   <li>{@code started(channel, symbol)}, {@code stopped(channel, symbol, reason)}
 *   <li>{@code error(channel, symbol, kind, name, message)}, with channel {@code message} when it
 *       is about no stream
 *   <li>{@code reply(request, json)} or {@code refuse(request, kind, name, message)}, one of them
 *       once for every request
 * </ul>
 *
 * <p>A timestamp or nonce that is unknown is -1; a text that is unknown is null.
 */
final class Driver {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Value functions;

  private Driver(Value functions) {
    this.functions = functions;
  }

  /** Takes what the script tells. */
  interface Sink {
    void trade(CcxtTrade trade);

    void book(CcxtBook book);

    void quote(CcxtQuote quote);

    void started(CcxtChannel channel, String symbol);

    void stopped(CcxtChannel channel, String symbol, String reason);

    /**
     * @param channel null when it is about no stream
     */
    void error(@Nullable CcxtChannel channel, String symbol, CcxtException error);

    void reply(int request, String json);

    void refuse(int request, CcxtException error);
  }

  /**
   * Evaluates the three scripts and constructs the exchange.
   *
   * @param sockets tell when what is handed over was received
   * @throws CcxtUnavailableException when the bundle is not CCXT's or too old
   */
  static Driver start(
      ScriptCode code,
      ScriptContext script,
      HostGlobals globals,
      HostSockets sockets,
      CcxtOptions options,
      Sink sink)
      throws CcxtUnavailableException {
    globals.install(code);
    Value driver = load(code, script);
    if (!driver.invokeMember("knows", options.id()).asBoolean()) {
      throw new CcxtUnavailableException(
          "CCXT "
              + version(script)
              + " has no exchange '"
              + options.id()
              + "'; the ids that it has are those of its classes, in lower case",
          null);
    }
    String settings = settings(options);
    ProxyObject told = sinkOf(script, sockets, sink);
    try {
      return new Driver(driver.invokeMember("open", options.id(), settings, told));
    } catch (PolyglotException e) {
      if (!e.isGuestException() || e.isCancelled() || e.isResourceExhausted()) {
        throw e;
      }
      throw new CcxtUnavailableException(
          "CCXT cannot construct the exchange '"
              + options.id()
              + "' as it is configured: "
              + script.secrets().hideIn(String.valueOf(e.getMessage())),
          e);
    }
  }

  /** Evaluates the bundle and the driver, where the globals are there already. */
  static Value load(ScriptCode code, ScriptContext script) throws CcxtUnavailableException {
    Context context = script.polyglot();
    try {
      context.eval(code.ccxt());
    } catch (PolyglotException e) {
      if (e.isInterrupted() || e.isCancelled() || e.isResourceExhausted()) {
        throw e;
      }
      throw code.bundle().corrupt("does not run: " + e.getMessage(), e);
    }
    check(code.bundle(), context.getBindings("js").getMember("ccxt"));
    return context.eval(code.driver());
  }

  private static void check(CcxtBundle bundle, @Nullable Value ccxt)
      throws CcxtUnavailableException {
    if (ccxt == null || !ccxt.hasMember("exchanges") || !ccxt.hasMember("version")) {
      throw bundle.corrupt("defines no global ccxt", null);
    }
    if (!ccxt.hasMember("pro")) {
      throw bundle.corrupt("is without ccxt.pro, the exchanges that stream", null);
    }
    String version = ccxt.getMember("version").asString();
    bundle.check(
        CcxtVersion.parse(version)
            .orElseThrow(() -> bundle.corrupt("has no version but '" + version + "'", null)));
  }

  static String version(ScriptContext script) {
    return script.polyglot().getBindings("js").getMember("ccxt").getMember("version").asString();
  }

  private static String settings(CcxtOptions options) throws CcxtUnavailableException {
    ObjectNode settings = JSON.createObjectNode();
    ObjectNode config = settings.putObject("config");
    putIfGiven(config, "apiKey", options.apiKey());
    putIfGiven(config, "secret", options.secret());
    putIfGiven(config, "password", options.password());
    if (options.optionsJson() != null) {
      config.set("options", optionsOf(options.id(), options.optionsJson()));
    }
    settings.put("sandbox", options.sandbox());
    ObjectNode bookFields = settings.putObject("bookFields");
    putIfGiven(bookFields, "first", options.bookFields().first());
    putIfGiven(bookFields, "previous", options.bookFields().previous());
    ArrayNode hosts = settings.putArray("hosts");
    options.hosts().forEach((from, to) -> hosts.addArray().add(from).add(to));
    return settings.toString();
  }

  private static void putIfGiven(ObjectNode config, String name, @Nullable String value) {
    if (value != null) {
      config.put(name, value);
    }
  }

  private static JsonNode optionsOf(String id, String json) throws CcxtUnavailableException {
    try {
      JsonNode options = JSON.readTree(json);
      if (options.isObject()) {
        return options;
      }
    } catch (JsonProcessingException e) {
      // reported below, without the text, which may hold a secret
    }
    throw new CcxtUnavailableException("the options of " + id + " are no JSON object", null);
  }

  // ---- What the script tells ----

  private static ProxyObject sinkOf(ScriptContext script, HostSockets sockets, Sink sink) {
    Map<String, ScriptContext.HostFunction> functions = new HashMap<>();
    functions.put(
        "trade",
        a -> {
          sink.trade(
              new CcxtTrade(
                  a[0].asString(),
                  text(a[1]),
                  number(a[2]),
                  text(a[3]),
                  text(a[4]),
                  text(a[5]),
                  text(a[6]),
                  sockets.receiveNs()));
          return null;
        });
    functions.put(
        "book",
        a -> {
          sink.book(
              new CcxtBook(
                  a[0].asString(),
                  a[1].asBoolean(),
                  number(a[2]),
                  number(a[3]),
                  number(a[4]),
                  number(a[5]),
                  new CcxtLevels(a[6].asString()),
                  new CcxtLevels(a[7].asString()),
                  sockets.receiveNs()));
          return null;
        });
    functions.put(
        "quote",
        a -> {
          sink.quote(
              new CcxtQuote(
                  a[0].asString(),
                  number(a[1]),
                  a[2].asString(),
                  text(a[3]),
                  a[4].asString(),
                  text(a[5]),
                  sockets.receiveNs()));
          return null;
        });
    functions.put(
        "started",
        a -> {
          sink.started(CcxtChannel.of(a[0].asString()), a[1].asString());
          return null;
        });
    functions.put(
        "stopped",
        a -> {
          sink.stopped(
              CcxtChannel.of(a[0].asString()),
              a[1].asString(),
              script.secrets().hideIn(a[2].asString()));
          return null;
        });
    functions.put(
        "error",
        a -> {
          String channel = a[0].asString();
          sink.error(
              channel.equals("message") ? null : CcxtChannel.of(channel),
              a[1].asString(),
              error(script, a[2], a[3], a[4]));
          return null;
        });
    functions.put(
        "reply",
        a -> {
          sink.reply(a[0].asInt(), a[1].asString());
          return null;
        });
    functions.put(
        "refuse",
        a -> {
          sink.refuse(a[0].asInt(), error(script, a[1], a[2], a[3]));
          return null;
        });
    Map<String, Object> members = new HashMap<>();
    functions.forEach((name, function) -> members.put(name, script.function(function)));
    return ProxyObject.fromMap(members);
  }

  private static CcxtException error(ScriptContext script, Value kind, Value name, Value message) {
    return new CcxtException(
        CcxtErrorKind.of(kind.asString()),
        name.asString(),
        script.secrets().hideIn(message.asString()));
  }

  private static @Nullable String text(Value value) {
    return value.isNull() ? null : value.asString();
  }

  private static long number(Value value) {
    return value.fitsInLong() ? value.asLong() : (long) value.asDouble();
  }

  // ---- What the script is asked ----

  CcxtAbilities abilities(String version) {
    JsonNode has = parse(functions.invokeMember("has").asString());
    return new CcxtAbilities(
        has.get("name").asText(),
        version,
        has.get("watchTrades").asBoolean(),
        has.get("watchBook").asBoolean(),
        has.get("quoteSource").textValue(),
        has.get("fetchTrades").asBoolean(),
        has.get("fetchBook").asBoolean(),
        has.get("sandbox").asBoolean(),
        has.get("rateLimitMs").asLong());
  }

  void loadMarkets(int request, boolean anew) {
    functions.invokeMember("loadMarkets", request, anew);
  }

  void exportMarkets(int request) {
    functions.invokeMember("exportMarkets", request);
  }

  void importMarkets(int request, String exported) {
    functions.invokeMember("importMarkets", request, exported);
  }

  void watch(CcxtChannel channel, String symbol) {
    functions.invokeMember("watch", channel.code(), symbol);
  }

  void unwatch(CcxtChannel channel, String symbol) {
    functions.invokeMember("unwatch", channel.code(), symbol);
  }

  void renew(CcxtChannel channel, String symbol) {
    functions.invokeMember("renew", channel.code(), symbol);
  }

  void fetchTrades(int request, String symbol, long sinceMs, int limit) {
    functions.invokeMember("fetchTrades", request, symbol, sinceMs, limit);
  }

  void fetchOrderBook(int request, String symbol, int limit) {
    functions.invokeMember("fetchOrderBook", request, symbol, limit);
  }

  void close() {
    functions.invokeMember("close");
  }

  // ---- Answers ----

  static List<CcxtMarket> markets(String json) {
    List<CcxtMarket> markets = new ArrayList<>();
    for (JsonNode row : parse(json)) {
      markets.add(
          new CcxtMarket(
              row.get(0).asText(),
              row.get(1).asText(),
              row.get(2).asText(),
              row.get(3).asText(),
              row.get(4).textValue(),
              row.get(5).asText(),
              flag(row.get(6)),
              flag(row.get(7)),
              row.get(8).textValue(),
              row.get(9).asBoolean(),
              row.get(10).isNumber() ? row.get(10).longValue() : null,
              row.get(11).textValue(),
              row.get(12).textValue()));
    }
    return markets;
  }

  private static @Nullable Boolean flag(JsonNode node) {
    return node.isBoolean() ? node.booleanValue() : null;
  }

  static List<CcxtTrade> trades(String json, long receiveNs) {
    List<CcxtTrade> trades = new ArrayList<>();
    for (JsonNode row : parse(json)) {
      trades.add(
          new CcxtTrade(
              row.get(0).asText(),
              row.get(1).textValue(),
              row.get(2).asLong(),
              row.get(3).textValue(),
              row.get(4).textValue(),
              row.get(5).textValue(),
              row.get(6).textValue(),
              receiveNs));
    }
    return trades;
  }

  static CcxtBook book(String symbol, String json, long receiveNs) {
    JsonNode book = parse(json);
    return new CcxtBook(
        symbol,
        true,
        book.get(0).asLong(),
        book.get(1).asLong(),
        -1,
        -1,
        new CcxtLevels(book.get(2).asText()),
        new CcxtLevels(book.get(3).asText()),
        receiveNs);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the driver wrote what is no JSON", e);
    }
  }
}
