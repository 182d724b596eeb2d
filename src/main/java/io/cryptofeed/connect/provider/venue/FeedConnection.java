package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.ConnectionStreams;
import io.cryptofeed.connect.feed.streams.InstrumentStreams;
import io.cryptofeed.connect.feed.streams.StreamLiveness;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.feed.trades.ConnectionTrades;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Quote;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.net.CloseReason;
import io.cryptofeed.connect.net.HandshakeRefusedException;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.net.WebSocketConnection;
import io.cryptofeed.connect.net.WebSocketOptions;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A set of streams that share one connection, kept alive: it connects, subscribes, watches, checks
 * continuity, resynchronises single books, reconnects with backoff, and replaces the connection
 * before the venue's maximum age with the new one open before the old one is closed.
 *
 * <p>All of it, the state of books and trades included, belongs to one event loop.
 */
final class FeedConnection implements VenueSocket.Owner, VenueBooks.Connection {

  private static final Logger LOG = LoggerFactory.getLogger(FeedConnection.class);

  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
  private static final long NOT_PERMITTED_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** How long the old connection stays after the new one has confirmed everything. */
  private static final long OVERLAP_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final long REFUSED_RETRY_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int COMPLAINTS_BEFORE_RECONNECT = 3;

  /** The planned age at which a connection is replaced, as a share of the venue's maximum. */
  private static final double ROLLOVER_SHARE = 0.95;

  private final Exchange exchange;
  private final URI url;
  private final ConnectionRules rules;
  private final FeedLoop loop;
  private final FeedServices services;
  private final RateLimiter connects;
  private final String session;
  private final ConnectionStreams streams;
  private final Set<Instrument> instruments;
  private final VenueBooks books;
  private final ConnectionTrades trades;
  private final FeedReports reports;
  private final Backoff backoff;
  private final long rolloverAgeNanos;
  private @Nullable VenueSocket current;
  private @Nullable VenueSocket successor;
  private boolean reading = true;
  private boolean closed;

  /**
   * @param url where all the streams are served
   * @param readers another event loop, on which past trades are read
   */
  FeedConnection(
      Exchange exchange,
      URI url,
      Collection<MarketStream> streams,
      EventLoop loop,
      EventLoop readers,
      FeedServices services,
      VenueRest rest,
      RateLimiter connects) {
    this.exchange = exchange;
    this.url = url;
    this.loop = new FeedLoop(loop, this::onBroken);
    this.services = services;
    this.connects = connects;
    session = services.injector().newSession();
    reports = new FeedReports(exchange.id(), services);
    rules = exchange.connectionRules();
    backoff = new Backoff(services.random());
    // Spread over a tenth of the age, so that connections opened together are not replaced so.
    rolloverAgeNanos =
        (long) (rules.maxAge().toNanos() * (ROLLOVER_SHARE - services.random().nextDouble() / 10));
    instruments =
        streams.stream().map(MarketStream::instrument).collect(Collectors.toUnmodifiableSet());
    books = new VenueBooks(exchange, rest, this.loop, services, reports, this);
    FeedLoop readerLoop = new FeedLoop(readers, fault -> this.loop.run(() -> onBroken(fault)));
    VenueTradeHistory archive =
        new VenueTradeHistory(exchange, rest, readerLoop, services.counters());
    trades = new ConnectionTrades(archive, this.loop, services, reports);
    this.streams =
        new ConnectionStreams(
            streams,
            InstrumentStreams::new,
            stream -> new StreamLiveness(rules, stream.channel()),
            reports);
    for (MarketStream stream : streams) {
      InstrumentStreams feed = this.streams.of(stream.instrument());
      if (stream.channel() == Channel.L2_BOOK && feed != null) {
        feed.setBook(books.add(stream));
      }
      if (stream.channel() == Channel.TRADES && feed != null) {
        feed.setTrades(trades.add(stream));
      }
    }
  }

  /** Begins to connect. Any thread. */
  void start() {
    loop.run(this::connect);
    loop.everySecond(this::tick);
    loop.run(books::start);
  }

  /** Streams an instrument no longer; without one, the connection is closed. Any thread. */
  void remove(Instrument instrument, String reason) {
    loop.run(
        () -> {
          InstrumentStreams feed = streams.of(instrument);
          if (feed == null || closed) {
            return;
          }
          InstrumentBook book = feed.book();
          if (book != null) {
            books.remove(book);
          }
          TradeContinuity instrumentTrades = feed.trades();
          if (instrumentTrades != null) {
            trades.remove(instrument, instrumentTrades);
          }
          List<MarketStream> removed = streams.remove(instrument);
          removed.forEach(stream -> reports.delisted(stream, reason));
          if (streams.all().isEmpty()) {
            closed = true;
            books.close();
            trades.close();
            forEachSocket(socket -> socket.close(1000, "nothing is left to stream"));
          } else {
            forEachSocket(socket -> socket.unsubscribe(removed));
          }
        });
  }

  /** Says that the exchange has begun to list what this connection streams. Any thread. */
  void reportListed() {
    loop.run(() -> streams.all().forEach(reports::listed));
  }

  /** Whether it streams an instrument. Any thread. */
  boolean has(Instrument instrument) {
    return instruments.contains(instrument);
  }

  /** Stops or resumes reading. Any thread. */
  void setReading(boolean read) {
    loop.run(
        () -> {
          reading = read;
          trades.setReading(read);
          forEachSocket(socket -> socket.setReading(read));
          if (read) {
            long now = System.nanoTime();
            streams.forEach(stream -> stream.watch().excuse(now));
          }
        });
  }

  /** Closes the connection for good. Any thread. */
  void close() {
    loop.run(
        () -> {
          closed = true;
          books.close();
          trades.close();
          forEachSocket(socket -> socket.close(1000, "the task stops"));
        });
  }

  // Connecting.

  private void connect() {
    if (closed) {
      return;
    }
    VenueSocket socket =
        new VenueSocket(exchange, streams.instruments(), loop, services.counters(), this);
    current = socket;
    open(socket);
  }

  private void open(VenueSocket socket) {
    String key =
        url.getHost() + '|' + services.injector().egress(exchange.id(), Transport.WEBSOCKET);
    long wait = connects.reserve(key, 1, System.nanoTime());
    loop.later(wait, () -> openNow(socket));
  }

  private void openNow(VenueSocket socket) {
    if (closed) {
      return;
    }
    WebSocketOptions options =
        new WebSocketOptions(
            rules.offersCompression(),
            WebSocketOptions.DEFAULT_MAX_MESSAGE_BYTES,
            HANDSHAKE_TIMEOUT);
    services
        .webSockets()
        .connect(loop.eventLoop(), exchange.id(), session, url, options, socket)
        .addListener((Future<WebSocketConnection> done) -> connected(socket, done));
  }

  private void connected(VenueSocket socket, Future<WebSocketConnection> done) {
    if (!done.isSuccess()) {
      notConnected(socket, done.cause());
      return;
    }
    if (closed) {
      done.getNow().close(1000, "the task stops");
      return;
    }
    long now = System.nanoTime();
    services.counters().connections().increment();
    socket.opened(done.getNow(), now);
    socket.setReading(reading);
    String egress = done.getNow().egress();
    reports.opened(egress);
    LOG.info(
        "exchange={} websocket open: streams={} proxy={}",
        exchange.id(),
        streams.all().size(),
        egress);
    if (socket == current) {
      backoff.opened(now);
    }
    socket.subscribe(streams.all());
    streams.forEach(stream -> stream.watch().subscribed(now));
    forEachTrades(feed -> feed.onSubscribed(now));
  }

  private void notConnected(VenueSocket socket, Throwable cause) {
    if (closed) {
      return;
    }
    if (socket == successor) {
      successor = null;
      LOG.warn(
          "exchange={} a replacement connection could not be opened, the old one goes on: {}",
          exchange.id(),
          cause.getMessage());
      return;
    }
    current = null;
    long wait = backoff.failed(System.nanoTime());
    if (cause instanceof HandshakeRefusedException refused && !refused.mayGoElsewhere()) {
      wait = Math.max(wait, refusalPause(refused));
    } else if (cause instanceof ConnectFailure failure) {
      wait = Math.max(wait, Math.min(failure.retryAfter().toNanos(), NOT_PERMITTED_NANOS));
    }
    String reason = String.valueOf(cause.getMessage());
    if (Integer.bitCount(backoff.attempts()) == 1) {
      LOG.warn(
          "exchange={} cannot connect, attempt {}, next in {} ms: {}",
          exchange.id(),
          backoff.attempts(),
          TimeUnit.NANOSECONDS.toMillis(wait),
          reason);
    }
    reportDisconnected(reason);
    loop.later(wait, this::connect);
  }

  private static long refusalPause(HandshakeRefusedException refused) {
    Duration retryAfter = refused.retryAfter().orElse(Duration.ZERO);
    return switch (refused.status()) {
      // The venue does not serve this address: trying fast changes nothing and may end in a ban.
      case 403, 418, 429, 451 -> Math.max(NOT_PERMITTED_NANOS, retryAfter.toNanos());
      default -> retryAfter.toNanos();
    };
  }

  // Replacing the connection, new before old.

  private void startSuccessor(String why) {
    if (successor != null || closed) {
      return;
    }
    LOG.info("exchange={} opening a replacement connection: {}", exchange.id(), why);
    successor = new VenueSocket(exchange, streams.instruments(), loop, services.counters(), this);
    open(successor);
  }

  private void promoteSuccessor() {
    VenueSocket old = current;
    current = successor;
    successor = null;
    backoff.opened(System.nanoTime());
    if (old != null) {
      loop.later(OVERLAP_NANOS, () -> old.close(1000, "replaced by a newer connection"));
    }
  }

  // Watching.

  private void tick() {
    if (!closed && reading) {
      watch(System.nanoTime());
    }
  }

  private void watch(long now) {
    VenueSocket socket = current;
    if (socket != null && socket.isOpen()) {
      String complaint = socket.check(now);
      if (complaint != null) {
        LOG.warn("exchange={} reconnecting: {}", exchange.id(), complaint);
        socket.giveUp(complaint);
        return;
      }
      if (rolloverAgeNanos > 0 && socket.ageNanos(now) > rolloverAgeNanos) {
        startSuccessor("the old one is near the venue's maximum age");
      }
      watchStreams(socket, now);
    }
    if (successor != null && successor.isOpen() && streams.allConfirmed()) {
      promoteSuccessor();
    }
    forEachTrades(feed -> feed.tick(now));
  }

  private void watchStreams(VenueSocket socket, long now) {
    for (InstrumentStreams feed : streams.feeds()) {
      for (StreamState stream : feed.streams()) {
        String complaint = stream.watch().complaint(now);
        if (complaint != null) {
          complain(socket, feed, stream, complaint, now);
          if (!socket.isOpen()) {
            return;
          }
        }
      }
    }
  }

  private void complain(
      VenueSocket socket, InstrumentStreams feed, StreamState stream, String complaint, long now) {
    reports.stale(stream.stream(), complaint);
    if (stream.complain() >= COMPLAINTS_BEFORE_RECONNECT) {
      LOG.warn(
          "exchange={} symbol={} channel={} reconnecting: {}",
          exchange.id(),
          feed.instrument().symbol(),
          stream.stream().channel().code(),
          complaint);
      stream.contented();
      socket.close(1000, complaint);
      return;
    }
    LOG.warn(
        "exchange={} symbol={} channel={} subscribing anew: {}",
        exchange.id(),
        feed.instrument().symbol(),
        stream.stream().channel().code(),
        complaint);
    InstrumentBook book = feed.book();
    if (book != null && book.stream().equals(stream.stream())) {
      books.resubscribing(book);
    }
    stream.watch().subscribed(now);
    socket.resubscribe(List.of(stream.stream()));
  }

  // What arrives.

  @Override
  public void onTrade(VenueSocket from, Trade trade) {
    InstrumentStreams feed = streams.of(trade.instrument());
    StreamState stream = feed == null ? null : feed.stream(Channel.TRADES);
    TradeContinuity instrumentTrades = feed == null ? null : feed.trades();
    if (stream == null || instrumentTrades == null) {
      services.counters().unknown().increment();
      return;
    }
    alive(stream, from.readNanos());
    instrumentTrades.onTrade(trade, from.readNanos());
  }

  @Override
  public void onBook(VenueSocket from, BookUpdate update) {
    InstrumentStreams feed = streams.of(update.instrument());
    InstrumentBook book = feed == null ? null : feed.book();
    StreamState stream = feed == null ? null : feed.stream(Channel.L2_BOOK);
    if (book == null || stream == null) {
      services.counters().unknown().increment();
      return;
    }
    alive(stream, from.readNanos());
    books.onBook(book, from, update);
  }

  @Override
  public void onQuote(VenueSocket from, Quote quote) {
    StreamState stream = streams.find(quote.instrument(), Channel.QUOTES);
    if (stream == null) {
      services.counters().unknown().increment();
      return;
    }
    alive(stream, from.readNanos());
    services.listener().onQuote(quote);
  }

  @Override
  public void onConnectionGap(VenueSocket from, long expected, long found) {
    String description =
        found > expected
            ? "messages " + expected + " to " + (found - 1) + " of the connection are missing"
            : "message " + found + " of the connection came where " + expected + " was due";
    if (!books.isEmpty()) {
      books.connectionGap(description);
      from.close(1000, description);
    }
  }

  @Override
  public void onNotice(VenueSocket from, String text) {
    LOG.info("exchange={} says: {}", exchange.id(), text);
  }

  @Override
  public void onSubscribed(VenueSocket from, MarketStream stream) {
    StreamState subscribed = streams.find(stream);
    if (subscribed != null && subscribed.watch().confirmed()) {
      subscribed.connected();
    }
  }

  @Override
  public void onHeartbeat(VenueSocket from, Instrument instrument, long lastTradeSequence) {
    InstrumentStreams feed = streams.of(instrument);
    if (feed != null) {
      long now = System.nanoTime();
      for (StreamState stream : feed.streams()) {
        stream.watch().heartbeat(now);
      }
      TradeContinuity instrumentTrades = feed.trades();
      if (instrumentTrades != null) {
        instrumentTrades.onNewest(lastTradeSequence, now);
      }
    }
  }

  @Override
  public void onRefused(VenueSocket from, List<MarketStream> refused, String reason) {
    LOG.error(
        "exchange={} refuses to stream {}: {}; trying again in {} s, each stream by itself",
        exchange.id(),
        refused,
        reason,
        TimeUnit.NANOSECONDS.toSeconds(REFUSED_RETRY_NANOS));
    for (MarketStream stream : refused) {
      StreamState refusedFeed = streams.find(stream);
      if (refusedFeed == null) {
        continue;
      }
      refusedFeed.watch().disconnected();
      refusedFeed.disconnected("the exchange refuses: " + reason);
      // One bad symbol makes some venues refuse the whole request: ask for each stream alone.
      long wait =
          refused.size() == 1
              ? REFUSED_RETRY_NANOS
              : services.random().nextLong(TimeUnit.SECONDS.toNanos(1));
      loop.later(
          wait,
          () -> {
            if (from.isOpen()) {
              refusedFeed.watch().subscribed(System.nanoTime());
              from.subscribe(List.of(stream));
            }
          });
    }
  }

  @Override
  public void onReconnectRequested(VenueSocket from, String reason) {
    if (from == current) {
      startSuccessor(reason);
    }
  }

  @Override
  public void onVenueError(VenueSocket from, String reason) {
    LOG.warn("exchange={} reports an error: {}", exchange.id(), reason);
  }

  @Override
  public void onUnknown() {
    services.counters().unknown().increment();
  }

  @Override
  public void onMalformed(VenueSocket from, String reason) {
    services.counters().malformed().increment();
    LOG.warn("exchange={} a message cannot be read: {}", exchange.id(), reason);
    if (books.isBlind()) {
      // Nothing in later updates would show that one was lost, so no book can be trusted now.
      from.close(1000, "a message cannot be read");
    }
  }

  @Override
  public void onClosed(VenueSocket from, CloseReason reason) {
    if (closed) {
      return;
    }
    if (from == successor) {
      successor = null;
      return;
    }
    if (from != current) {
      return;
    }
    services.counters().disconnects().increment();
    String text = "the connection ended with code " + reason.code() + ": " + describe(reason);
    if (successor != null && successor.isOpen()) {
      LOG.info("exchange={} {}; the replacement is open already", exchange.id(), text);
      books.restartOf(from);
      promoteSuccessor();
      return;
    }
    if (successor == null) {
      current = null;
      long wait = backoff.failed(System.nanoTime());
      LOG.warn(
          "exchange={} {}; reconnecting in {} ms",
          exchange.id(),
          text,
          TimeUnit.NANOSECONDS.toMillis(wait));
      loop.later(wait, this::connect);
    } else {
      LOG.warn("exchange={} {}; the replacement is being opened", exchange.id(), text);
      current = successor;
      successor = null;
    }
    reportDisconnected(text);
    books.restartAll(SnapshotReason.RECONNECT);
  }

  private static String describe(CloseReason reason) {
    Throwable cause = reason.cause();
    return cause == null ? reason.text() : reason.text() + " (" + cause.getMessage() + ")";
  }

  @Override
  public void onBroken(RuntimeException fault) {
    if (!closed) {
      closed = true;
      books.close();
      trades.close();
      services
          .onFatal()
          .accept(
              fault instanceof FatalFeedException fatal
                  ? fatal
                  : new FatalFeedException(
                      "exchange " + exchange.id() + ": " + fault.getMessage(), fault));
      forEachSocket(socket -> socket.close(1000, "the task stops"));
    }
  }

  // What books ask for.

  @Override
  public @Nullable VenueSocket current() {
    return current;
  }

  @Override
  public @Nullable VenueSocket successor() {
    return successor;
  }

  @Override
  public void resubscribe(MarketStream stream, VenueSocket on) {
    StreamState feed = streams.find(stream);
    if (feed != null) {
      feed.watch().subscribed(System.nanoTime());
      on.resubscribe(List.of(stream));
    }
  }

  private void alive(StreamState stream, long nowNanos) {
    stream.contented();
    if (stream.watch().alive(nowNanos)) {
      stream.connected();
    }
  }

  private void reportDisconnected(String reason) {
    streams.forEach(
        stream -> {
          stream.watch().disconnected();
          stream.disconnected(reason);
        });
    forEachTrades(TradeContinuity::onDisconnected);
  }

  private void forEachTrades(Consumer<TradeContinuity> action) {
    for (InstrumentStreams feed : streams.feeds()) {
      TradeContinuity instrumentTrades = feed.trades();
      if (instrumentTrades != null) {
        action.accept(instrumentTrades);
      }
    }
  }

  private void forEachSocket(Consumer<VenueSocket> action) {
    if (current != null) {
      action.accept(current);
    }
    if (successor != null) {
      action.accept(successor);
    }
  }
}
