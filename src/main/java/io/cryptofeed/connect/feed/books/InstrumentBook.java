package io.cryptofeed.connect.feed.books;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.book.Fault;
import io.cryptofeed.connect.book.OrderBook;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalLimits;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.SnapshotReason;
import java.util.function.BiFunction;

/** The book of one instrument: its synchroniser, its backoff, and its publisher. */
public final class InstrumentBook implements BookSynchronizer.Listener {

  private final MarketStream stream;
  private final Owner owner;
  private final Backoff backoff;
  private final BookSynchronizer synchronizer;
  private final BookPublisher publisher;

  /** Counts the restarts, so that the response to a request from before a restart is not used. */
  private int epoch;

  private boolean snapshotRequested;

  /** Since when deltas or requests have not made the book valid; 0 if that was not checked. */
  private long invalidSinceNanos;

  /**
   * @param rules how the exchange keeps its books
   * @param limits what a record can hold
   * @param backoff waits between attempts to synchronise
   * @param owner gets snapshots and handles faults
   * @param publisher makes the publisher of this book
   */
  public InstrumentBook(
      MarketStream stream,
      BookRules rules,
      DecimalLimits limits,
      Backoff backoff,
      Owner owner,
      BiFunction<Instrument, OrderBook, BookPublisher> publisher) {
    this.stream = stream;
    this.owner = owner;
    this.backoff = backoff;
    synchronizer = new BookSynchronizer(rules, limits, this);
    this.publisher = publisher.apply(stream.instrument(), synchronizer.book());
    synchronizer.start(SnapshotReason.INITIAL);
  }

  /** Serves the requests of a book. */
  public interface Owner {

    /** The book cannot become valid without a snapshot. */
    void onSnapshotNeeded(InstrumentBook book);

    /** Few levels of the valid book are left inside the bounds of its snapshot. */
    void onRefreshNeeded(InstrumentBook book);

    /** The book is invalid: it failed the check of its sequence, its checksum or its content. */
    void onBookFault(InstrumentBook book, Fault fault);
  }

  @Override
  public void onValid(BookUpdate update) {
    publisher.onValid(update);
  }

  @Override
  public void onSnapshotNeeded() {
    owner.onSnapshotNeeded(this);
  }

  @Override
  public void onRefreshNeeded() {
    owner.onRefreshNeeded(this);
  }

  @Override
  public void onFault(Fault fault) {
    owner.onBookFault(this, fault);
  }

  BookPublisher publisher() {
    return publisher;
  }

  public MarketStream stream() {
    return stream;
  }

  public BookSynchronizer synchronizer() {
    return synchronizer;
  }

  public Backoff backoff() {
    return backoff;
  }

  /** The number of restarts: requests from before the last one are out of date. */
  public int epoch() {
    return epoch;
  }

  /** Discards the book and every request for it. */
  public void restart(SnapshotReason reason) {
    epoch++;
    snapshotRequested = false;
    publisher.onInvalid();
    synchronizer.start(reason);
  }

  /**
   * How long the book has been invalid, in nanoseconds; 0 if it is valid. Counted from the first
   * call after it became so.
   */
  public long invalidNanos(long nowNanos) {
    if (synchronizer.state() == BookSynchronizer.State.VALID) {
      invalidSinceNanos = 0;
      return 0;
    }
    if (invalidSinceNanos == 0) {
      invalidSinceNanos = nowNanos;
    }
    return nowNanos - invalidSinceNanos;
  }

  /**
   * Notes that a snapshot is requested.
   *
   * @return false if one has been requested already
   */
  public boolean requestSnapshot() {
    boolean first = !snapshotRequested;
    snapshotRequested = true;
    return first;
  }

  /** The requested snapshot has made the book valid. */
  public void snapshotApplied() {
    snapshotRequested = false;
  }
}
