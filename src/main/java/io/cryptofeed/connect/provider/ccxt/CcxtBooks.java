package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.book.Fault;
import io.cryptofeed.connect.ccxt.CcxtBook;
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
import java.util.List;
import java.util.function.Consumer;

/**
 * The books of one exchange served by CCXT. CCXT keeps books of its own, but reports neither that
 * it has restarted one nor that one is invalid. Used by one event loop.
 */
final class CcxtBooks implements InstrumentBook.Owner {

  private final BookRules rules;
  private final FeedLoop loop;
  private final FeedServices services;
  private final FeedReports reports;
  private final Consumer<MarketStream> resubscribe;
  private final List<InstrumentBook> books = new ArrayList<>();
  private final BookPublishers publishers;

  /**
   * @param resubscribe ends a stream and starts it again, with a new book
   */
  CcxtBooks(
      BookRules rules,
      FeedLoop loop,
      FeedServices services,
      FeedReports reports,
      Consumer<MarketStream> resubscribe) {
    this.rules = rules;
    this.loop = loop;
    this.services = services;
    this.reports = reports;
    this.resubscribe = resubscribe;
    publishers = new BookPublishers(services, loop, books);
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

  /** Removes a book; it emits nothing more. */
  void remove(InstrumentBook book) {
    book.restart(SnapshotReason.INITIAL);
    books.remove(book);
  }

  /** Begins to publish full books, if an interval is configured. */
  void start() {
    publishers.start();
  }

  void close() {
    publishers.close();
  }

  /** Whether an update means nothing: without sequences, a delta without levels links nothing. */
  boolean ignores(CcxtBook update) {
    return rules.link() == BookRules.Link.NONE && update.isEmptyDelta();
  }

  /** Applies a snapshot or a delta. */
  void onBook(InstrumentBook book, BookUpdate update) {
    book.synchronizer().onUpdate(update);
    if (update.isSnapshot() && book.synchronizer().state() == BookSynchronizer.State.VALID) {
      book.backoff().opened(System.nanoTime());
    }
  }

  /** The stream is interrupted: its next update is a new book. */
  void interrupt(InstrumentBook book) {
    book.restart(SnapshotReason.RECONNECT);
  }

  /** CCXT itself requests the snapshot when a stream starts. */
  @Override
  public void onSnapshotNeeded(InstrumentBook book) {}

  /** CCXT requests a snapshot only for a stream that starts, which may interrupt other streams. */
  @Override
  public void onRefreshNeeded(InstrumentBook book) {}

  @Override
  public void onBookFault(InstrumentBook book, Fault fault) {
    reports.bookFault(book.stream(), fault);
    restart(book);
  }

  /** A delta of the book is malformed. */
  void onMalformed(InstrumentBook book) {
    restart(book);
  }

  private void restart(InstrumentBook book) {
    book.restart(SnapshotReason.GAP);
    int epoch = book.epoch();
    loop.later(
        book.backoff().failed(System.nanoTime()),
        () -> {
          // CCXT may have restarted the book in the meantime.
          if (epoch == book.epoch()
              && book.synchronizer().state() != BookSynchronizer.State.VALID) {
            resubscribe.accept(book.stream());
          }
        });
  }
}
