package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests the snapshots of a connection's books over REST, a few at a time and in the order in
 * which they were needed: books that are not valid first, then valid books of which few levels are
 * left. Of those one is requested at a time, so that a book that becomes invalid does not wait. A
 * request that fails, or returns a snapshot that is too old, is retried with backoff. Used by the
 * connection's event loop.
 */
final class SnapshotRequests {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotRequests.class);
  private static final int MOST_IN_FLIGHT = 4;

  private final Exchange exchange;
  private final VenueRest rest;
  private final FeedLoop loop;
  private final FeedCounters counters;
  private final ArrayDeque<InstrumentBook> waiting = new ArrayDeque<>();
  private final ArrayDeque<InstrumentBook> refreshes = new ArrayDeque<>();
  private int inFlight;

  /** Whether one of {@link #refreshes} is requested now. */
  private boolean refreshInFlight;

  private boolean closed;

  SnapshotRequests(Exchange exchange, VenueRest rest, FeedLoop loop, FeedCounters counters) {
    this.exchange = exchange;
    this.rest = rest;
    this.loop = loop;
    this.counters = counters;
  }

  /** Requests a snapshot, unless one has been requested already. */
  void request(InstrumentBook book) {
    if (book.requestSnapshot()) {
      enqueue(book);
    }
  }

  /** Requests a snapshot that refreshes a valid book. */
  void refresh(InstrumentBook book) {
    enqueue(book);
  }

  /** The book is restarted: it will request a snapshot again. */
  void forget(InstrumentBook book) {
    waiting.remove(book);
    refreshes.remove(book);
  }

  void close() {
    closed = true;
    waiting.clear();
    refreshes.clear();
  }

  private void enqueue(InstrumentBook book) {
    (book.synchronizer().isRefreshing() ? refreshes : waiting).add(book);
    fetchNext();
  }

  private void fetchNext() {
    while (!closed && inFlight < MOST_IN_FLIGHT && !waiting.isEmpty()) {
      fetch(waiting.remove(), false);
    }
    if (!closed && inFlight < MOST_IN_FLIGHT && !refreshInFlight && !refreshes.isEmpty()) {
      fetch(refreshes.remove(), true);
    }
  }

  private void ended(boolean refresh) {
    inFlight--;
    refreshInFlight &= !refresh;
  }

  private void fetch(InstrumentBook book, boolean refresh) {
    int epoch = book.epoch();
    inFlight++;
    refreshInFlight |= refresh;
    book.synchronizer().expectRefresh();
    counters.snapshotRequests().increment();
    rest.get(
        loop,
        exchange.bookSnapshotRequest(book.stream().instrument()),
        new VenueRest.Callback() {
          @Override
          public void onBody(byte[] body, long receiveNs) {
            ended(refresh);
            if (!closed && epoch == book.epoch()) {
              apply(book, body, receiveNs);
            }
            fetchNext();
          }

          @Override
          public void onFailure(String reason) {
            ended(refresh);
            if (!closed && epoch == book.epoch()) {
              retry(book, reason);
            }
            fetchNext();
          }
        });
  }

  private void apply(InstrumentBook book, byte[] body, long receiveNs) {
    int epoch = book.epoch();
    boolean refreshing = book.synchronizer().isRefreshing();
    try {
      book.synchronizer()
          .onUpdate(exchange.readBookSnapshot(book.stream().instrument(), body, receiveNs));
    } catch (MalformedMessageException e) {
      counters.malformed().increment();
      retry(book, String.valueOf(e.getMessage()));
      return;
    }
    if (epoch != book.epoch()) {
      // Applying it has found a fault, and the book has been restarted.
      return;
    }
    if (refreshing && book.synchronizer().isRefreshing()) {
      retry(book, "the snapshot does not join the deltas of the stream");
    } else if (book.synchronizer().state() == BookSynchronizer.State.VALID) {
      book.snapshotApplied();
      book.backoff().opened(System.nanoTime());
    } else {
      retry(book, "the snapshot is older than the deltas of the stream");
    }
  }

  private void retry(InstrumentBook book, String reason) {
    int epoch = book.epoch();
    long wait = book.backoff().failed(System.nanoTime());
    if (book.backoff().isLoggable()) {
      LOG.warn(
          "exchange={} symbol={} cannot get a book snapshot, attempt {}: {}",
          exchange.id(),
          book.stream().instrument().symbol(),
          book.backoff().attempts(),
          reason);
    }
    loop.later(
        wait,
        () -> {
          if (!closed && epoch == book.epoch()) {
            enqueue(book);
          }
        });
  }
}
