package io.cryptofeed.connect.ccxt;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of CCXT. Its methods may be called by any thread and return at once; what they do
 * happens on the event loop, as do all calls of the listener and of the futures' own listeners.
 *
 * <p>Requests that are made before {@link CcxtListener#onReady} wait for it. When the exchange
 * breaks or is closed, those under way fail with a {@link CancellationException}.
 */
public final class CcxtExchange implements AutoCloseable {

  private final CcxtEngine engine;
  private final CcxtServices services;
  private final CcxtOptions options;
  private final CcxtListener listener;

  // Of the event loop alone.
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
   * Starts an exchange. The event loop reads the bundle, which takes some seconds; the listener
   * hears when it is ready, or broken. It connects to nothing before it is asked to.
   *
   * @param engine open; the exchange holds it, too, until it has ended
   */
  public static CcxtExchange start(
      CcxtEngine engine, CcxtServices services, CcxtOptions options, CcxtListener listener) {
    CcxtExchange exchange = new CcxtExchange(engine.again(), services, options, listener);
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

  /** Reads the exchange's markets, once; a second call gets what the first has read. */
  public Future<List<CcxtMarket>> loadMarkets() {
    return ask((exchange, promise) -> exchange.loadMarkets(false, promise));
  }

  /** Reads the exchange's markets, whether that has been done or not. */
  public Future<List<CcxtMarket>> reloadMarkets() {
    return ask((exchange, promise) -> exchange.loadMarkets(true, promise));
  }

  /** What has been loaded, for {@link #importMarkets} of another script of the same exchange. */
  public Future<String> exportMarkets() {
    return ask(RunningScript::exportMarkets);
  }

  /** Takes over what another script has loaded, in place of {@link #loadMarkets}. */
  public Future<List<CcxtMarket>> importMarkets(String exported) {
    return ask((exchange, promise) -> exchange.importMarkets(exported, promise));
  }

  /**
   * Begins to watch a stream, until {@link #unwatch}; its markets must have been loaded, so that
   * numbers keep their text. Failures are told to the listener, and CCXT tries again.
   *
   * @param symbol CCXT's
   */
  public void watch(CcxtChannel channel, String symbol) {
    run(exchange -> exchange.watch(channel, symbol));
  }

  /** Hands over nothing more of a stream; CCXT unsubscribes where it knows how. */
  public void unwatch(CcxtChannel channel, String symbol) {
    run(exchange -> exchange.unwatch(channel, symbol));
  }

  /**
   * Ends a stream and begins it anew, with a new book: {@link CcxtListener#onStreamStopped} is
   * called if it had started. Where CCXT cannot unsubscribe, its whole connection begins anew.
   */
  public void renew(CcxtChannel channel, String symbol) {
    run(exchange -> exchange.renew(channel, symbol));
  }

  /**
   * Asks for past trades over REST.
   *
   * @param symbol CCXT's
   * @param sinceMs the time of the oldest, milliseconds since the epoch; negative for the newest
   * @param limit the most trades, 0 for as many as the exchange likes
   * @return the trades, oldest first, or a {@link CcxtException}
   */
  public Future<List<CcxtTrade>> fetchTrades(String symbol, long sinceMs, int limit) {
    return ask((exchange, promise) -> exchange.fetchTrades(symbol, sinceMs, limit, promise));
  }

  /**
   * Asks for a book over REST.
   *
   * @param symbol CCXT's
   * @param limit levels on each side, 0 for as many as the exchange likes
   * @return the book, always a snapshot, or a {@link CcxtException}
   */
  public Future<CcxtBook> fetchOrderBook(String symbol, int limit) {
    return ask((exchange, promise) -> exchange.fetchOrderBook(symbol, limit, promise));
  }

  /** Stops or resumes reading from all sockets, those to come included. */
  public void setReading(boolean reading) {
    run(exchange -> exchange.setReading(reading));
  }

  /**
   * Ends the script and closes its sockets; the listener hears nothing more. Idempotent. A script
   * that does not come to an end is ended by the watch.
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

  private <T> Future<T> ask(BiConsumer<RunningScript, Promise<T>> question) {
    EventLoop loop = services.loop();
    Promise<T> promise = loop.newPromise();
    onLoop(
        () -> {
          if (running == null || running.isClosed()) {
            promise.tryFailure(new CancellationException(options.exchange() + " is closed"));
          } else {
            question.accept(running, promise);
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
