package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.books.BookPublishers;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.SnapshotReason;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books of one connection: sees that each gets its snapshot from where the venue gives
 * it, and starts a book anew, and no other, when it is wrong. Used by the connection's event loop.
 */
final class VenueBooks implements InstrumentBook.Owner {

  /** An answer on the connection that takes longer does not come. */
  private static final long REQUEST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What books need of the connection that they live on. */
  interface Connection {

    /** The socket in use, null while there is none. */
    @Nullable VenueSocket current();

    /** The socket that will take over, null while there is none. */
    @Nullable VenueSocket successor();

    /** Subscribes a stream anew. */
    void resubscribe(MarketStream stream, VenueSocket on);
  }

  private final BookRules rules;
  private final FeedLoop loop;
  private final FeedServices services;
  private final FeedReports reports;
  private final Connection connection;
  private final SnapshotRequests snapshots;
  private final List<InstrumentBook> books = new ArrayList<>();

  /** The socket of each book whose updates belong to a connection; absent before its first. */
  private final Map<InstrumentBook, VenueSocket> sources = new IdentityHashMap<>();

  private final BookPublishers outputs;

  VenueBooks(
      Exchange exchange,
      VenueRest rest,
      FeedLoop loop,
      FeedServices services,
      FeedReports reports,
      Connection connection) {
    rules = exchange.bookRules();
    this.loop = loop;
    this.services = services;
    this.reports = reports;
    this.connection = connection;
    outputs = new BookPublishers(services, loop, books);
    snapshots = new SnapshotRequests(exchange, rest, loop, services.counters());
  }

  /** Begins to keep a book. */
  InstrumentBook add(MarketStream stream) {
    InstrumentBook book =
        new InstrumentBook(stream, rules, new Backoff(services.random()), this, outputs::make);
    books.add(book);
    return book;
  }

  /** Begins to hand on full books by the clock. */
  void start() {
    if (!books.isEmpty()) {
      outputs.start();
    }
  }

  /** Keeps a book no longer. */
  void remove(InstrumentBook book) {
    restart(book, SnapshotReason.INITIAL);
    books.remove(book);
  }

  boolean isEmpty() {
    return books.isEmpty();
  }

  /** Whether nothing in later updates would show that one was lost. */
  boolean isBlind() {
    return !isEmpty() && rules.link() == BookRules.Link.NONE && rules.checksum() == null;
  }

  void close() {
    outputs.close();
    snapshots.close();
  }

  /** Takes a book, or a change of one, from a socket. */
  void onBook(InstrumentBook book, VenueSocket from, BookUpdate update) {
    if (rules.belongsToConnection() && sources.get(book) != from) {
      // Updates of two connections do not mix: the newer connection begins with its own book.
      boolean first = !sources.containsKey(book) && rules.keepsUpdates();
      if (!(first || update.isSnapshot())
          || (from != connection.current() && from != connection.successor())) {
        return;
      }
      sources.put(book, from);
      if (book.synchronizer().state() == BookSynchronizer.State.VALID) {
        book.synchronizer().start(SnapshotReason.RECONNECT);
      }
    }
    book.synchronizer().onUpdate(update);
    if (update.isSnapshot() && book.synchronizer().state() == BookSynchronizer.State.VALID) {
      book.snapshotAnswered();
      book.backoff().opened(System.nanoTime());
    }
  }

  /** The stream is subscribed anew: what comes next is a new book. */
  void resubscribing(InstrumentBook book) {
    if (rules.belongsToConnection()) {
      restart(book, SnapshotReason.RECONNECT);
    }
  }

  /** The connection is gone. */
  void restartAll(SnapshotReason reason) {
    books.forEach(book -> restart(book, reason));
  }

  /** A socket is gone while another one is there. */
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

  /** Messages of the connection are missing: no book can be trusted. */
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

  private void requestOnConnection(InstrumentBook book) {
    if (!book.requestSnapshot()) {
      // The answer was older than the first kept update: ask again after a while.
      long wait = book.backoff().failed(System.nanoTime());
      later(book, wait, () -> ask(book));
    } else {
      ask(book);
    }
  }

  private void ask(InstrumentBook book) {
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
            ask(book);
          }
        });
  }

  /** Runs a step unless the book has been started anew by then. */
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
  public void onBookFault(InstrumentBook book, BookSynchronizer.Fault fault) {
    reports.bookFault(book.stream(), fault);
    VenueSocket source = sources.get(book);
    restart(
        book,
        fault.kind() == BookSynchronizer.Fault.Kind.CHECKSUM
            ? SnapshotReason.CHECKSUM
            : SnapshotReason.GAP);
    if (source == null || !rules.belongsToConnection()) {
      return;
    }
    if (rules.source() == BookRules.Source.REQUEST) {
      // The stream itself goes on; only its beginning is asked for again.
      sources.put(book, source);
      return;
    }
    long wait = book.backoff().failed(System.nanoTime());
    loop.later(
        wait,
        () -> {
          // A full book may have come over REST meanwhile.
          if (book.synchronizer().state() != BookSynchronizer.State.VALID
              && source == connection.current()
              && source.isOpen()) {
            connection.resubscribe(book.stream(), source);
          }
        });
  }
}
