package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.net.EpochClock;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The script of one exchange while it runs. Created and used by its event loop only. */
final class RunningScript implements DriverSink.Events, HostSockets.Events {

  private final ScriptCode code;
  private final CcxtServices services;
  private final CcxtOptions options;
  private final CcxtListener listener;
  private final ScriptContext script;
  private final HostSockets sockets;
  private final HostGlobals globals;
  private final Map<Integer, Request> requests = new HashMap<>();
  private @Nullable Driver driver;
  private int lastRequest;
  private boolean silenced;

  /** A request to the script that has no reply yet. */
  private record Request(Consumer<String> onReply, Consumer<Throwable> onFailure) {}

  /**
   * @param engine closed when the script has ended
   */
  RunningScript(
      CcxtEngine engine, CcxtServices services, CcxtOptions options, CcxtListener listener) {
    code = engine.code();
    this.services = services;
    this.options = options;
    this.listener = listener;
    String name = options.exchange();
    script = new ScriptContext(name, code, services.loop(), services.limits(), this::broken);
    RequestGate gate = new RequestGate(name, services.injector(), services.limiter());
    String session = services.injector().newSession();
    sockets = new HostSockets(script, name, services.webSockets(), gate, session, this);
    globals = new HostGlobals(script, new HostFetch(script, name, services.http(), gate), sockets);
    script.atEnd(this::failAll);
    script.afterEnd(engine::close);
  }

  /** Evaluates the bundle and constructs the exchange. */
  void load() {
    script.turn(
        "start",
        services.limits().load(),
        () -> {
          Driver started = Driver.start(code, script, globals, sockets, options, this);
          driver = started;
          listener.onReady(started.abilities(Driver.version(script)));
        });
  }

  boolean isClosed() {
    return script.isClosed();
  }

  void loadMarkets(boolean reload, Promise<List<CcxtMarket>> promise) {
    request(
        "loadMarkets",
        promise,
        DriverAnswers::markets,
        (driver, request) -> driver.loadMarkets(request, reload));
  }

  void exportMarkets(Promise<String> promise) {
    request("exportMarkets", promise, json -> json, Driver::exportMarkets);
  }

  void importMarkets(String exported, Promise<List<CcxtMarket>> promise) {
    request(
        "importMarkets",
        promise,
        DriverAnswers::markets,
        (driver, request) -> driver.importMarkets(request, exported));
  }

  void fetchTrades(String symbol, long sinceMs, int limit, Promise<List<CcxtTrade>> promise) {
    request(
        "fetchTrades",
        promise,
        json -> DriverAnswers.trades(json, EpochClock.nowNs()),
        (driver, request) -> driver.fetchTrades(request, symbol, sinceMs, limit));
  }

  void fetchOrderBook(String symbol, int limit, Promise<CcxtBook> promise) {
    request(
        "fetchOrderBook",
        promise,
        json -> DriverAnswers.book(symbol, json, EpochClock.nowNs()),
        (driver, request) -> driver.fetchOrderBook(request, symbol, limit));
  }

  void watch(Channel channel, String symbol) {
    enter("watch", driver -> driver.watch(channel, symbol));
  }

  void unwatch(Channel channel, String symbol) {
    enter("unwatch", driver -> driver.unwatch(channel, symbol));
  }

  void resubscribe(Channel channel, String symbol) {
    enter("resubscribe", driver -> driver.resubscribe(channel, symbol));
  }

  void setReading(boolean reading) {
    sockets.setReading(reading);
  }

  void close() {
    silenced = true;
    enter("close", Driver::close);
    script.close();
  }

  private void enter(String what, Consumer<Driver> step) {
    script.turn(
        what,
        () -> {
          if (driver != null) {
            step.accept(driver);
          }
        });
  }

  /** Calls a function of the driver that takes the number of the request. */
  private interface Call {
    void send(Driver driver, int request);
  }

  private interface Parser<T> {
    T parse(String json);
  }

  private <T> void request(String what, Promise<T> promise, Parser<T> parser, Call call) {
    int request = ++lastRequest;
    requests.put(
        request, new Request(json -> promise.trySuccess(parser.parse(json)), promise::tryFailure));
    enter(what, driver -> call.send(driver, request));
  }

  private void failAll() {
    List<Request> pending = new ArrayList<>(requests.values());
    requests.clear();
    pending.forEach(
        request ->
            request
                .onFailure()
                .accept(new CancellationException(options.exchange() + " was closed")));
  }

  private void broken(String reason) {
    if (!silenced) {
      silenced = true;
      if (script.isUnavailable()) {
        listener.onUnavailable(reason);
      } else {
        listener.onBroken(reason);
      }
    }
  }

  // ---- Events of the script ----

  @Override
  public void trade(CcxtTrade trade) {
    if (!silenced) {
      listener.onTrade(trade);
    }
  }

  @Override
  public void book(CcxtBook book) {
    if (!silenced) {
      listener.onBook(book);
    }
  }

  @Override
  public void observation(CcxtObservation observation) {
    if (!silenced) {
      listener.onObservation(observation);
    }
  }

  @Override
  public void started(Channel channel, String symbol) {
    if (!silenced) {
      listener.onStreamStarted(channel, symbol);
    }
  }

  @Override
  public void stopped(Channel channel, String symbol, String reason) {
    if (!silenced) {
      listener.onStreamStopped(channel, symbol, reason);
    }
  }

  @Override
  public void error(@Nullable Channel channel, String symbol, CcxtException error) {
    if (silenced) {
      return;
    }
    if (channel == null) {
      listener.onMalformed(error);
    } else {
      listener.onStreamError(channel, symbol, error);
    }
  }

  @Override
  public void reply(int request, String json) {
    Request replied = requests.remove(request);
    if (replied != null) {
      replied.onReply().accept(json);
    }
  }

  @Override
  public void refuse(int request, CcxtException error) {
    Request refused = requests.remove(request);
    if (refused != null) {
      refused.onFailure().accept(error);
    }
  }

  // ---- Events of its sockets ----

  @Override
  public void opened(String url, String egress) {
    if (!silenced) {
      listener.onSocketOpened(url, egress);
    }
  }

  @Override
  public void closed(String url, String reason) {
    if (!silenced) {
      listener.onSocketClosed(url, reason);
    }
  }
}
