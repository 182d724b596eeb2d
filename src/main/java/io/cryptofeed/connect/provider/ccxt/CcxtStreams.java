package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtChannel;
import io.cryptofeed.connect.ccxt.CcxtErrorKind;
import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.ccxt.CcxtExchange;
import io.cryptofeed.connect.ccxt.CcxtQuote;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.InstrumentStreams;
import io.cryptofeed.connect.feed.streams.StreamLiveness;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.feed.trades.ConnectionTrades;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Origin;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one exchange of CCXT, and what is known of each; they outlive the script that
 * serves them. What cannot be watched is asked for over REST again and again. Used by the event
 * loop of the script.
 */
final class CcxtStreams {

  private static final Logger LOG = LoggerFactory.getLogger(CcxtStreams.class);

  /** Prices move where there is any trading, and CCXT itself does not see that they do not. */
  private static final Duration FIRST_DATA = Duration.ofSeconds(60);

  private static final Duration STALE_AFTER = Duration.ofMinutes(5);

  /** Not faster than this, however often an exchange may be asked. */
  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final String exchange;
  private final Set<Channel> channels;
  private final CcxtCorrection correction;
  private final CcxtAbilities abilities;
  private final FeedServices services;
  private final FeedReports reports;
  private final CcxtTradeHistory archive;
  private final ConnectionTrades trades;
  private final CcxtBooks books;
  private final RestPoller polls;
  private final Map<String, Streamed> bySymbol = new LinkedHashMap<>();
  private final Map<Instrument, String> symbols = new HashMap<>();

  /** Those that turned out not to be streamed although the class says so. */
  private final Set<MarketStream> unwatchable = new HashSet<>();

  private final Map<MarketStream, RestPoller.Poll> polled = new HashMap<>();
  private @Nullable CcxtExchange script;
  private boolean reading = true;

  /** An instrument, and how what CCXT tells of it is read. */
  private record Streamed(
      String symbol,
      InstrumentStreams feed,
      CcxtConversion events,
      SyntheticTradeIds names,
      PolledTrades polledTrades) {}

  CcxtStreams(
      CcxtSubscription subscription,
      CcxtCorrection correction,
      CcxtAbilities abilities,
      FeedLoop loop,
      FeedServices services) {
    exchange = subscription.options().exchange();
    channels = subscription.channels();
    this.correction = correction;
    this.abilities = abilities;
    this.services = services;
    reports = new FeedReports(exchange, services);
    archive =
        new CcxtTradeHistory(
            exchange,
            correction.trades(),
            correction.tradeHistory(abilities),
            this::symbol,
            this::events,
            services.counters());
    trades = new ConnectionTrades(archive, loop, services, reports);
    books = new CcxtBooks(correction.bookRules(), loop, services, reports, this::renew);
    long pause = TimeUnit.MILLISECONDS.toNanos(abilities.rateLimitMs());
    polls = new RestPoller(loop, Math.max(SHORTEST_PAUSE_NANOS, pause));
    books.start();
  }

  private String symbol(Instrument instrument) {
    return symbols.getOrDefault(instrument, instrument.exchangeSymbol());
  }

  private CcxtConversion events(Instrument instrument) {
    TradeNumbering numbering = correction.trades();
    return new CcxtConversion(instrument, numbering, correction.book() != null);
  }

  // What is streamed.

  /** The instruments that are streamed. */
  Set<Instrument> instruments() {
    return Set.copyOf(symbols.keySet());
  }

  /**
   * Streams an instrument from now on.
   *
   * @param symbol CCXT's
   * @param anew whether the exchange has begun to list it while others were streamed
   */
  void add(String symbol, Instrument instrument, boolean anew) {
    InstrumentStreams feed = new InstrumentStreams(instrument);
    Streamed streamed =
        new Streamed(symbol, feed, events(instrument), new SyntheticTradeIds(), new PolledTrades());
    bySymbol.put(symbol, streamed);
    symbols.put(instrument, symbol);
    for (Channel channel : Channel.values()) {
      if (channels.contains(channel)) {
        add(feed, new MarketStream(channel, instrument), anew);
      }
    }
    begin(streamed);
  }

  private void add(InstrumentStreams feed, MarketStream stream, boolean anew) {
    boolean steady = stream.channel() != Channel.TRADES;
    feed.add(
        new StreamState(
            stream,
            new StreamLiveness(
                steady ? FIRST_DATA : Duration.ZERO, steady ? STALE_AFTER : Duration.ZERO, false),
            reports));
    if (stream.channel() == Channel.TRADES) {
      feed.setTrades(trades.add(stream));
    } else if (stream.channel() == Channel.L2_BOOK) {
      feed.setBook(books.add(stream));
    }
    if (anew) {
      reports.listed(stream);
    }
  }

  /** Streams an instrument no longer. */
  void remove(Instrument instrument, String reason) {
    Streamed streamed = bySymbol.remove(symbol(instrument));
    symbols.remove(instrument);
    if (streamed == null) {
      return;
    }
    for (StreamState stream : streamed.feed().streams()) {
      RestPoller.Poll poll = polled.remove(stream.stream());
      if (poll != null) {
        polls.remove(poll);
      } else if (script != null) {
        script.unwatch(channel(stream.stream()), streamed.symbol());
      }
      reports.delisted(stream.stream(), reason);
    }
    TradeContinuity feed = streamed.feed().trades();
    if (feed != null) {
      trades.remove(instrument, feed);
    }
    InstrumentBook book = streamed.feed().book();
    if (book != null) {
      books.remove(book);
    }
  }

  // The script.

  /** A script serves the streams from now on; its markets are loaded. */
  void begin(CcxtExchange running) {
    script = running;
    archive.setScript(running);
    bySymbol.values().forEach(this::begin);
    polls.setRunning(true);
  }

  private void begin(Streamed streamed) {
    CcxtExchange running = script;
    if (running == null) {
      return;
    }
    for (StreamState stream : streamed.feed().streams()) {
      stream.watch().subscribed(System.nanoTime());
      if (abilities.canWatch(channel(stream.stream())) && !unwatchable.contains(stream.stream())) {
        running.watch(channel(stream.stream()), streamed.symbol());
      } else if (!polled.containsKey(stream.stream())) {
        poll(streamed, stream);
      }
    }
  }

  /** The script that served them is gone. */
  void end(String reason) {
    script = null;
    archive.setScript(null);
    polls.setRunning(false);
    for (Streamed streamed : bySymbol.values()) {
      streamed.polledTrades().interrupt();
      streamed.feed().streams().forEach(stream -> interrupted(streamed, stream, reason));
    }
  }

  /** Stops or resumes reading. */
  void setReading(boolean read) {
    reading = read;
    trades.setReading(read);
    polls.setReading(read);
    if (read) {
      long now = System.nanoTime();
      forEach((streamed, stream) -> stream.watch().excuse(now));
    }
  }

  void close() {
    script = null;
    polls.setRunning(false);
    trades.close();
    books.close();
  }

  private void renew(MarketStream stream) {
    Streamed streamed = bySymbol.get(symbol(stream.instrument()));
    if (script != null && streamed != null && !polled.containsKey(stream)) {
      script.renew(channel(stream), streamed.symbol());
    }
  }

  private static CcxtChannel channel(MarketStream stream) {
    return switch (stream.channel()) {
      case TRADES -> CcxtChannel.TRADES;
      case L2_BOOK -> CcxtChannel.BOOK;
      case QUOTES -> CcxtChannel.QUOTES;
      case L2_SNAPSHOT, FEED_STATUS ->
          throw new IllegalArgumentException(stream.channel() + " is nothing that is subscribed");
    };
  }

  private void forEach(BiConsumer<Streamed, StreamState> action) {
    for (Streamed streamed : List.copyOf(bySymbol.values())) {
      streamed.feed().streams().forEach(stream -> action.accept(streamed, stream));
    }
  }

  // What the script tells.

  void onTrade(CcxtTrade told) {
    Streamed streamed = bySymbol.get(told.symbol());
    TradeContinuity feed = streamed == null ? null : streamed.feed().trades();
    services.counters().messages().increment();
    if (streamed == null || feed == null) {
      services.counters().unknown().increment();
      return;
    }
    long now = System.nanoTime();
    alive(streamed, Channel.TRADES, now);
    hand(streamed, feed, told, now);
  }

  private void hand(Streamed streamed, TradeContinuity feed, CcxtTrade told, long now) {
    try {
      feed.onTrade(streamed.events().trade(told, Origin.STREAM, streamed.names()), now);
    } catch (MalformedMessageException e) {
      malformed(streamed, e);
    }
  }

  void onBook(CcxtBook told) {
    Streamed streamed = bySymbol.get(told.symbol());
    services.counters().messages().increment();
    if (streamed == null) {
      services.counters().unknown().increment();
      return;
    }
    alive(streamed, Channel.L2_BOOK, System.nanoTime());
    take(streamed, told);
  }

  private void take(Streamed streamed, CcxtBook told) {
    InstrumentBook book = streamed.feed().book();
    if (book == null) {
      services.counters().unknown().increment();
      return;
    }
    if (correction.book() == null && told.saysNothing()) {
      return;
    }
    try {
      books.onBook(book, streamed.events().book(told));
    } catch (MalformedMessageException e) {
      malformed(streamed, e);
      books.unreadable(book);
    }
  }

  void onQuote(CcxtQuote told) {
    Streamed streamed = bySymbol.get(told.symbol());
    services.counters().messages().increment();
    if (streamed == null || streamed.feed().stream(Channel.QUOTES) == null) {
      services.counters().unknown().increment();
      return;
    }
    alive(streamed, Channel.QUOTES, System.nanoTime());
    try {
      services.listener().onQuote(streamed.events().quote(told));
    } catch (MalformedMessageException e) {
      malformed(streamed, e);
    }
  }

  private void malformed(Streamed streamed, MalformedMessageException why) {
    services.counters().malformed().increment();
    LOG.warn(
        "exchange={} symbol={} what CCXT tells cannot be read: {}",
        exchange,
        streamed.feed().instrument().symbol(),
        why.getMessage());
  }

  private void alive(Streamed streamed, Channel channel, long now) {
    StreamState stream = streamed.feed().stream(channel);
    if (stream != null) {
      stream.contented();
      if (stream.watch().alive(now)) {
        stream.connected();
      }
    }
  }

  void onStarted(CcxtChannel channel, String symbol) {
    Streamed streamed = bySymbol.get(symbol);
    StreamState stream = streamed == null ? null : streamed.feed().stream(channel(channel));
    if (streamed == null || stream == null) {
      return;
    }
    long now = System.nanoTime();
    stream.watch().subscribed(now);
    TradeContinuity feed = streamed.feed().trades();
    if (channel == CcxtChannel.TRADES && feed != null) {
      feed.onSubscribed(now);
    }
  }

  void onStopped(CcxtChannel channel, String symbol, String reason) {
    Streamed streamed = bySymbol.get(symbol);
    StreamState stream = streamed == null ? null : streamed.feed().stream(channel(channel));
    if (streamed != null && stream != null) {
      interrupted(streamed, stream, reason);
    }
  }

  private static Channel channel(CcxtChannel channel) {
    return switch (channel) {
      case TRADES -> Channel.TRADES;
      case BOOK -> Channel.L2_BOOK;
      case QUOTES -> Channel.QUOTES;
    };
  }

  /** What happens from now on is not seen, until it is said that the stream has started. */
  private void interrupted(Streamed streamed, StreamState stream, String reason) {
    stream.watch().disconnected();
    stream.disconnected(reason);
    TradeContinuity feed = streamed.feed().trades();
    InstrumentBook book = streamed.feed().book();
    if (stream.stream().channel() == Channel.TRADES && feed != null) {
      feed.onDisconnected();
    } else if (stream.stream().channel() == Channel.L2_BOOK && book != null) {
      books.interrupt(book);
    }
  }

  /**
   * Watching a stream failed; CCXT tries again.
   *
   * @throws FatalFeedException when nobody but a human can heal it
   */
  void onError(CcxtChannel channel, String symbol, CcxtException error) {
    Streamed streamed = bySymbol.get(symbol);
    StreamState stream = streamed == null ? null : streamed.feed().stream(channel(channel));
    if (streamed == null || stream == null) {
      return;
    }
    if (error.kind() == CcxtErrorKind.AUTHENTICATION) {
      throw CcxtFailures.credentials(exchange, error);
    }
    if (error.kind() == CcxtErrorKind.NOT_SUPPORTED && canPoll(stream.stream().channel())) {
      LOG.warn(
          "exchange={} symbol={} channel={} is asked for over REST, for it is not streamed: {}",
          exchange,
          streamed.feed().instrument().symbol(),
          stream.stream().channel().code(),
          error.getMessage());
      unwatchable.add(stream.stream());
      if (script != null) {
        script.unwatch(channel, symbol);
        poll(streamed, stream);
      }
      return;
    }
    failed(streamed, stream, String.valueOf(error.getMessage()));
  }

  private void failed(Streamed streamed, StreamState stream, String reason) {
    if (Integer.bitCount(stream.complain()) == 1) {
      LOG.warn(
          "exchange={} symbol={} channel={} cannot be had now: {}",
          exchange,
          streamed.feed().instrument().symbol(),
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

  void onUnreadable(CcxtException error) {
    services.counters().malformed().increment();
    LOG.warn("exchange={} CCXT cannot read a message: {}", exchange, error.getMessage());
  }

  // What is asked for over REST.

  /** Whether a channel that is not streamed can be asked for. */
  private boolean canPoll(Channel channel) {
    return canPoll(abilities, channel);
  }

  static boolean canPoll(CcxtAbilities abilities, Channel channel) {
    return (channel == Channel.TRADES && abilities.fetchTrades())
        || (channel == Channel.L2_BOOK && abilities.fetchBook());
  }

  static boolean canWatch(CcxtAbilities abilities, Channel channel) {
    return switch (channel) {
      case TRADES -> abilities.watchTrades();
      case L2_BOOK -> abilities.watchBook();
      case QUOTES -> abilities.quoteSource() != null;
      case L2_SNAPSHOT, FEED_STATUS -> false;
    };
  }

  private void poll(Streamed streamed, StreamState stream) {
    RestPoller.Poll poll =
        stream.stream().channel() == Channel.TRADES
            ? () -> pollTrades(streamed, stream)
            : () -> pollBook(streamed, stream);
    polled.put(stream.stream(), poll);
    polls.add(poll);
  }

  private Future<?> pollTrades(Streamed streamed, StreamState stream) {
    int most = correction.history() == null ? 0 : correction.history().page();
    return running()
        .fetchTrades(streamed.symbol(), -1, most)
        .addListener(
            (Future<List<CcxtTrade>> done) ->
                answered(streamed, stream, done, page -> take(streamed, new ArrayList<>(page))));
  }

  private Future<?> pollBook(Streamed streamed, StreamState stream) {
    return running()
        .fetchOrderBook(streamed.symbol(), 0)
        .addListener(
            (Future<CcxtBook> done) ->
                answered(streamed, stream, done, book -> take(streamed, book)));
  }

  private CcxtExchange running() {
    if (script == null) {
      throw new IllegalStateException("nothing is asked for while there is no script");
    }
    return script;
  }

  private interface Taker<T> {
    void take(T answer);
  }

  private <T> void answered(Streamed streamed, StreamState stream, Future<T> done, Taker<T> taker) {
    if (!polled.containsKey(stream.stream()) || script == null) {
      return;
    }
    if (!done.isSuccess()) {
      failed(streamed, stream, String.valueOf(done.cause().getMessage()));
      return;
    }
    services.counters().messages().increment();
    stream.contented();
    stream.watch().alive(System.nanoTime());
    stream.connected();
    taker.take(done.getNow());
  }

  private void take(Streamed streamed, List<CcxtTrade> page) {
    TradeContinuity feed = streamed.feed().trades();
    if (feed == null) {
      return;
    }
    long now = System.nanoTime();
    PolledTrades.News news = streamed.polledTrades().take(page);
    if (!news.continues()) {
      feed.onDisconnected();
      feed.onSubscribed(now);
    }
    news.trades().forEach(trade -> hand(streamed, feed, trade, now));
  }

  // Time.

  /** Looks at every stream, once a second. */
  void tick(long now) {
    if (script == null || !reading) {
      return;
    }
    forEach(
        (streamed, stream) -> {
          TradeContinuity feed = streamed.feed().trades();
          if (stream.stream().channel() == Channel.TRADES && feed != null) {
            feed.tick(now);
          }
          String complaint = stream.watch().complaint(now);
          if (complaint != null) {
            stale(streamed, stream, complaint, now);
          }
        });
  }

  private void stale(Streamed streamed, StreamState stream, String complaint, long now) {
    LOG.warn(
        "exchange={} symbol={} channel={} subscribing anew: {}",
        exchange,
        streamed.feed().instrument().symbol(),
        stream.stream().channel().code(),
        complaint);
    reports.stale(stream.stream(), complaint);
    stream.watch().subscribed(now);
    renew(stream.stream());
  }
}
