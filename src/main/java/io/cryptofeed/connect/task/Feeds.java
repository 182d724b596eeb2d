package io.cryptofeed.connect.task;

import io.cryptofeed.connect.ccxt.ScriptThreads;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.HeldTradesLimit;
import io.cryptofeed.connect.feed.LastTrades;
import io.cryptofeed.connect.feed.ResumePoints;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.OriginTls;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.provider.RunningFeed;
import io.cryptofeed.connect.provider.ccxt.CcxtCorrection;
import io.cryptofeed.connect.provider.ccxt.CcxtFeed;
import io.cryptofeed.connect.provider.ccxt.CcxtSubscription;
import io.cryptofeed.connect.provider.ccxt.MarketsCache;
import io.cryptofeed.connect.provider.venue.ExchangeFeed;
import io.cryptofeed.connect.provider.venue.Subscription;
import io.cryptofeed.connect.provider.venue.VenueRest;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.text.LogContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs the exchanges of one task on event loops of its own, until it is closed.
 *
 * <p>Errors that may pass are retried. An error that needs an operator is passed to {@code onFatal}
 * once; after it, no more events are emitted.
 */
public final class Feeds implements AutoCloseable {

  private static final int MAX_THREADS = 4;
  private static final long CLOSE_TIMEOUT_MS = 1_500;

  private final EventLoopGroup loops;

  /** One loop for each exchange served by CCXT; null if there is none. */
  private final @Nullable EventLoopGroup scriptLoops;

  private final ProxyInjector injector;
  private final HttpClient http;
  private final List<RunningFeed> feeds = new ArrayList<>();
  private final FeedCounters counters = new FeedCounters();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param subscriptions the subscriptions of native exchanges
   * @param scripts the subscriptions of exchanges served by CCXT
   * @param injector opens every socket; closed together with the feeds
   * @param listener receives the events, on event-loop threads
   * @param books how books are published
   * @param backfill how missing trades are requested
   * @param resume the last delivered trade of each instrument
   * @param onFatal receives the error that ends the task, on an event-loop thread
   * @param threadName the prefix of the thread names
   */
  public Feeds(
      List<Subscription> subscriptions,
      List<CcxtSubscription> scripts,
      ProxyInjector injector,
      MarketListener listener,
      BookOptions books,
      BackfillOptions backfill,
      ResumePoints resume,
      Consumer<FatalFeedException> onFatal,
      String threadName) {
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    loops =
        new MultiThreadIoEventLoopGroup(
            threads, LogContext.inherited(new LoopThreads(threadName)), NioIoHandler.newFactory());
    scriptLoops = scripts.isEmpty() ? null : scriptLoops(scripts.size(), threadName);
    this.injector = injector;
    OriginTls tls = OriginTls.platform(injector);
    http = new HttpClient(injector, tls);
    FeedServices services =
        new FeedServices(
            injector,
            new WebSocketClient(injector, tls),
            listener,
            books,
            backfill,
            new HeldTradesLimit(backfill.heldTrades()),
            resume,
            new LastTrades(resume),
            counters,
            new SharedRandom(),
            error -> fail(error, onFatal));
    Map<String, VenueRest> rest = new ConcurrentHashMap<>();
    for (Subscription subscription : subscriptions) {
      feeds.add(
          new ExchangeFeed(
              subscription, services, exchange -> restOf(rest, exchange, injector), loops));
    }
    for (CcxtSubscription script : scripts) {
      feeds.add(scriptFeed(script, services));
    }
  }

  private static EventLoopGroup scriptLoops(int scripts, String threadName) {
    return new MultiThreadIoEventLoopGroup(
        scripts,
        LogContext.inherited(new ScriptThreads(threadName + "-ccxt")),
        NioIoHandler.newFactory());
  }

  private CcxtFeed scriptFeed(CcxtSubscription script, FeedServices services) {
    return new CcxtFeed(
        script,
        CcxtCorrection.of(script.options()),
        MarketsCache.SHARED,
        services,
        http,
        Objects.requireNonNull(scriptLoops).next());
  }

  private VenueRest restOf(Map<String, VenueRest> rest, Exchange exchange, ProxyInjector injector) {
    return rest.computeIfAbsent(exchange.id(), id -> new VenueRest(exchange, injector, http));
  }

  /** The counters of all feeds. */
  public FeedCounters counters() {
    return counters;
  }

  /** Starts to connect, and returns at once. */
  public void start() {
    feeds.forEach(RunningFeed::start);
  }

  /** Pauses or resumes reading from all sockets: the backpressure of a full queue. */
  public void setReading(boolean reading) {
    if (!closed.get()) {
      feeds.forEach(feed -> feed.setReading(reading));
    }
  }

  private void fail(FatalFeedException error, Consumer<FatalFeedException> onFatal) {
    if (failed.compareAndSet(false, true)) {
      feeds.forEach(RunningFeed::close);
      onFatal.accept(error);
    }
  }

  /** Closes all connections and ends all threads, within two seconds. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      feeds.forEach(RunningFeed::close);
      http.close();
      injector.close();
      List<EventLoopGroup> groups =
          scriptLoops == null ? List.of(loops) : List.of(loops, scriptLoops);
      groups.forEach(Feeds::awaitQueuedSteps);
      groups.stream()
          .map(group -> group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS))
          .toList()
          .forEach(ended -> ended.awaitUninterruptibly(CLOSE_TIMEOUT_MS));
    }
  }

  /** A loop that is shut down at once may end before queued work has closed its sockets. */
  private static void awaitQueuedSteps(EventLoopGroup group) {
    for (EventExecutor loop : group) {
      loop.submit(() -> {}).awaitUninterruptibly(CLOSE_TIMEOUT_MS / 3);
    }
  }

  /**
   * Daemon threads with the class loader of the thread that created the feeds. On a Connect worker
   * that is the class loader of the plugin, which a thread does not get by default.
   */
  private static final class LoopThreads implements ThreadFactory {

    private final String name;
    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private final AtomicInteger count = new AtomicInteger();

    private LoopThreads(String name) {
      this.name = name;
    }

    @Override
    public Thread newThread(Runnable work) {
      Thread thread = new FastThreadLocalThread(work, name + "-" + count.getAndIncrement());
      thread.setDaemon(true);
      thread.setContextClassLoader(loader);
      return thread;
    }
  }

  /** A random source for all threads, with a generator for each thread. */
  private static final class SharedRandom implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }
}
