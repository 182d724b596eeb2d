package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.ConnectionStreams;
import io.cryptofeed.connect.feed.streams.InstrumentStreams;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.feed.streams.StreamState.Trouble;
import io.cryptofeed.connect.market.MarketStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks a connection and its streams once a second. A stale stream is reported, and resubscribed
 * alone at growing intervals; a connection is replaced when it is bad itself. Used by the
 * connection's event loop.
 */
final class StreamWatchdog {

  private static final Logger LOG = LoggerFactory.getLogger(StreamWatchdog.class);

  /** A stream that is still stale after this many subscriptions speaks against its connection. */
  private static final int FAILURES_OF_CONNECTION = 3;

  /** A book that is invalid for longer is reported. */
  private static final long NO_BOOK_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A connection on which so many messages belong to no stream, and none does, is reported. */
  private static final int UNKNOWN_MESSAGES = 10;

  private static final long UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long FIRST_REPLACEMENT_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long LAST_REPLACEMENT_NANOS = TimeUnit.MINUTES.toNanos(30);

  private final String exchange;
  private final Reconnector reconnector;
  private final ConnectionStreams streams;
  private final VenueBooks books;

  /** Bad connections in a row. */
  private int replacements;

  private long replaceAfterNanos;

  StreamWatchdog(
      String exchange, Reconnector reconnector, ConnectionStreams streams, VenueBooks books) {
    this.exchange = exchange;
    this.reconnector = reconnector;
    this.streams = streams;
    this.books = books;
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
      checkConnection(socket, nowNanos);
    }
    VenueSocket successor = reconnector.successor();
    if (successor != null && successor.isOpen() && streams.allConfirmed()) {
      reconnector.useSuccessor();
    }
    streams.checkTrades(nowNanos);
  }

  private void checkStreams(VenueSocket socket, long nowNanos) {
    String unknown = unknown(socket, nowNanos);
    for (InstrumentStreams instrument : streams.byInstrument()) {
      for (StreamState stream : instrument.streams()) {
        String reason = stream.liveness().staleReason(nowNanos);
        if (reason == null
            && unknown != null
            && stream.liveness().isSubscribed()
            && !stream.liveness().isHalted()) {
          reason = "no data arrived";
        }
        if (reason != null) {
          String said = unknown == null ? reason : reason + "; " + unknown;
          stream.stale(Trouble.SILENT, said);
          retry(socket, instrument, stream, said, nowNanos);
        } else {
          checkBook(socket, instrument, stream, nowNanos);
        }
      }
    }
  }

  /** What is said of a connection all of whose messages are unknown; null for any other. */
  private @Nullable String unknown(VenueSocket socket, long nowNanos) {
    boolean isUnknown =
        socket.unknown() >= UNKNOWN_MESSAGES
            && socket.ageNanos(nowNanos) > UNKNOWN_NANOS
            && streams.count(stream -> stream.liveness().isAlive()) == 0;
    return isUnknown
        ? socket.unknown()
            + " messages of the connection belong to no stream of it: check the symbols, and whether"
            + " the protocol of the exchange has changed"
        : null;
  }

  private void checkBook(
      VenueSocket socket, InstrumentStreams instrument, StreamState stream, long nowNanos) {
    InstrumentBook book = instrument.book();
    if (book == null || !book.stream().equals(stream.stream())) {
      return;
    }
    long invalid = book.invalidNanos(nowNanos);
    if (invalid == 0) {
      stream.end(Trouble.NO_BOOK);
    } else if (invalid > NO_BOOK_NANOS
        && stream.liveness().isSubscribed()
        && !stream.liveness().isHalted()) {
      String reason =
          "the book is not valid for " + TimeUnit.NANOSECONDS.toSeconds(NO_BOOK_NANOS) + " s";
      stream.stale(Trouble.NO_BOOK, reason);
      if (books.comeWithStream()) {
        retry(socket, instrument, stream, reason, nowNanos);
      }
    }
  }

  private void retry(
      VenueSocket socket,
      InstrumentStreams instrument,
      StreamState state,
      String reason,
      long nowNanos) {
    if (!state.isRetryDue(nowNanos)) {
      return;
    }
    MarketStream stream = state.stream();
    if (state.isLoggable()) {
      LOG.warn(
          "exchange={} symbol={} channel={} resubscribing, attempt {}: {}",
          exchange,
          stream.instrument().symbol(),
          stream.channel().code(),
          state.failures(),
          reason);
    }
    InstrumentBook book = instrument.book();
    if (book != null && book.stream().equals(stream)) {
      books.onResubscribe(book);
    }
    state.liveness().onSubscribe(nowNanos);
    socket.resubscribe(List.of(stream));
  }

  /**
   * A connection on which no stream is well is closed; one on which most streams fail is replaced
   * without an interruption of the others. A single stream says nothing about its connection.
   */
  private void checkConnection(VenueSocket socket, long nowNanos) {
    int failing = streams.count(stream -> stream.failures() >= FAILURES_OF_CONNECTION);
    if (failing == 0) {
      replacements = 0;
      return;
    }
    int well = streams.count(StreamState::isWell);
    boolean isBad = well == 0 || failing * 2 > streams.all().size();
    if (!isBad
        || socket.ageNanos(nowNanos) < FIRST_REPLACEMENT_NANOS
        || (replacements > 0 && nowNanos - replaceAfterNanos < 0)) {
      return;
    }
    long wait = FIRST_REPLACEMENT_NANOS << Math.min(replacements, 10);
    replaceAfterNanos = nowNanos + Math.min(wait, LAST_REPLACEMENT_NANOS);
    replacements++;
    String reason = failing + " of " + streams.all().size() + " streams are stale";
    LOG.warn("exchange={} replacing the connection: {}", exchange, reason);
    if (well == 0) {
      socket.close(1000, reason);
    } else {
      reconnector.replace(reason);
    }
  }
}
