package io.cryptofeed.connect.feed.books;

import io.cryptofeed.connect.book.OrderBook;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.net.EpochClock;
import java.util.concurrent.TimeUnit;

/**
 * Makes the publishers of the books of one connection, and lets them publish full books at an
 * interval. Used by one event loop.
 */
public final class BookPublishers {

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final FeedServices services;
  private final FeedLoop loop;
  private final Iterable<InstrumentBook> books;
  private boolean closed;

  /**
   * @param books the books of the connection; may change
   */
  public BookPublishers(FeedServices services, FeedLoop loop, Iterable<InstrumentBook> books) {
    this.services = services;
    this.loop = loop;
    this.books = books;
  }

  /** Makes the publisher of a book. */
  public BookPublisher create(Instrument instrument, OrderBook book) {
    BookOptions options = services.books();
    long interval = options.interval().toNanos();
    // Full books of different instruments are spread over the interval.
    long due = System.nanoTime() + (interval == 0 ? 0 : services.random().nextLong(interval));
    return new BookPublisher(options, instrument, book, services.listener(), due);
  }

  /** Begins to publish full books, if an interval is configured. */
  public void start() {
    long interval = services.books().interval().toNanos();
    if (interval > 0) {
      loop.later(Math.min(interval, TICK_NANOS), this::tick);
    }
  }

  private void tick() {
    if (closed) {
      return;
    }
    long now = System.nanoTime();
    long nowNs = EpochClock.nowNs();
    books.forEach(book -> book.publisher().tick(now, nowNs));
    start();
  }

  public void close() {
    closed = true;
  }
}
