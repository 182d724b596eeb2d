package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtErrorKind;
import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.ccxt.CcxtExchange;
import io.cryptofeed.connect.ccxt.CcxtObservation;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.InstrumentStreams;
import io.cryptofeed.connect.feed.streams.StreamLiveness;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.feed.trades.ConnectionTrades;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one exchange served by CCXT, with the state of their trades and books; they
 * outlive the script that serves them. Streams that CCXT cannot watch are polled. Used by the event
 * loop of the script.
 */
final class CcxtStreams implements CcxtPolling.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(CcxtStreams.class);

  /** Prices move wherever there is trading, and CCXT itself does not notice silence. */
  private static final Duration FIRST_DATA = Duration.ofSeconds(60);

  private static final Duration STALE_AFTER = Duration.ofMinutes(5);

  /** The shortest pause between two polls, whatever the rate limit of the class allows. */
  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final String exchange;
  private final SortedSet<Channel> channels;
  private final CcxtCorrection correction;
  private final CcxtAbilities abilities;
  private final FeedServices services;
  private final MessageWarnings warnings;
  private final FeedReports reports;
  private final CcxtTradeHistory history;
  private final ConnectionTrades trades;
  private final CcxtBooks books;
  private final CcxtPolling polling;
  private final Map<String, StreamedMarket> bySymbol = new LinkedHashMap<>();
  private final Map<Instrument, String> symbols = new HashMap<>();

  /** Streams that are not served although the class says that they are. */
  private final Set<MarketStream> unwatchable = new HashSet<>();

  private CcxtInstruments markets = CcxtInstruments.NONE;
  private @Nullable CcxtExchange script;
  private boolean reading = true;

  CcxtStreams(
      CcxtSubscription subscription,
      CcxtCorrection correction,
      CcxtAbilities abilities,
      FeedLoop loop,
      FeedServices services,
      MessageWarnings warnings) {
    exchange = subscription.options().exchange();
    channels = new TreeSet<>(subscription.channels());
    this.correction = correction;
    this.abilities = abilities;
    this.services = services;
    this.warnings = warnings;
    reports = new FeedReports(exchange, services, warnings);
    history =
        new CcxtTradeHistory(
            exchange,
            correction.trades(),
            correction.tradeHistory(abilities),
            this::symbol,
            this::conversion,
            services.counters(),
            loop);
    trades = new ConnectionTrades(history, loop, services, reports);
    books = new CcxtBooks(correction.bookRules(), loop, services, reports, this::resubscribe);
    long pause = TimeUnit.MILLISECONDS.toNanos(abilities.rateLimitMs());
    polling =
        new CcxtPolling(
            loop,
            new RestPoller(loop, Math.max(SHORTEST_PAUSE_NANOS, pause)),
            services.counters(),
            correction.history() == null ? 0 : correction.history().page(),
            this);
    books.start();
  }

  private String symbol(Instrument instrument) {
    return symbols.getOrDefault(instrument, instrument.exchangeSymbol());
  }

  private CcxtConversion conversion(Instrument instrument) {
    return new CcxtConversion(instrument, correction.trades(), correction.book() != null);
  }

  // Instruments.

  /** Sets what the exchange lists now. */
  void setMarkets(CcxtInstruments listed) {
    markets = listed;
  }

  /**
   * Streams an instrument from now on.
   *
   * @param newlyListed whether the exchange has begun to list it while others were streamed
   */
  void add(Instrument instrument, boolean newlyListed) {
    String symbol = markets.symbol(instrument);
    InstrumentStreams streams = new InstrumentStreams(instrument);
    StreamedMarket market =
        new StreamedMarket(symbol, streams, conversion(instrument), books, services, warnings);
    bySymbol.put(symbol, market);
    symbols.put(instrument, symbol);
    for (Channel channel : channels) {
      add(streams, new MarketStream(channel, instrument), newlyListed);
    }
    subscribe(market);
  }

  private void add(InstrumentStreams streams, MarketStream stream, boolean newlyListed) {
    boolean steady = stream.channel() != Channel.TRADES;
    streams.add(
        new StreamState(
            stream,
            new StreamLiveness(
                steady ? FIRST_DATA : Duration.ZERO, steady ? STALE_AFTER : Duration.ZERO, false),
            reports));
    if (stream.channel() == Channel.TRADES) {
      streams.setTrades(trades.add(stream));
    } else if (stream.channel() == Channel.L2_BOOK) {
      streams.setBook(books.add(stream));
    }
    if (newlyListed) {
      reports.listed(stream);
    }
  }

  /** Stops streaming an instrument. */
  void remove(Instrument instrument, String reason) {
    StreamedMarket market = bySymbol.remove(symbol(instrument));
    symbols.remove(instrument);
    if (market == null) {
      return;
    }
    for (StreamState state : market.streams().streams()) {
      MarketStream stream = state.stream();
      if (!polling.remove(stream) && script != null) {
        script.unwatch(stream.channel(), market.symbol());
      }
      reports.delisted(stream, reason);
    }
    TradeContinuity instrumentTrades = market.streams().trades();
    if (instrumentTrades != null) {
      trades.remove(instrument, instrumentTrades);
    }
    InstrumentBook book = market.streams().book();
    if (book != null) {
      books.remove(book);
    }
  }

  /** The exchange has halted an instrument that is streamed. */
  void reportHalted(Instrument instrument) {
    StreamedMarket market = bySymbol.get(symbol(instrument));
    if (market != null) {
      market.streams().onHalted();
    }
    report(instrument, reports::halted);
  }

  /** The exchange trades an instrument that is streamed again. */
  void reportResumed(Instrument instrument) {
    StreamedMarket market = bySymbol.get(symbol(instrument));
    if (market != null) {
      market.streams().onResumed(System.nanoTime());
    }
    report(instrument, reports::resumed);
  }

  /** The exchange has never listed an instrument. */
  void reportUnlisted(Instrument instrument) {
    report(instrument, reports::unlisted);
  }

  /** An instrument was delisted while nothing was streamed. */
  void reportDelisted(Instrument instrument) {
    report(instrument, reports::delistedBefore);
  }

  private void report(Instrument instrument, Consumer<MarketStream> report) {
    channels.forEach(channel -> report.accept(new MarketStream(channel, instrument)));
  }

  // The script.

  /** A script serves the streams from now on; its markets are loaded. */
  void begin(CcxtExchange running) {
    script = running;
    history.setScript(running);
    bySymbol.values().forEach(this::subscribe);
    polling.begin(running);
  }

  private void subscribe(StreamedMarket market) {
    CcxtExchange running = script;
    if (running == null) {
      return;
    }
    for (StreamState state : market.streams().streams()) {
      MarketStream stream = state.stream();
      state.liveness().onSubscribe(System.nanoTime());
      if (abilities.canWatch(stream.channel()) && !unwatchable.contains(stream)) {
        running.watch(stream.channel(), market.symbol());
      } else if (!polling.has(stream)) {
        polling.add(market.symbol(), state);
      }
    }
  }

  /** The script that served the streams has ended. */
  void end(String reason) {
    script = null;
    history.setScript(null);
    polling.end();
    for (StreamedMarket market : bySymbol.values()) {
      market.streams().streams().forEach(stream -> market.interrupt(stream, reason));
    }
  }

  /** Pauses or resumes reading. */
  void setReading(boolean read) {
    reading = read;
    trades.setReading(read);
    polling.setReading(read);
    if (read) {
      long now = System.nanoTime();
      forEach((market, stream) -> stream.liveness().onReadingResumed(now));
    }
  }

  void close() {
    script = null;
    polling.end();
    trades.close();
    books.close();
  }

  private void resubscribe(MarketStream stream) {
    StreamedMarket market = bySymbol.get(symbol(stream.instrument()));
    if (script != null && market != null && !polling.has(stream)) {
      script.resubscribe(stream.channel(), market.symbol());
    }
  }

  private void forEach(BiConsumer<StreamedMarket, StreamState> action) {
    for (StreamedMarket market : List.copyOf(bySymbol.values())) {
      market.streams().streams().forEach(stream -> action.accept(market, stream));
    }
  }

  // Events of the script.

  void onTrade(CcxtTrade trade) {
    onData(trade.symbol(), market -> market.onTrade(trade));
  }

  void onBook(CcxtBook book) {
    onData(book.symbol(), market -> market.onBook(book));
  }

  void onObservation(CcxtObservation observation) {
    onData(observation.symbol(), market -> market.onObservation(observation));
  }

  private void onData(String symbol, Consumer<StreamedMarket> then) {
    StreamedMarket market = bySymbol.get(symbol);
    services.counters().messages().increment();
    if (market == null) {
      services.counters().unknown().increment();
    } else {
      then.accept(market);
    }
  }

  /** CCXT cannot parse a message of the exchange. */
  void onMalformed(CcxtException error) {
    services.counters().malformed().increment();
    warnings.warn(
        "CCXT cannot parse a message", String.valueOf(error.getMessage()), System.nanoTime());
  }

  void onStarted(Channel channel, String symbol) {
    StreamedMarket market = bySymbol.get(symbol);
    StreamState stream = market == null ? null : market.stream(channel);
    if (market == null || stream == null) {
      return;
    }
    long now = System.nanoTime();
    stream.liveness().onSubscribe(now);
    TradeContinuity instrumentTrades = market.streams().trades();
    if (channel == Channel.TRADES && instrumentTrades != null) {
      instrumentTrades.onSubscribed(now);
    }
  }

  void onStopped(Channel channel, String symbol, String reason) {
    StreamedMarket market = bySymbol.get(symbol);
    StreamState stream = market == null ? null : market.stream(channel);
    if (market != null && stream != null) {
      market.interrupt(stream, reason);
    }
  }

  /**
   * Watching a stream failed; CCXT tries again.
   *
   * @throws FatalFeedException if only an operator can correct the error
   */
  void onError(Channel channel, String symbol, CcxtException error) {
    StreamedMarket market = bySymbol.get(symbol);
    StreamState stream = market == null ? null : market.stream(channel);
    if (market == null || stream == null) {
      return;
    }
    if (error.kind() == CcxtErrorKind.AUTHENTICATION) {
      throw CcxtFailures.credentials(exchange, error);
    }
    if (error.kind() == CcxtErrorKind.NOT_SUPPORTED && abilities.canPoll(channel)) {
      LOG.warn(
          "exchange={} symbol={} channel={} is polled over REST, because it cannot be streamed: {}",
          exchange,
          market.streams().instrument().symbol(),
          stream.stream().channel().code(),
          error.getMessage());
      unwatchable.add(stream.stream());
      if (script != null) {
        script.unwatch(channel, symbol);
        polling.add(symbol, stream);
      }
      return;
    }
    onFailed(stream, String.valueOf(error.getMessage()));
  }

  private void onFailed(StreamState stream, String reason) {
    stream.countFailure();
    if (stream.isLoggable()) {
      LOG.warn(
          "exchange={} symbol={} channel={} is not available now: {}",
          exchange,
          stream.stream().instrument().symbol(),
          stream.stream().channel().code(),
          reason);
    }
    stream.disconnected(reason);
  }

  void onSocketOpened(String egress) {
    services.counters().connections().increment();
    reports.opened(egress);
  }

  void onSocketClosed() {
    services.counters().disconnects().increment();
  }

  // Responses to polls.

  @Override
  public void onPolledTrades(String symbol, PolledTrades.News news) {
    StreamedMarket market = bySymbol.get(symbol);
    if (market != null) {
      market.onPolledTrades(news);
    }
  }

  @Override
  public void onPolledBook(CcxtBook book) {
    StreamedMarket market = bySymbol.get(book.symbol());
    if (market != null) {
      market.onBook(book);
    }
  }

  @Override
  public void onPollFailed(StreamState stream, String reason) {
    onFailed(stream, reason);
  }

  // Time.

  /** Checks every stream; called once a second. */
  void tick(long now) {
    if (script == null || !reading) {
      return;
    }
    forEach(
        (market, stream) -> {
          TradeContinuity instrumentTrades = market.streams().trades();
          if (stream.stream().channel() == Channel.TRADES && instrumentTrades != null) {
            instrumentTrades.tick(now);
          }
          String reason = stream.liveness().staleReason(now);
          if (reason != null) {
            onStale(stream, reason, now);
          }
        });
  }

  private void onStale(StreamState state, String reason, long now) {
    MarketStream stream = state.stream();
    state.stale(StreamState.Trouble.SILENT, reason);
    if (!state.isRetryDue(now)) {
      return;
    }
    if (state.isLoggable()) {
      LOG.warn(
          "exchange={} symbol={} channel={} resubscribing, attempt {}: {}",
          exchange,
          stream.instrument().symbol(),
          stream.channel().code(),
          state.failures(),
          reason);
    }
    state.liveness().onSubscribe(now);
    resubscribe(stream);
  }
}
