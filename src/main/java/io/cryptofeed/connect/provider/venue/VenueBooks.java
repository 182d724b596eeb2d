package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.book.Fault;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.books.BookPublishers;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.ConnectionStreams;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.SnapshotReason;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The books of one connection: gives each its snapshot from where the venue offers it, and
 * resynchronises only the book that is invalid. Used by the connection's event loop.
 */
final class VenueBooks implements InstrumentBook.Owner {

  /** How long a snapshot that was requested on the connection may take. */
  private static final long REQUEST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final BookRules rules;
  private final FeedLoop loop;
  private final FeedServices services;
  private final FeedReports reports;
  private final Reconnector reconnector;
  private final ConnectionStreams streams;
  private final SnapshotRequests snapshots;
  private final List<InstrumentBook> books = new ArrayList<>();

  /** The socket of each book whose updates belong to a connection; absent before the first one. */
  private final Map<InstrumentBook, VenueSocket> sources = new IdentityHashMap<>();

  private final BookPublishers publishers;

  VenueBooks(
      Exchange exchange,
      VenueRest rest,
      FeedLoop loop,
      FeedServices services,
      FeedReports reports,
      Reconnector reconnector,
      ConnectionStreams streams) {
    rules = exchange.bookRules();
    this.loop = loop;
    this.services = services;
    this.reports = reports;
    this.reconnector = reconnector;
    this.streams = streams;
    publishers = new BookPublishers(services, loop, books);
    snapshots = new SnapshotRequests(exchange, rest, loop, services.counters());
  }

  /** Adds the book of a stream. */
  InstrumentBook add(MarketStream stream) {
    InstrumentBook book =
        new InstrumentBook(
            stream,
            rules,
            services.books().limits(),
            new Backoff(services.random()),
            this,
            publishers::create);
    books.add(book);
    return book;
  }

  /** Begins to publish full books, if an interval is configured. */
  void start() {
    if (!books.isEmpty()) {
      publishers.start();
    }
  }

  /** Removes a book; it emits nothing more. */
  void remove(InstrumentBook book) {
    restart(book, SnapshotReason.INITIAL);
    books.remove(book);
  }

  boolean isEmpty() {
    return books.isEmpty();
  }

  /** Whether later updates would not show that an update was lost. */
  boolean isBlind() {
    // Numbers of the connection also count messages that arrive and cannot be read.
    boolean unlinked =
        rules.link() == BookRules.Link.NONE || rules.link() == BookRules.Link.CONNECTION;
    return !isEmpty() && unlinked && rules.checksum() == null;
  }

  void close() {
    publishers.close();
    snapshots.close();
  }

  /** Applies a snapshot or a delta from a socket. */
  void onBook(InstrumentBook book, VenueSocket from, BookUpdate update) {
    if (rules.belongsToConnection() && sources.get(book) != from) {
      // Updates of two connections do not mix: the newer connection starts with its own book.
      boolean first = !sources.containsKey(book) && rules.buffersDeltas();
      if (!(first || update.isSnapshot())
          || (from != reconnector.current() && from != reconnector.successor())) {
        return;
      }
      sources.put(book, from);
      if (book.synchronizer().state() == BookSynchronizer.State.VALID) {
        book.synchronizer().start(SnapshotReason.RECONNECT);
      }
    }
    book.synchronizer().onUpdate(update);
    if (update.isSnapshot() && book.synchronizer().state() == BookSynchronizer.State.VALID) {
      book.snapshotApplied();
      book.backoff().opened(System.nanoTime());
    }
  }

  /** A message of a book cannot be read. */
  void onMalformed(InstrumentBook book, String reason) {
    if (isBlind() && book.synchronizer().state() == BookSynchronizer.State.VALID) {
      // Later updates would not show that one was lost.
      onBookFault(book, new Fault(Fault.Kind.INTEGRITY, "a message is malformed: " + reason));
    }
  }

  /** Whether a book becomes valid by resubscribing its stream. */
  boolean comeWithStream() {
    return rules.source() == BookRules.Source.STREAM;
  }

  /** The stream is resubscribed: its next update is a new book. */
  void onResubscribe(InstrumentBook book) {
    if (rules.belongsToConnection()) {
      restart(book, SnapshotReason.RECONNECT);
    }
  }

  /** The connection is lost: all books are invalid. */
  void restartAll(SnapshotReason reason) {
    books.forEach(book -> restart(book, reason));
  }

  /** A socket has closed while its replacement is open. */
  void restartOf(VenueSocket socket) {
    if (!rules.belongsToConnection()) {
      return;
    }
    for (InstrumentBook book : books) {
      if (sources.get(book) == socket) {
        restart(book, SnapshotReason.RECONNECT);
      }
    }
  }

  /** Messages of the connection are missing, so every book may be invalid. */
  void connectionGap(String description) {
    for (InstrumentBook book : books) {
      if (book.synchronizer().state() == BookSynchronizer.State.VALID) {
        reports.connectionGap(book.stream(), description);
        restart(book, SnapshotReason.GAP);
      }
    }
  }

  private void restart(InstrumentBook book, SnapshotReason reason) {
    snapshots.forget(book);
    sources.remove(book);
    book.restart(reason);
  }

  @Override
  public void onSnapshotNeeded(InstrumentBook book) {
    if (rules.source() == BookRules.Source.REQUEST) {
      requestOnConnection(book);
    } else {
      snapshots.request(book);
    }
  }

  @Override
  public void onRefreshNeeded(InstrumentBook book) {
    snapshots.refresh(book);
  }

  private void requestOnConnection(InstrumentBook book) {
    if (!book.requestSnapshot()) {
      // The snapshot was older than the first kept delta: back off before the next request.
      long wait = book.backoff().failed(System.nanoTime());
      later(book, wait, () -> requestNow(book));
    } else {
      requestNow(book);
    }
  }

  private void requestNow(InstrumentBook book) {
    VenueSocket source = sources.get(book);
    if (source == null || !source.isOpen()) {
      return;
    }
    services.counters().snapshotRequests().increment();
    long wait = source.requestBook(book.stream().instrument());
    later(
        book,
        wait + REQUEST_NANOS,
        () -> {
          if (book.synchronizer().state() == BookSynchronizer.State.SYNCING) {
            requestNow(book);
          }
        });
  }

  /** Runs a step after a time, unless the book has been restarted by then. */
  private void later(InstrumentBook book, long waitNanos, Runnable step) {
    int epoch = book.epoch();
    loop.later(
        waitNanos,
        () -> {
          if (epoch == book.epoch()) {
            step.run();
          }
        });
  }

  @Override
  public void onBookFault(InstrumentBook book, Fault fault) {
    reports.bookFault(book.stream(), fault);
    VenueSocket source = sources.get(book);
    restart(
        book, fault.kind() == Fault.Kind.CHECKSUM ? SnapshotReason.CHECKSUM : SnapshotReason.GAP);
    if (source == null || !rules.belongsToConnection()) {
      return;
    }
    if (rules.source() == BookRules.Source.REQUEST) {
      // The stream itself continues; only its snapshot is requested again.
      sources.put(book, source);
      return;
    }
    long wait = book.backoff().failed(System.nanoTime());
    loop.later(
        wait,
        () -> {
          // A snapshot may have arrived over REST in the meantime.
          if (book.synchronizer().state() != BookSynchronizer.State.VALID
              && source == reconnector.current()
              && source.isOpen()) {
            resubscribe(book.stream(), source);
          }
        });
  }

  private void resubscribe(MarketStream stream, VenueSocket socket) {
    StreamState state = streams.find(stream);
    if (state != null) {
      state.liveness().onSubscribe(System.nanoTime());
      socket.resubscribe(List.of(stream));
    }
  }
}
