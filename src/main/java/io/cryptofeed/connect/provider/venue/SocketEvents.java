package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.ConnectionStreams;
import io.cryptofeed.connect.feed.streams.InstrumentStreams;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the messages of one socket mean for the streams of its connection. While a connection is
 * replaced, the streams have two sockets, each with events of its own. Used by the connection's
 * event loop.
 */
final class SocketEvents implements SessionListener {

  private static final Logger LOG = LoggerFactory.getLogger(SocketEvents.class);

  /** Messages of no known instrument let the histories be requested at most this often. */
  private static final long HISTORY_CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final VenueSocket socket;
  private final String exchange;
  private final Reconnector reconnector;
  private final ConnectionStreams streams;
  private final VenueBooks books;
  private final FeedLoop loop;
  private final FeedServices services;
  private final MessageWarnings warnings;
  private boolean historyCheckPlanned;
  private long nextHistoryCheckNanos;

  /**
   * @param socket the socket that the messages come from
   */
  SocketEvents(
      VenueSocket socket,
      String exchange,
      Reconnector reconnector,
      ConnectionStreams streams,
      VenueBooks books,
      FeedLoop loop,
      FeedServices services,
      MessageWarnings warnings) {
    this.socket = socket;
    this.exchange = exchange;
    this.reconnector = reconnector;
    this.streams = streams;
    this.books = books;
    this.loop = loop;
    this.services = services;
    this.warnings = warnings;
  }

  @Override
  public void onTrade(Trade trade) {
    InstrumentStreams instrument = streams.of(trade.instrument());
    StreamState stream = instrument == null ? null : instrument.stream(Channel.TRADES);
    TradeContinuity trades = instrument == null ? null : instrument.trades();
    if (stream == null || trades == null) {
      onUnknown();
      return;
    }
    stream.onData(socket.readNanos());
    trades.onTrade(trade, socket.readNanos());
  }

  @Override
  public void onBook(BookUpdate update) {
    InstrumentStreams instrument = streams.of(update.instrument());
    StreamState stream = instrument == null ? null : instrument.stream(Channel.L2_BOOK);
    InstrumentBook book = instrument == null ? null : instrument.book();
    if (stream == null || book == null) {
      onUnknown();
      return;
    }
    stream.onData(socket.readNanos());
    books.onBook(book, socket, update);
  }

  @Override
  public void onObservation(Observation observation) {
    StreamState stream = streams.find(observation.instrument(), observation.layout().channel());
    if (stream == null) {
      onUnknown();
      return;
    }
    String problem = services.limits().problem(observation);
    if (problem != null) {
      onMalformed(observation.instrument(), observation.layout().channel(), problem);
      return;
    }
    stream.onData(socket.readNanos());
    services.listener().onObservation(observation);
  }

  @Override
  public void onConnectionGap(long expected, long found) {
    String description =
        found > expected
            ? "messages " + expected + " to " + (found - 1) + " of the connection are missing"
            : "message " + found + " of the connection arrived instead of " + expected;
    if (!books.isEmpty()) {
      books.connectionGap(description);
      socket.close(1000, description);
    }
  }

  @Override
  public void onNotice(String text) {
    LOG.info("exchange={} notice of the exchange: {}", exchange, text);
  }

  @Override
  public void onSubscribed(MarketStream stream) {
    StreamState subscribed = streams.find(stream);
    if (subscribed != null && subscribed.liveness().onConfirmed()) {
      subscribed.connected();
    }
  }

  @Override
  public void onHeartbeat(Instrument instrument, long lastTradeSequence) {
    InstrumentStreams alive = streams.of(instrument);
    if (alive == null) {
      return;
    }
    long now = System.nanoTime();
    for (StreamState stream : alive.streams()) {
      stream.liveness().onHeartbeat(now);
    }
    TradeContinuity trades = alive.trades();
    if (trades != null) {
      trades.onNewest(lastTradeSequence, now);
    }
  }

  @Override
  public void onRefused(List<MarketStream> refused, String reason) {
    if (refused.size() > 1) {
      LOG.warn(
          "exchange={} rejected a request of {} streams: {}; subscribing each on its own",
          exchange,
          refused.size(),
          reason);
    }
    for (MarketStream stream : refused) {
      StreamState state = streams.find(stream);
      if (state == null) {
        continue;
      }
      state.liveness().onDisconnected();
      if (refused.size() > 1) {
        // One bad symbol makes some venues refuse the whole request.
        loop.later(services.random().nextLong(TimeUnit.SECONDS.toNanos(1)), () -> subscribe(state));
      } else {
        onRefused(state, reason);
      }
    }
  }

  private void onRefused(StreamState state, String reason) {
    long wait = state.refused("the exchange rejected the subscription: " + reason);
    if (state.isLoggable()) {
      LOG.error(
          "exchange={} symbol={} channel={} the exchange rejected the subscription: {}; attempt {},"
              + " next in {} s",
          exchange,
          state.stream().instrument().symbol(),
          state.stream().channel().code(),
          reason,
          state.failures(),
          TimeUnit.NANOSECONDS.toSeconds(wait));
    }
    loop.later(wait, () -> subscribe(state));
  }

  private void subscribe(StreamState stream) {
    if (socket.isOpen()) {
      stream.liveness().onSubscribe(System.nanoTime());
      socket.subscribe(List.of(stream.stream()));
    }
  }

  @Override
  public void onReply(String frame) {
    socket.send(frame);
  }

  @Override
  public void onReconnectRequested(String reason) {
    if (socket == reconnector.current()) {
      reconnector.replace(reason);
    }
  }

  @Override
  public void onVenueError(String reason) {
    warnings.warn("the exchange reports an error", reason, socket.readNanos());
  }

  @Override
  public void onUnknown() {
    services.counters().unknown().increment();
    socket.countUnknown();
  }

  @Override
  public void onMalformed(
      @Nullable Instrument instrument, @Nullable Channel channel, String reason) {
    long now = socket.readNanos();
    services.counters().malformed().increment();
    warnings.warn(
        "a message is malformed",
        instrument == null ? reason : instrument.symbol() + ": " + reason,
        now);
    if (instrument != null) {
      InstrumentStreams named = streams.of(instrument);
      if (named != null) {
        onUnreadable(named, channel, reason, now);
      }
      return;
    }
    for (InstrumentStreams any : streams.byInstrument()) {
      InstrumentBook book = any.book();
      if (book != null) {
        books.onMalformed(book, reason);
      }
    }
    planHistoryCheck(now);
  }

  /**
   * A message of an unknown instrument may have had a trade. Where no id shows that it is missing,
   * the history is requested: now, or when enough time has passed since the last check.
   */
  private void planHistoryCheck(long now) {
    if (historyCheckPlanned) {
      return;
    }
    historyCheckPlanned = true;
    long wait = nextHistoryCheckNanos == 0 ? 0 : Math.max(0, nextHistoryCheckNanos - now);
    loop.runOrLater(wait, this::checkHistories);
  }

  private void checkHistories() {
    historyCheckPlanned = false;
    long now = System.nanoTime();
    nextHistoryCheckNanos = now + HISTORY_CHECK_NANOS;
    if (!socket.isOpen()) {
      // The trades of an interruption are requested anyway.
      return;
    }
    for (InstrumentStreams any : streams.byInstrument()) {
      TradeContinuity trades = any.trades();
      StreamState stream = any.stream(Channel.TRADES);
      if (trades != null && !trades.showsGaps() && stream != null && stream.liveness().isAlive()) {
        trades.onUnreadable(now);
      }
    }
  }

  private void onUnreadable(
      InstrumentStreams instrument, @Nullable Channel channel, String reason, long now) {
    for (StreamState stream : instrument.streams()) {
      Channel each = stream.stream().channel();
      if (channel != null && channel != each) {
        continue;
      }
      stream.onUnreadable(reason, now);
      TradeContinuity trades = instrument.trades();
      InstrumentBook book = instrument.book();
      if (each == Channel.TRADES && trades != null && stream.isCheckDue(now)) {
        trades.onUnreadable(now);
      } else if (each == Channel.L2_BOOK && book != null) {
        books.onMalformed(book, reason);
      }
    }
  }
}
