package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.market.Stream;
import org.jspecify.annotations.Nullable;

/** The book of one instrument within a connection: its synchroniser, and who feeds it. */
final class BookFeed {

  private final Stream stream;
  private final BookSynchronizer synchronizer;
  private final Backoff backoff;

  /** The socket whose updates count, where every connection has a book of its own. */
  private @Nullable VenueSocket source;

  /** Counts the starts, so that the answer to a request of an earlier start is not used. */
  private int epoch;

  private boolean snapshotRequested;

  BookFeed(Stream stream, BookSynchronizer synchronizer, Backoff backoff) {
    this.stream = stream;
    this.synchronizer = synchronizer;
    this.backoff = backoff;
  }

  Stream stream() {
    return stream;
  }

  BookSynchronizer synchronizer() {
    return synchronizer;
  }

  Backoff backoff() {
    return backoff;
  }

  @Nullable VenueSocket source() {
    return source;
  }

  void setSource(@Nullable VenueSocket socket) {
    source = socket;
  }

  int epoch() {
    return epoch;
  }

  void newEpoch() {
    epoch++;
    snapshotRequested = false;
  }

  /**
   * Notes that a snapshot is being asked for.
   *
   * @return false when that has been done already
   */
  boolean requestSnapshot() {
    boolean first = !snapshotRequested;
    snapshotRequested = true;
    return first;
  }

  void snapshotAnswered() {
    snapshotRequested = false;
  }
}
