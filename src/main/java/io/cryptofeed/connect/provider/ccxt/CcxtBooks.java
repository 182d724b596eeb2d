package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
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
 * Keeps the books of an exchange of CCXT, which has books of its own but neither tells when one
 * begins anew nor when it is wrong. Used by one event loop.
 */
final class CcxtBooks implements InstrumentBook.Owner {

  private final BookRules rules;
  private final FeedLoop loop;
  private final FeedServices services;
  private final FeedReports reports;
  private final Consumer<MarketStream> renew;
  private final List<InstrumentBook> books = new ArrayList<>();
  private final BookPublishers outputs;

  /**
   * @param renew ends a stream and begins it anew, with a new book
   */
  CcxtBooks(
      BookRules rules,
      FeedLoop loop,
      FeedServices services,
      FeedReports reports,
      Consumer<MarketStream> renew) {
    this.rules = rules;
    this.loop = loop;
    this.services = services;
    this.reports = reports;
    this.renew = renew;
    outputs = new BookPublishers(services, loop, books);
  }

  /** Begins to keep a book. */
  InstrumentBook add(MarketStream stream) {
    InstrumentBook book =
        new InstrumentBook(stream, rules, new Backoff(services.random()), this, outputs::make);
    books.add(book);
    return book;
  }

  /** Keeps a book no longer. */
  void remove(InstrumentBook book) {
    book.restart(SnapshotReason.INITIAL);
    books.remove(book);
  }

  /** Begins to hand on full books by the clock. */
  void start() {
    outputs.start();
  }

  void close() {
    outputs.close();
  }

  /** Takes a book or a change of it. */
  void onBook(InstrumentBook book, BookUpdate update) {
    book.synchronizer().onUpdate(update);
    if (update.isSnapshot() && book.synchronizer().state() == BookSynchronizer.State.VALID) {
      book.backoff().opened(System.nanoTime());
    }
  }

  /** The stream has ended: what comes next is a new book. */
  void interrupt(InstrumentBook book) {
    book.restart(SnapshotReason.RECONNECT);
  }

  /** Where a stream begins, CCXT asks for its book by itself. */
  @Override
  public void onSnapshotNeeded(InstrumentBook book) {}

  @Override
  public void onBookFault(InstrumentBook book, BookSynchronizer.Fault fault) {
    reports.bookFault(book.stream(), fault);
    restart(book);
  }

  /** A change of it could not be read. */
  void unreadable(InstrumentBook book) {
    restart(book);
  }

  private void restart(InstrumentBook book) {
    book.restart(SnapshotReason.GAP);
    int epoch = book.epoch();
    loop.later(
        book.backoff().failed(System.nanoTime()),
        () -> {
          // It may have begun anew meanwhile, by itself.
          if (epoch == book.epoch()
              && book.synchronizer().state() != BookSynchronizer.State.VALID) {
            renew.accept(book.stream());
          }
        });
  }
}
