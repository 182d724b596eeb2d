package io.cryptofeed.connect.ccxt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.text.UntrustedText;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/**
 * The protocol between Java and {@code ccxt/driver.js}, in plain values: text, numbers, booleans
 * and null. Longer replies are JSON.
 *
 * <p>Java calls, each within a turn:
 *
 * <ul>
 *   <li>{@code open(id, settings, sink)}, with settings {@code {"config": {...}, "sandbox": bool,
 *       "hosts": [[from, to], ...]}}; returns the exchange, with the functions below
 *   <li>{@code has()}: an object of abilities
 *   <li>{@code knows(id)}: whether there is such a class
 *   <li>{@code loadMarkets(request, reload)}: a list of rows, see {@link DriverAnswers#markets};
 *       {@code exportMarkets(request)}: the loaded markets, for {@code importMarkets(request,
 *       exported)} of another script, which replies like {@code loadMarkets}
 *   <li>{@code watch(channel, symbol)}, {@code unwatch(channel, symbol)}, {@code
 *       resubscribe(channel, symbol)}, with the code of a channel
 *   <li>{@code fetchTrades(request, symbol, sinceMs, limit)}: rows like the arguments of {@code
 *       trade}; {@code fetchOrderBook(request, symbol, limit)}: {@code [timestamp, nonce, bids,
 *       asks]}; a negative time and a limit of 0 mean none
 *   <li>{@code close()}
 *   <li>{@code catalog()}: what every streaming class declares that it supports
 * </ul>
 *
 * <p>The script calls the sink:
 *
 * <ul>
 *   <li>{@code trade(symbol, id, timestamp, side, price, amount, takerOrMaker)}
 *   <li>{@code book(symbol, isSnapshot, timestamp, nonce, bids, asks)}, sides as {@code
 *       price,size,price,size}
 *   <li>{@code observation(channel, symbol, timestamp, value...)}, with the values of a plain
 *       channel in the order of its layout's fields; those at the end may be missing
 *   <li>{@code started(channel, symbol)}, {@code stopped(channel, symbol, reason)}
 *   <li>{@code error(channel, symbol, kind, name, message)}, with channel {@code message} if it
 *       belongs to no stream
 *   <li>{@code reply(request, json)} or {@code refuse(request, kind, name, message)}, one of them
 *       once for every request
 * </ul>
 *
 * <p>An unknown timestamp or nonce is -1; an unknown text is null.
 */
final class Driver {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Value functions;

  private Driver(Value functions) {
    this.functions = functions;
  }

  /**
   * Evaluates the three scripts and constructs the exchange.
   *
   * @param sockets know when a message was received
   * @param events takes the events of the script
   * @throws CcxtUnavailableException if the bundle is not CCXT's or too old, or if it cannot
   *     construct the exchange
   */
  static Driver start(
      ScriptCode code,
      ScriptContext script,
      HostGlobals globals,
      HostSockets sockets,
      CcxtOptions options,
      DriverSink.Events events)
      throws CcxtUnavailableException {
    globals.install(code);
    Value driver = load(code, script);
    if (!driver.invokeMember("knows", options.id()).asBoolean()) {
      throw new CcxtUnavailableException(
          "CCXT "
              + version(script)
              + " has no exchange '"
              + options.id()
              + "'; its ids are the names of its classes, in lower case",
          null);
    }
    String settings = settings(options);
    ProxyObject sink = new DriverSink(script, sockets, events).functions();
    try {
      return new Driver(driver.invokeMember("open", options.id(), settings, sink));
    } catch (PolyglotException e) {
      if (!e.isGuestException() || e.isCancelled() || e.isResourceExhausted()) {
        throw e;
      }
      throw new CcxtUnavailableException(
          "CCXT cannot construct the exchange '"
              + options.id()
              + "' as it is configured: "
              + UntrustedText.sanitised(e.getMessage()),
          e);
    }
  }

  /** Evaluates the bundle and the driver; the globals must have been installed before. */
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
      throw bundle.corrupt("has no ccxt.pro, the classes that stream", null);
    }
    String version = ccxt.getMember("version").asString();
    bundle.check(
        CcxtVersion.parse(version)
            .orElseThrow(() -> bundle.corrupt("has the invalid version '" + version + "'", null)));
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
    throw new CcxtUnavailableException("the options of " + id + " are not a JSON object", null);
  }

  // ---- Functions of the exchange ----

  CcxtAbilities abilities(String version) {
    return DriverAnswers.abilities(functions.invokeMember("has").asString(), version);
  }

  void loadMarkets(int request, boolean reload) {
    functions.invokeMember("loadMarkets", request, reload);
  }

  void exportMarkets(int request) {
    functions.invokeMember("exportMarkets", request);
  }

  void importMarkets(int request, String exported) {
    functions.invokeMember("importMarkets", request, exported);
  }

  void watch(Channel channel, String symbol) {
    functions.invokeMember("watch", channel.code(), symbol);
  }

  void unwatch(Channel channel, String symbol) {
    functions.invokeMember("unwatch", channel.code(), symbol);
  }

  void resubscribe(Channel channel, String symbol) {
    functions.invokeMember("resubscribe", channel.code(), symbol);
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
}
