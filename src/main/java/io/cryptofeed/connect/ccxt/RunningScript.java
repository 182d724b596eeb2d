package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.net.EpochClock;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an exchange has while it runs. Made and used by its event loop only. */
final class RunningScript implements Driver.Sink, HostSockets.Events {

  private final ScriptCode code;
  private final CcxtServices services;
  private final CcxtOptions options;
  private final CcxtListener listener;
  private final ScriptContext script;
  private final HostSockets sockets;
  private final HostGlobals globals;
  private final Map<Integer, Answer> answers = new HashMap<>();
  private @Nullable Driver driver;
  private int lastRequest;
  private boolean silenced;

  /** What becomes of a request. */
  private record Answer(Consumer<String> onReply, Consumer<Throwable> onFailure) {}

  /**
   * @param engine closed by this exchange when it ends
   */
  RunningScript(
      CcxtEngine engine, CcxtServices services, CcxtOptions options, CcxtListener listener) {
    code = engine.code();
    this.services = services;
    this.options = options;
    this.listener = listener;
    Secrets secrets =
        new Secrets(Arrays.asList(options.apiKey(), options.secret(), options.password()));
    String name = options.exchange();
    script =
        new ScriptContext(name, code, services.loop(), services.limits(), secrets, this::broken);
    RequestGate gate = new RequestGate(name, services.injector(), services.limiter());
    String session = services.injector().newSession();
    sockets = new HostSockets(script, name, services.webSockets(), gate, session, this);
    globals = new HostGlobals(script, new HostFetch(script, name, services.http(), gate), sockets);
    script.atEnd(this::failAll);
    script.afterEnd(engine::close);
  }

  /** Reads the bundle and constructs the exchange. */
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

  void loadMarkets(boolean anew, Promise<List<CcxtMarket>> promise) {
    ask(
        "loadMarkets",
        promise,
        Driver::markets,
        (asked, request) -> asked.loadMarkets(request, anew));
  }

  void exportMarkets(Promise<String> promise) {
    ask("exportMarkets", promise, json -> json, Driver::exportMarkets);
  }

  void importMarkets(String exported, Promise<List<CcxtMarket>> promise) {
    ask(
        "importMarkets",
        promise,
        Driver::markets,
        (asked, request) -> asked.importMarkets(request, exported));
  }

  void fetchTrades(String symbol, long sinceMs, int limit, Promise<List<CcxtTrade>> promise) {
    ask(
        "fetchTrades",
        promise,
        json -> Driver.trades(json, EpochClock.nowNs()),
        (asked, request) -> asked.fetchTrades(request, symbol, sinceMs, limit));
  }

  void fetchOrderBook(String symbol, int limit, Promise<CcxtBook> promise) {
    ask(
        "fetchOrderBook",
        promise,
        json -> Driver.book(symbol, json, EpochClock.nowNs()),
        (asked, request) -> asked.fetchOrderBook(request, symbol, limit));
  }

  void watch(CcxtChannel channel, String symbol) {
    enter("watch", asked -> asked.watch(channel, symbol));
  }

  void unwatch(CcxtChannel channel, String symbol) {
    enter("unwatch", asked -> asked.unwatch(channel, symbol));
  }

  void renew(CcxtChannel channel, String symbol) {
    enter("renew", asked -> asked.renew(channel, symbol));
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

  private interface Question {
    void ask(Driver driver, int request);
  }

  private interface Reader<T> {
    T read(String json);
  }

  private <T> void ask(String what, Promise<T> promise, Reader<T> reader, Question question) {
    int request = ++lastRequest;
    answers.put(
        request, new Answer(json -> promise.trySuccess(reader.read(json)), promise::tryFailure));
    enter(what, asked -> question.ask(asked, request));
  }

  private void failAll() {
    List<Answer> waiting = new ArrayList<>(answers.values());
    answers.clear();
    waiting.forEach(
        answer ->
            answer
                .onFailure()
                .accept(new CancellationException(options.exchange() + " was closed")));
  }

  private void broken(String reason) {
    if (!silenced) {
      silenced = true;
      if (script.isHopeless()) {
        listener.onUnavailable(reason);
      } else {
        listener.onBroken(reason);
      }
    }
  }

  // ---- What the script tells ----

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
  public void quote(CcxtQuote quote) {
    if (!silenced) {
      listener.onQuote(quote);
    }
  }

  @Override
  public void started(CcxtChannel channel, String symbol) {
    if (!silenced) {
      listener.onStreamStarted(channel, symbol);
    }
  }

  @Override
  public void stopped(CcxtChannel channel, String symbol, String reason) {
    if (!silenced) {
      listener.onStreamStopped(channel, symbol, reason);
    }
  }

  @Override
  public void error(@Nullable CcxtChannel channel, String symbol, CcxtException error) {
    if (silenced) {
      return;
    }
    if (channel == null) {
      listener.onUnreadable(error);
    } else {
      listener.onStreamError(channel, symbol, error);
    }
  }

  @Override
  public void reply(int request, String json) {
    Answer answer = answers.remove(request);
    if (answer != null) {
      answer.onReply().accept(json);
    }
  }

  @Override
  public void refuse(int request, CcxtException error) {
    Answer answer = answers.remove(request);
    if (answer != null) {
      answer.onFailure().accept(error);
    }
  }

  // ---- What its sockets tell ----

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
