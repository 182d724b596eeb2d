package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.ConnectionStreams;
import io.cryptofeed.connect.feed.streams.InstrumentStreams;
import io.cryptofeed.connect.feed.streams.StreamLiveness;
import io.cryptofeed.connect.feed.trades.ConnectionTrades;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.net.RateLimiter;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that share one connection, with the state of their trades and books. {@link
 * Reconnector} keeps the connection open, {@link SocketEvents} takes its messages, {@link
 * StreamWatchdog} finds what is stale.
 *
 * <p>All state belongs to one event loop.
 */
final class FeedConnection implements Reconnector.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(FeedConnection.class);

  private final Exchange exchange;
  private final FeedLoop loop;
  private final FeedServices services;
  private final MessageWarnings warnings;
  private final Set<Instrument> instruments;
  private final FeedReports reports;
  private final Reconnector reconnector;
  private final ConnectionStreams streams;
  private final VenueBooks books;
  private final ConnectionTrades trades;
  private final StreamWatchdog watchdog;

  /**
   * @param url where all the streams are served
   * @param readers another event loop, which parses historical trades
   * @param connects limits how often the exchange is connected to; shared by its connections
   * @param warnings shared by the connections of the exchange
   */
  FeedConnection(
      Exchange exchange,
      URI url,
      Collection<MarketStream> streams,
      EventLoop loop,
      EventLoop readers,
      FeedServices services,
      VenueRest rest,
      RateLimiter connects,
      MessageWarnings warnings) {
    this.exchange = exchange;
    this.loop = new FeedLoop(loop, this::onFault);
    this.services = services;
    this.warnings = warnings;
    instruments =
        streams.stream().map(MarketStream::instrument).collect(Collectors.toUnmodifiableSet());
    reports = new FeedReports(exchange.id(), services, warnings);
    ConnectionRules rules = exchange.connectionRules();
    reconnector = new Reconnector(exchange.id(), url, rules, this.loop, services, connects, this);
    this.streams =
        new ConnectionStreams(
            streams, stream -> new StreamLiveness(rules, stream.channel()), reports);
    books = new VenueBooks(exchange, rest, this.loop, services, reports, reconnector, this.streams);
    FeedLoop readerLoop = new FeedLoop(readers, fault -> this.loop.run(() -> onFault(fault)));
    trades =
        new ConnectionTrades(
            new VenueTradeHistory(exchange, rest, readerLoop, services.counters()),
            this.loop,
            services,
            reports);
    watchdog = new StreamWatchdog(exchange.id(), reconnector, this.streams, books);
    streams.forEach(this::addState);
  }

  /** Adds the book or the trades of a stream to its instrument. */
  private void addState(MarketStream stream) {
    InstrumentStreams instrument = streams.of(stream.instrument());
    if (instrument != null && stream.channel() == Channel.L2_BOOK) {
      instrument.setBook(books.add(stream));
    }
    if (instrument != null && stream.channel() == Channel.TRADES) {
      instrument.setTrades(trades.add(stream));
    }
  }

  /** Begins to connect. Any thread. */
  void start() {
    loop.run(reconnector::connect);
    loop.everySecond(() -> check(System.nanoTime()));
    loop.run(books::start);
  }

  /** Checks the connection and its streams; its event loop does so every second. */
  void check(long nowNanos) {
    watchdog.check(nowNanos);
  }

  /** Stops streaming an instrument; closes the connection after the last one. Any thread. */
  void remove(Instrument instrument, String reason) {
    loop.run(() -> removeNow(instrument, reason));
  }

  private void removeNow(Instrument instrument, String reason) {
    InstrumentStreams removed = streams.of(instrument);
    if (removed == null || reconnector.isClosed()) {
      return;
    }
    InstrumentBook book = removed.book();
    if (book != null) {
      books.remove(book);
    }
    TradeContinuity instrumentTrades = removed.trades();
    if (instrumentTrades != null) {
      trades.remove(instrument, instrumentTrades);
    }
    List<MarketStream> ended = streams.remove(instrument);
    ended.forEach(stream -> reports.delisted(stream, reason));
    if (streams.all().isEmpty()) {
      closeNow("no stream is left");
    } else {
      reconnector.forEachSocket(socket -> socket.unsubscribe(ended));
    }
  }

  /** Reports that the exchange lists the instruments of this connection now. Any thread. */
  void reportListed() {
    loop.run(() -> streams.all().forEach(reports::listed));
  }

  /** Reports that the exchange has halted an instrument. Any thread. */
  void reportHalted(Instrument instrument) {
    loop.run(
        () -> {
          InstrumentStreams halted = streams.of(instrument);
          if (halted != null) {
            halted.onHalted();
          }
          report(instrument, reports::halted);
        });
  }

  /** Reports that the exchange trades an instrument again. Any thread. */
  void reportResumed(Instrument instrument) {
    loop.run(
        () -> {
          InstrumentStreams resumed = streams.of(instrument);
          if (resumed != null) {
            resumed.onResumed(System.nanoTime());
          }
          report(instrument, reports::resumed);
        });
  }

  private void report(Instrument instrument, Consumer<MarketStream> report) {
    InstrumentStreams found = streams.of(instrument);
    if (found != null) {
      found.streams().forEach(state -> report.accept(state.stream()));
    }
  }

  /** Whether it was opened for an instrument. Any thread. */
  boolean has(Instrument instrument) {
    return instruments.contains(instrument);
  }

  /** Pauses or resumes reading. Any thread. */
  void setReading(boolean read) {
    loop.run(
        () -> {
          trades.setReading(read);
          reconnector.setReading(read);
          if (read) {
            streams.onReadingResumed(System.nanoTime());
          }
        });
  }

  /** Closes the connection for good. Any thread. */
  void close() {
    loop.run(() -> closeNow("the task stops"));
  }

  private void closeNow(String reason) {
    books.close();
    trades.close();
    reconnector.close(reason);
  }

  private void onFault(RuntimeException fault) {
    if (!reconnector.isClosed()) {
      closeNow("the task stops");
      services.onFatal().accept(FatalFeedException.of(exchange.id(), fault));
    }
  }

  // What happens to the connection.

  @Override
  public VenueSocket newSocket() {
    return new VenueSocket(
        exchange,
        streams.instruments(),
        loop,
        services.counters(),
        this::events,
        reconnector::onClosed);
  }

  private SessionListener events(VenueSocket socket) {
    return new SocketEvents(
        socket, exchange.id(), reconnector, streams, books, loop, services, warnings);
  }

  @Override
  public void onOpened(VenueSocket socket, String egress, long nowNanos) {
    reports.opened(egress);
    LOG.info(
        "exchange={} websocket open: streams={} proxy={}",
        exchange.id(),
        streams.all().size(),
        egress);
    socket.subscribe(streams.all());
    streams.onSubscribe(nowNanos);
  }

  @Override
  public void onConnectFailed(String reason) {
    streams.onDisconnected(reason);
  }

  @Override
  public void onLost(String reason) {
    streams.onDisconnected(reason);
    books.restartAll(SnapshotReason.RECONNECT);
  }

  @Override
  public void onReplaced(VenueSocket old) {
    books.restartOf(old);
  }
}
