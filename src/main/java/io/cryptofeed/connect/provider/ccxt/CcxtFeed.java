package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtEngine;
import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.ccxt.CcxtExchange;
import io.cryptofeed.connect.ccxt.CcxtListener;
import io.cryptofeed.connect.ccxt.CcxtObservation;
import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.ccxt.CcxtServices;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.ccxt.CcxtUnavailableException;
import io.cryptofeed.connect.ccxt.ScriptLimits;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.ResumeLookup;
import io.cryptofeed.connect.feed.listing.Listing;
import io.cryptofeed.connect.feed.listing.ListingFollower;
import io.cryptofeed.connect.feed.listing.ListingRetry;
import io.cryptofeed.connect.feed.listing.SymbolResolution;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.provider.RunningFeed;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed of one exchange served by CCXT: runs its script, finds the configured symbols among its
 * markets, and streams them. A script that breaks is restarted with backoff; the streams and their
 * state outlive it.
 *
 * <p>All state belongs to one event loop, which runs the script as well.
 */
public final class CcxtFeed implements RunningFeed, ListingFollower.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(CcxtFeed.class);

  /** A limit above that of CCXT, in case a faulty script does not pause between its requests. */
  private static final int REQUESTS_PER_SECOND = 50;

  private final String id;
  private final CcxtSubscription subscription;
  private final CcxtCorrection correction;
  private final CcxtOptions options;
  private final MarketsCache cache;
  private final FeedServices services;
  private final CcxtServices scriptServices;
  private final FeedLoop loop;
  private final MessageWarnings warnings;
  private final Backoff restarts;
  private final ListingRetry listingRetry;
  private final ListingFollower follower;
  private volatile boolean closed;

  // Used by the event loop only.
  private @Nullable CcxtEngine engine;
  private @Nullable Script script;
  private @Nullable CcxtStreams streams;
  private boolean reading = true;

  /**
   * @param cache shared by the tasks of a worker
   * @param eventLoop of a thread with a deep stack, used by this exchange only
   */
  public CcxtFeed(
      CcxtSubscription subscription,
      CcxtCorrection correction,
      MarketsCache cache,
      FeedServices services,
      HttpClient http,
      EventLoop eventLoop) {
    this.subscription = subscription;
    this.correction = correction;
    this.cache = cache;
    this.services = services;
    options = correction.applyTo(subscription.options());
    id = options.exchange();
    scriptServices =
        new CcxtServices(
            eventLoop,
            http,
            services.webSockets(),
            services.injector(),
            new RateLimiter(REQUESTS_PER_SECOND, Duration.ofSeconds(1)),
            ScriptLimits.DEFAULT);
    loop = new FeedLoop(eventLoop, this::onFault);
    warnings = new MessageWarnings(id);
    restarts = new Backoff(services.random());
    listingRetry = new ListingRetry(loop, new Backoff(services.random()));
    ResumeLookup resume = new ResumeLookup(id, services.resume(), loop, this::failUnlessClosed);
    follower =
        new ListingFollower(
            id,
            subscription.symbols(),
            subscription.refreshInterval(),
            services.random(),
            loop,
            resume,
            this::list,
            this);
  }

  @Override
  public void start() {
    loop.run(this::open);
    loop.everySecond(this::tick);
  }

  private void tick() {
    long now = System.nanoTime();
    if (!closed && streams != null) {
      streams.tick(now);
    }
    warnings.summarise(now);
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
          follower.stop();
          if (script != null) {
            script.markets.stop();
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

  /** The offsets of a task that is being stopped may be unavailable. */
  private void failUnlessClosed(FatalFeedException error) {
    if (!closed) {
      fail(error);
    }
  }

  private void onFault(RuntimeException fault) {
    failUnlessClosed(FatalFeedException.of(id, fault));
  }

  // The script.

  private void open() {
    if (closed) {
      return;
    }
    try {
      engine = CcxtEngine.open(subscription.bundle());
    } catch (CcxtUnavailableException e) {
      fail(CcxtFailures.unavailable(id, String.valueOf(e.getMessage())));
      return;
    }
    startScript();
  }

  private void startScript() {
    if (!closed && engine != null) {
      script = new Script(engine);
    }
  }

  private void restart(Script broken, String reason) {
    broken.markets.stop();
    script = null;
    follower.stop();
    if (streams != null) {
      streams.end("the script was stopped: " + reason);
    }
    long wait = restarts.failed(System.nanoTime());
    if (restarts.isLoggable()) {
      LOG.warn(
          "exchange={} the script was stopped, attempt {}, next in {} ms: {}",
          id,
          restarts.attempts(),
          TimeUnit.NANOSECONDS.toMillis(wait),
          reason);
    }
    loop.later(wait, this::startScript);
  }

  private void onReady(Script running, CcxtAbilities abilities) {
    if (streams == null) {
      List<Channel> missing =
          subscription.channels().stream().filter(channel -> !abilities.canServe(channel)).toList();
      if (!missing.isEmpty()) {
        throw CcxtFailures.channels(id, abilities, missing);
      }
      streams = new CcxtStreams(subscription, correction, abilities, loop, services, warnings);
      streams.setReading(reading);
    }
    running.exchange.setReading(reading);
    follower.start();
  }

  private CcxtStreams requireStreams() {
    if (streams == null) {
      throw new IllegalStateException("the script of " + id + " sent data before it was ready");
    }
    return streams;
  }

  // Its instruments.

  private void list(Consumer<Listing> then) {
    if (script != null) {
      script.list(then);
    }
  }

  @Override
  public void onMissing(SymbolResolution resolution) {
    String text = resolution.explain(id, subscription.symbolsKey(), resolution.missing());
    if (subscription.sharesSymbols()) {
      LOG.warn("exchange={} {}", id, text);
    } else {
      subscription
          .unlisted()
          .handle(id, text, resolution.missing(), requireStreams()::reportUnlisted);
    }
  }

  @Override
  public void onDelistedBefore(Instrument instrument) {
    requireStreams().reportDelisted(instrument);
  }

  @Override
  public void onAdded(List<Instrument> instruments, boolean newlyListed) {
    if (closed) {
      return;
    }
    CcxtStreams served = requireStreams();
    instruments.forEach(instrument -> served.add(instrument, newlyListed));
    LOG.info(
        "exchange={} streaming by CCXT: instruments={} channels={}",
        id,
        instruments.size(),
        subscription.channels().stream().map(Channel::code).sorted().toList());
  }

  @Override
  public void onRemoved(Instrument instrument, String reason) {
    requireStreams().remove(instrument, reason);
  }

  @Override
  public void onHalted(Instrument instrument) {
    requireStreams().reportHalted(instrument);
  }

  @Override
  public void onResumed(Instrument instrument) {
    requireStreams().reportResumed(instrument);
  }

  /** One run of the script, and its events. */
  private final class Script implements CcxtListener {

    private final CcxtExchange exchange;
    private final CcxtMarkets markets;
    private boolean listed;

    private Script(CcxtEngine engine) {
      exchange = CcxtExchange.start(engine, scriptServices, options, this);
      markets =
          new CcxtMarkets(
              id,
              exchange,
              cache,
              MarketsCache.Key.of(options, subscription.bundle()),
              subscription.marketsTtl(),
              loop,
              listingRetry);
    }

    private void list(Consumer<Listing> then) {
      markets.list(
          rows -> {
            CcxtInstruments instruments = CcxtInstruments.of(id, rows);
            CcxtStreams served = requireStreams();
            served.setMarkets(instruments);
            if (!listed) {
              listed = true;
              served.begin(exchange);
            }
            then.accept(Listing.of(instruments.all()));
          });
    }

    /** A fault of the connector is not one of the script: it fails the task. */
    private void step(Runnable step) {
      if (this == script && !closed) {
        try {
          step.run();
        } catch (RuntimeException fault) {
          onFault(fault);
        }
      }
    }

    @Override
    public void onReady(CcxtAbilities abilities) {
      step(
          () -> {
            restarts.opened(System.nanoTime());
            CcxtFeed.this.onReady(this, abilities);
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
    public void onObservation(CcxtObservation observation) {
      step(() -> requireStreams().onObservation(observation));
    }

    @Override
    public void onStreamStarted(Channel channel, String symbol) {
      step(() -> requireStreams().onStarted(channel, symbol));
    }

    @Override
    public void onStreamStopped(Channel channel, String symbol, String reason) {
      step(() -> requireStreams().onStopped(channel, symbol, reason));
    }

    @Override
    public void onStreamError(Channel channel, String symbol, CcxtException error) {
      step(() -> requireStreams().onError(channel, symbol, error));
    }

    @Override
    public void onMalformed(CcxtException error) {
      step(() -> requireStreams().onMalformed(error));
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
      step(() -> restart(this, reason));
    }

    @Override
    public void onUnavailable(String reason) {
      step(() -> fail(CcxtFailures.unavailable(id, reason)));
    }
  }
}
