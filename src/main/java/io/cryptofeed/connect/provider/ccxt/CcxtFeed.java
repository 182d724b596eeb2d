package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtChannel;
import io.cryptofeed.connect.ccxt.CcxtEngine;
import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.ccxt.CcxtExchange;
import io.cryptofeed.connect.ccxt.CcxtListener;
import io.cryptofeed.connect.ccxt.CcxtMarket;
import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.ccxt.CcxtQuote;
import io.cryptofeed.connect.ccxt.CcxtServices;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.ccxt.CcxtUnavailableException;
import io.cryptofeed.connect.ccxt.ScriptLimits;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.ResumeLookup;
import io.cryptofeed.connect.feed.listing.ListingChange;
import io.cryptofeed.connect.feed.listing.SymbolResolution;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.provider.RunningFeed;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one subscription by CCXT: starts its script, finds the configured symbols among its markets,
 * and has them streamed. A script that breaks is started anew after a while; the streams, and what
 * is known of each, outlive it.
 *
 * <p>All of it belongs to one event loop, which runs the script as well.
 */
public final class CcxtFeed implements RunningFeed {

  private static final Logger LOG = LoggerFactory.getLogger(CcxtFeed.class);

  /** Behind CCXT's own pauses between requests, which a faulty script may not keep. */
  private static final int REQUESTS_A_SECOND = 50;

  private final String id;
  private final CcxtSubscription subscription;
  private final CcxtCorrection correction;
  private final CcxtOptions options;
  private final MarketsCache markets;
  private final FeedServices services;
  private final CcxtServices scriptServices;
  private final FeedLoop loop;
  private final ResumeLookup resume;
  private final Backoff restarts;
  private final Backoff listings;
  private volatile boolean closed;

  // Of the event loop alone.
  private @Nullable CcxtEngine engine;
  private @Nullable Script script;
  private @Nullable CcxtStreams streams;
  private boolean resolved;
  private boolean reading = true;

  /**
   * @param markets shared by the tasks of a worker
   * @param eventLoop of a thread with a deep stack, for this exchange alone
   */
  public CcxtFeed(
      CcxtSubscription subscription,
      CcxtCorrection correction,
      MarketsCache markets,
      FeedServices services,
      HttpClient http,
      EventLoop eventLoop) {
    this.subscription = subscription;
    this.correction = correction;
    this.markets = markets;
    this.services = services;
    options = correction.applyTo(subscription.options());
    id = options.exchange();
    scriptServices =
        new CcxtServices(
            eventLoop,
            http,
            services.webSockets(),
            services.injector(),
            new RateLimiter(REQUESTS_A_SECOND, Duration.ofSeconds(1)),
            ScriptLimits.DEFAULT);
    loop = new FeedLoop(eventLoop, this::broken);
    resume = new ResumeLookup(id, services.resume(), loop, this::failUnlessClosed);
    restarts = new Backoff(services.random());
    listings = new Backoff(services.random());
  }

  @Override
  public void start() {
    loop.run(this::open);
    loop.everySecond(this::tick);
  }

  private void tick() {
    if (!closed && streams != null) {
      streams.tick(System.nanoTime());
    }
  }

  @Override
  public void setReading(boolean read) {
    loop.run(
        () -> {
          reading = read;
          if (script != null) {
            script.exchange.setReading(read);
          }
          if (streams != null) {
            streams.setReading(read);
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    loop.run(
        () -> {
          if (script != null) {
            script.exchange.close();
            script = null;
          }
          if (streams != null) {
            streams.close();
          }
          if (engine != null) {
            engine.close();
          }
        });
  }

  private void fail(FatalFeedException error) {
    close();
    services.onFatal().accept(error);
  }

  /** What is being stopped may have no offsets any more. */
  private void failUnlessClosed(FatalFeedException error) {
    if (!closed) {
      fail(error);
    }
  }

  private void broken(RuntimeException fault) {
    failUnlessClosed(
        fault instanceof FatalFeedException fatal
            ? fatal
            : new FatalFeedException("exchange " + id + ": " + fault.getMessage(), fault));
  }

  // The script.

  private void open() {
    if (closed) {
      return;
    }
    try {
      engine = CcxtEngine.open(subscription.bundle());
    } catch (CcxtUnavailableException e) {
      fail(unavailable(String.valueOf(e.getMessage())));
      return;
    }
    startScript();
  }

  private FatalFeedException unavailable(String reason) {
    return new FatalFeedException("exchange " + id + " by CCXT: " + reason);
  }

  private void startScript() {
    if (!closed && engine != null) {
      script = new Script(engine);
    }
  }

  private void restart(String reason) {
    script = null;
    if (streams != null) {
      streams.end("the script was stopped: " + reason);
    }
    long wait = restarts.failed(System.nanoTime());
    if (Integer.bitCount(restarts.attempts()) == 1) {
      LOG.warn(
          "exchange={} the script has stopped, attempt {}, next in {} ms: {}",
          id,
          restarts.attempts(),
          TimeUnit.NANOSECONDS.toMillis(wait),
          reason);
    }
    loop.later(wait, this::startScript);
  }

  private void ready(Script running, CcxtAbilities abilities) {
    if (streams == null) {
      List<Channel> missing =
          subscription.channels().stream()
              .filter(
                  channel ->
                      !CcxtStreams.canWatch(abilities, channel)
                          && !CcxtStreams.canPoll(abilities, channel))
              .toList();
      if (!missing.isEmpty()) {
        throw CcxtFailures.channels(id, abilities, missing);
      }
      streams = new CcxtStreams(subscription, correction, abilities, loop, services);
      streams.setReading(reading);
    }
    running.exchange.setReading(reading);
    list(running);
  }

  // Its markets.

  private void list(Script running) {
    if (running != script || closed) {
      return;
    }
    Listing own = new Listing(running.exchange, running.listed);
    MarketsCache.Key key = MarketsCache.Key.of(options, subscription.bundle());
    markets
        .get(key, subscription.marketsTtl(), System.nanoTime(), own::ask)
        .whenComplete(
            (exported, failure) -> loop.run(() -> listed(running, own, exported, failure)));
  }

  /** One time of asking the exchange. */
  private static final class Listing {
    private final CcxtExchange exchange;
    private final boolean anew;
    private @Nullable List<CcxtMarket> read;

    private Listing(CcxtExchange exchange, boolean anew) {
      this.exchange = exchange;
      this.anew = anew;
    }

    private CompletionStage<String> ask() {
      return promised(anew ? exchange.reloadMarkets() : exchange.loadMarkets())
          .thenCompose(
              rows -> {
                read = rows;
                return promised(exchange.exportMarkets());
              });
    }
  }

  private static <T> CompletableFuture<T> promised(Future<T> future) {
    CompletableFuture<T> promise = new CompletableFuture<>();
    future.addListener(
        (Future<T> done) -> {
          if (done.isSuccess()) {
            promise.complete(done.getNow());
          } else {
            promise.completeExceptionally(done.cause());
          }
        });
    return promise;
  }

  private void listed(
      Script running, Listing own, @Nullable String exported, @Nullable Throwable failure) {
    if (running != script || closed) {
      return;
    }
    if (exported == null) {
      notListed(running, failure);
    } else if (own.read != null) {
      listed(running, own.read);
    } else {
      running
          .exchange
          .importMarkets(exported)
          .addListener((Future<List<CcxtMarket>> done) -> loop.run(() -> imported(running, done)));
    }
  }

  private void imported(Script running, Future<List<CcxtMarket>> done) {
    if (running != script || closed) {
      return;
    }
    if (done.isSuccess()) {
      listed(running, done.getNow());
    } else {
      notListed(running, done.cause());
    }
  }

  private void notListed(Script running, @Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof CcxtException error) {
      switch (error.kind()) {
        case AUTHENTICATION -> throw CcxtFailures.credentials(id, error);
        case NOT_SUPPORTED -> throw CcxtFailures.markets(id, error);
        default -> {}
      }
    }
    long wait = listings.failed(System.nanoTime());
    if (Integer.bitCount(listings.attempts()) == 1) {
      LOG.warn(
          "exchange={} cannot list instruments, attempt {}, next in {} ms: {}",
          id,
          listings.attempts(),
          TimeUnit.NANOSECONDS.toMillis(wait),
          cause == null ? "no answer" : cause.getMessage());
    }
    loop.later(wait, () -> list(running));
  }

  // Its instruments.

  private void listed(Script running, List<CcxtMarket> rows) {
    CcxtInstruments instruments = CcxtInstruments.of(id, rows);
    SymbolResolution found = SymbolResolution.of(subscription.symbols(), instruments.all());
    CcxtStreams served = requireStreams();
    if (!resolved) {
      resolved = true;
      first(found);
      served.begin(running.exchange);
      running.listed = true;
      stream(instruments, found.found(), false);
    } else {
      if (!running.listed) {
        running.listed = true;
        served.begin(running.exchange);
      }
      follow(instruments, found);
    }
    refreshLater(running);
  }

  private CcxtStreams requireStreams() {
    if (streams == null) {
      throw new IllegalStateException(id + " lists its markets before it is ready");
    }
    return streams;
  }

  private void first(SymbolResolution found) {
    if (!found.missing().isEmpty()) {
      String text = found.explain(id, subscription.symbolsKey(), found.missing());
      if (!subscription.sharesSymbols()) {
        throw new FatalFeedException(text);
      }
      LOG.warn("exchange={} {}", id, text);
    }
    for (Instrument instrument : found.found()) {
      if (!instrument.active()) {
        LOG.warn("exchange={} symbol={} is listed but not trading now", id, instrument.symbol());
      }
    }
    LOG.info(
        "exchange={} streaming by CCXT: instruments={} channels={}",
        id,
        found.found().size(),
        subscription.channels().stream().map(Channel::code).sorted().toList());
  }

  private void follow(CcxtInstruments instruments, SymbolResolution found) {
    CcxtStreams served = requireStreams();
    ListingChange change = ListingChange.of(found.found(), served.instruments());
    for (ListingChange.Gone gone : change.gone()) {
      LOG.warn("exchange={} symbol={} {}", id, gone.instrument().symbol(), gone.reason());
      served.remove(gone.instrument(), gone.reason());
    }
    if (!change.added().isEmpty()) {
      LOG.info(
          "exchange={} lists anew: {}",
          id,
          change.added().stream().map(Instrument::symbol).toList());
      stream(instruments, change.added(), true);
    }
  }

  private void stream(CcxtInstruments instruments, List<Instrument> added, boolean anew) {
    Map<Instrument, String> symbols =
        instruments.byMarket().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    resume.prepare(
        added,
        () -> {
          if (!closed) {
            CcxtStreams served = requireStreams();
            added.forEach(
                instrument -> served.add(symbols.getOrDefault(instrument, ""), instrument, anew));
          }
        });
  }

  private void refreshLater(Script running) {
    long interval = subscription.refreshInterval().toNanos();
    if (interval > 0) {
      // Tasks that began together do not ask together.
      long wait = interval - services.random().nextLong(interval / 10 + 1);
      loop.later(wait, () -> list(running));
    }
  }

  /** One run of the script, and what it tells. */
  private final class Script implements CcxtListener {

    private final CcxtExchange exchange;
    private boolean listed;

    private Script(CcxtEngine engine) {
      exchange = CcxtExchange.start(engine, scriptServices, options, this);
    }

    /** A fault of ours is not the script's: it ends the task, as it does everywhere else. */
    private void step(Runnable step) {
      if (this == script && !closed) {
        try {
          step.run();
        } catch (RuntimeException fault) {
          broken(fault);
        }
      }
    }

    @Override
    public void onReady(CcxtAbilities abilities) {
      step(
          () -> {
            restarts.opened(System.nanoTime());
            ready(this, abilities);
          });
    }

    @Override
    public void onTrade(CcxtTrade trade) {
      step(() -> requireStreams().onTrade(trade));
    }

    @Override
    public void onBook(CcxtBook book) {
      step(() -> requireStreams().onBook(book));
    }

    @Override
    public void onQuote(CcxtQuote quote) {
      step(() -> requireStreams().onQuote(quote));
    }

    @Override
    public void onStreamStarted(CcxtChannel channel, String symbol) {
      step(() -> requireStreams().onStarted(channel, symbol));
    }

    @Override
    public void onStreamStopped(CcxtChannel channel, String symbol, String reason) {
      step(() -> requireStreams().onStopped(channel, symbol, reason));
    }

    @Override
    public void onStreamError(CcxtChannel channel, String symbol, CcxtException error) {
      step(() -> requireStreams().onError(channel, symbol, error));
    }

    @Override
    public void onUnreadable(CcxtException error) {
      step(() -> requireStreams().onUnreadable(error));
    }

    @Override
    public void onSocketOpened(String url, String egress) {
      step(
          () -> {
            LOG.info("exchange={} websocket open: {} proxy={}", id, url, egress);
            requireStreams().onSocketOpened(egress);
          });
    }

    @Override
    public void onSocketClosed(String url, String reason) {
      step(
          () -> {
            LOG.warn("exchange={} websocket closed: {}: {}", id, url, reason);
            requireStreams().onSocketClosed();
          });
    }

    @Override
    public void onBroken(String reason) {
      step(() -> restart(reason));
    }

    @Override
    public void onUnavailable(String reason) {
      step(() -> fail(unavailable(reason)));
    }
  }
}
