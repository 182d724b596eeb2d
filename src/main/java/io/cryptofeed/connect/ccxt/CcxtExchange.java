package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange that CCXT runs. Its methods may be called by any thread and return at once; they
 * take effect on the event loop, which also calls the listener and the listeners of the futures.
 *
 * <p>Requests that are made before {@link CcxtListener#onReady} wait for it. When the script is
 * stopped or the exchange is closed, pending requests fail with a {@link CancellationException}.
 */
public final class CcxtExchange implements AutoCloseable {

  private final CcxtEngine engine;
  private final CcxtServices services;
  private final CcxtOptions options;
  private final CcxtListener listener;

  // Used by the event loop only.
  private @Nullable RunningScript running;
  private boolean closed;

  private CcxtExchange(
      CcxtEngine engine, CcxtServices services, CcxtOptions options, CcxtListener listener) {
    this.engine = engine;
    this.services = services;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Starts an exchange. The event loop evaluates the bundle, which takes some seconds; then the
   * listener is called. No connection is opened before the first request or stream.
   *
   * @param engine open; the exchange holds it as well, until it has ended
   */
  public static CcxtExchange start(
      CcxtEngine engine, CcxtServices services, CcxtOptions options, CcxtListener listener) {
    CcxtExchange exchange = new CcxtExchange(engine.share(), services, options, listener);
    services.loop().execute(exchange::begin);
    return exchange;
  }

  private void begin() {
    if (closed) {
      engine.close();
    } else {
      running = new RunningScript(engine, services, options, listener);
      running.load();
    }
  }

  /** Loads the markets of the exchange, once; a second call gets the same markets. */
  public Future<List<CcxtMarket>> loadMarkets() {
    return request((exchange, promise) -> exchange.loadMarkets(false, promise));
  }

  /** Loads the markets of the exchange, even if that has been done before. */
  public Future<List<CcxtMarket>> reloadMarkets() {
    return request((exchange, promise) -> exchange.loadMarkets(true, promise));
  }

  /** Exports the markets, for {@link #importMarkets} of another script of the same exchange. */
  public Future<String> exportMarkets() {
    return request(RunningScript::exportMarkets);
  }

  /** Imports the markets that another script has loaded, instead of {@link #loadMarkets}. */
  public Future<List<CcxtMarket>> importMarkets(String exported) {
    return request((exchange, promise) -> exchange.importMarkets(exported, promise));
  }

  /**
   * Watches a stream until {@link #unwatch}. The markets must have been loaded, because only then
   * do numbers keep their text. Failures are reported to the listener, and CCXT retries.
   *
   * @param symbol CCXT's symbol
   */
  public void watch(Channel channel, String symbol) {
    run(exchange -> exchange.watch(channel, symbol));
  }

  /** Emits nothing more of a stream; CCXT unsubscribes it if the class can. */
  public void unwatch(Channel channel, String symbol) {
    run(exchange -> exchange.unwatch(channel, symbol));
  }

  /**
   * Ends a stream and starts it again, with a new book: {@link CcxtListener#onStreamStopped} is
   * called if it had started. If CCXT cannot unsubscribe it, its whole connection is replaced.
   */
  public void resubscribe(Channel channel, String symbol) {
    run(exchange -> exchange.resubscribe(channel, symbol));
  }

  /**
   * Requests historical trades over REST.
   *
   * @param symbol CCXT's symbol
   * @param sinceMs the time of the oldest, milliseconds since the epoch; negative for the newest
   * @param limit the maximum number of trades, 0 for the default of the exchange
   * @return the trades, oldest first, or a {@link CcxtException}
   */
  public Future<List<CcxtTrade>> fetchTrades(String symbol, long sinceMs, int limit) {
    return request((exchange, promise) -> exchange.fetchTrades(symbol, sinceMs, limit, promise));
  }

  /**
   * Requests a book over REST.
   *
   * @param symbol CCXT's symbol
   * @param limit levels on each side, 0 for the default of the exchange
   * @return the book, always a snapshot, or a {@link CcxtException}
   */
  public Future<CcxtBook> fetchOrderBook(String symbol, int limit) {
    return request((exchange, promise) -> exchange.fetchOrderBook(symbol, limit, promise));
  }

  /** Pauses or resumes reading from all sockets, including those that are opened later. */
  public void setReading(boolean reading) {
    run(exchange -> exchange.setReading(reading));
  }

  /**
   * Ends the script and closes its sockets; the listener is not called any more. Idempotent. A
   * script that does not end is stopped by the watchdog.
   */
  @Override
  public void close() {
    onLoop(
        () -> {
          closed = true;
          if (running != null) {
            running.close();
          }
        });
  }

  private <T> Future<T> request(BiConsumer<RunningScript, Promise<T>> call) {
    EventLoop loop = services.loop();
    Promise<T> promise = loop.newPromise();
    onLoop(
        () -> {
          if (running == null || running.isClosed()) {
            promise.tryFailure(new CancellationException(options.exchange() + " is closed"));
          } else {
            call.accept(running, promise);
          }
        });
    return promise;
  }

  private void run(Consumer<RunningScript> step) {
    onLoop(
        () -> {
          if (running != null && !running.isClosed()) {
            step.accept(running);
          }
        });
  }

  private void onLoop(Runnable step) {
    EventLoop loop = services.loop();
    if (loop.inEventLoop()) {
      step.run();
    } else if (!loop.isShuttingDown()) {
      loop.execute(step);
    }
  }
}
