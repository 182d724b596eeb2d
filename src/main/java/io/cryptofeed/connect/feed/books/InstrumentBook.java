package io.cryptofeed.connect.feed.books;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.book.OrderBook;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.SnapshotReason;
import java.util.function.BiFunction;

/** The book of one instrument within a connection: its synchroniser, and who feeds it. */
public final class InstrumentBook implements BookSynchronizer.Listener {

  private final MarketStream stream;
  private final Owner owner;
  private final Backoff backoff;
  private final BookSynchronizer synchronizer;
  private final BookPublisher output;

  /** The socket whose updates count, where every connection has a book of its own. */

  /** Counts the starts, so that the answer to a request of an earlier start is not used. */
  private int epoch;

  private boolean snapshotRequested;

  public InstrumentBook(
      MarketStream stream,
      BookRules rules,
      Backoff backoff,
      Owner owner,
      BiFunction<Instrument, OrderBook, BookPublisher> output) {
    this.stream = stream;
    this.owner = owner;
    this.backoff = backoff;
    synchronizer = new BookSynchronizer(rules, this);
    this.output = output.apply(stream.instrument(), synchronizer.book());
    synchronizer.start(SnapshotReason.INITIAL);
  }

  /** What a book asks for. */
  public interface Owner {

    void onSnapshotNeeded(InstrumentBook book);

    void onBookFault(InstrumentBook book, BookSynchronizer.Fault fault);
  }

  @Override
  public void onValid(BookUpdate update) {
    output.onValid(update);
  }

  @Override
  public void onSnapshotNeeded() {
    owner.onSnapshotNeeded(this);
  }

  @Override
  public void onFault(BookSynchronizer.Fault fault) {
    owner.onBookFault(this, fault);
  }

  BookPublisher output() {
    return output;
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

  public int epoch() {
    return epoch;
  }

  /** Forgets the book and all that was asked for it. */
  public void restart(SnapshotReason reason) {
    epoch++;
    snapshotRequested = false;
    output.onInvalid();
    synchronizer.start(reason);
  }

  /**
   * Notes that a snapshot is being asked for.
   *
   * @return false when that has been done already
   */
  public boolean requestSnapshot() {
    boolean first = !snapshotRequested;
    snapshotRequested = true;
    return first;
  }

  public void snapshotAnswered() {
    snapshotRequested = false;
  }
}
