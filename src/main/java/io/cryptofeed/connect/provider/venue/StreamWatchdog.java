package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.ConnectionStreams;
import io.cryptofeed.connect.feed.streams.InstrumentStreams;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.market.MarketStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks a connection and its streams once a second: closes a dead connection, has an old one
 * replaced, and resubscribes a stale stream. Used by the connection's event loop.
 */
final class StreamWatchdog {

  private static final Logger LOG = LoggerFactory.getLogger(StreamWatchdog.class);

  /** A stream that is still stale after this many subscriptions needs a new connection. */
  private static final int FAILURES_BEFORE_RECONNECT = 3;

  private final String exchange;
  private final Reconnector reconnector;
  private final ConnectionStreams streams;
  private final VenueBooks books;
  private final FeedReports reports;

  StreamWatchdog(
      String exchange,
      Reconnector reconnector,
      ConnectionStreams streams,
      VenueBooks books,
      FeedReports reports) {
    this.exchange = exchange;
    this.reconnector = reconnector;
    this.streams = streams;
    this.books = books;
    this.reports = reports;
  }

  /** Checks everything, unless reading is paused or the connection is closed. */
  void check(long nowNanos) {
    if (reconnector.isClosed() || !reconnector.isReading()) {
      return;
    }
    VenueSocket socket = reconnector.current();
    if (socket != null && socket.isOpen()) {
      String fault = socket.check(nowNanos);
      if (fault != null) {
        LOG.warn("exchange={} reconnecting: {}", exchange, fault);
        socket.abort(fault);
        return;
      }
      reconnector.replaceIfOld(socket, nowNanos);
      checkStreams(socket, nowNanos);
    }
    VenueSocket successor = reconnector.successor();
    if (successor != null && successor.isOpen() && streams.allConfirmed()) {
      reconnector.useSuccessor();
    }
    streams.checkTrades(nowNanos);
  }

  private void checkStreams(VenueSocket socket, long nowNanos) {
    for (InstrumentStreams instrument : streams.byInstrument()) {
      for (StreamState stream : instrument.streams()) {
        String reason = stream.liveness().staleReason(nowNanos);
        if (reason != null) {
          onStale(socket, instrument, stream, reason, nowNanos);
          if (!socket.isOpen()) {
            return;
          }
        }
      }
    }
  }

  private void onStale(
      VenueSocket socket,
      InstrumentStreams instrument,
      StreamState state,
      String reason,
      long nowNanos) {
    MarketStream stream = state.stream();
    reports.stale(stream, reason);
    if (state.countFailure() >= FAILURES_BEFORE_RECONNECT) {
      log(stream, "reconnecting", reason);
      state.forgetFailures();
      socket.close(1000, reason);
      return;
    }
    log(stream, "resubscribing", reason);
    InstrumentBook book = instrument.book();
    if (book != null && book.stream().equals(stream)) {
      books.onResubscribe(book);
    }
    state.liveness().onSubscribe(nowNanos);
    socket.resubscribe(List.of(stream));
  }

  private void log(MarketStream stream, String action, String reason) {
    LOG.warn(
        "exchange={} symbol={} channel={} {}: {}",
        exchange,
        stream.instrument().symbol(),
        stream.channel().code(),
        action,
        reason);
  }
}
