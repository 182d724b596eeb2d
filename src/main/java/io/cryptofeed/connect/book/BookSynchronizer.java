package io.cryptofeed.connect.book;

import io.cryptofeed.connect.book.BookRules.Link;
import io.cryptofeed.connect.book.BookRules.Source;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.SnapshotReason;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the book of one instrument right: joins a snapshot with the updates that follow it, checks
 * the link between updates, and lets nothing through that is not proved to belong together. What it
 * publishes is a snapshot, with the reason for it, and then the deltas that follow without a gap;
 * on any fault it asks for a new start and publishes nothing until a new snapshot is there.
 *
 * <p>Used by one thread.
 */
public final class BookSynchronizer {

  /** Buffered updates beyond this mean that the snapshot does not come: start again. */
  static final int MAX_BUFFERED_UPDATES = 20_000;

  private final BookRules rules;
  private final Listener listener;
  private final OrderBook book = new OrderBook();
  private final ArrayDeque<BookUpdate> buffer = new ArrayDeque<>();
  private State state = State.EMPTY;
  private SnapshotReason reason = SnapshotReason.INITIAL;
  private long lastSequence = BookUpdate.NO_SEQUENCE;

  /** A new book, which publishes nothing before {@link #start}. */
  public BookSynchronizer(BookRules rules, Listener listener) {
    this.rules = rules;
    this.listener = listener;
  }

  /** What the book's owner has to do. */
  public interface Listener {

    /** A snapshot or a delta that is right; valid only during the call. */
    void onValid(BookUpdate update);

    /** A snapshot must be fetched over REST, and handed to {@link BookSynchronizer#onUpdate}. */
    void onSnapshotNeeded();

    /**
     * The book is wrong. The owner has to call {@link BookSynchronizer#start}, at best at once, and
     * to see that a snapshot comes.
     */
    void onFault(Fault fault);
  }

  /**
   * Why a book is wrong.
   *
   * @param description one sentence
   * @param firstMissing the first missing sequence number, or {@link BookUpdate#NO_SEQUENCE} where
   *     the fault is not a gap
   * @param lastMissing the last missing sequence number, or {@link BookUpdate#NO_SEQUENCE}
   */
  public record Fault(String description, long firstMissing, long lastMissing) {

    /** Whether updates are known to be missing. */
    public boolean isGap() {
      return firstMissing != BookUpdate.NO_SEQUENCE;
    }
  }

  /** How far a book is. */
  public enum State {
    /** Nothing is known. */
    EMPTY,
    /** Updates are kept, or dropped, until the snapshot comes. */
    SYNCING,
    /** The book is right. */
    VALID,
    /** A fault was found. */
    INVALID
  }

  /** How far the book is. */
  public State state() {
    return state;
  }

  /** The book as far as it is known; right only while {@link #state} is VALID. */
  public OrderBook book() {
    return book;
  }

  /**
   * Forgets the book and waits for a snapshot.
   *
   * @param why the reason that the coming snapshot will carry
   */
  public void start(SnapshotReason why) {
    buffer.clear();
    book.clear();
    lastSequence = BookUpdate.NO_SEQUENCE;
    // A book that was never published starts with its first reason, however often it is tried.
    if (state != State.SYNCING) {
      reason = why;
    }
    state = State.SYNCING;
  }

  /** Takes a snapshot or a delta of the venue. */
  public void onUpdate(BookUpdate update) {
    if (state == State.EMPTY || state == State.INVALID) {
      return;
    }
    if (update.isSnapshot()) {
      onSnapshot(update);
    } else if (state == State.VALID) {
      onDelta(update);
    } else if (rules.source() == Source.REST) {
      keep(update);
    }
    // From a stream that sends its own snapshot, a delta before it belongs to an older book.
  }

  private void keep(BookUpdate delta) {
    if (buffer.size() == MAX_BUFFERED_UPDATES) {
      fail(new Fault("no snapshot came for " + buffer.size() + " updates", -1, -1));
      return;
    }
    buffer.add(delta.copy());
    if (buffer.size() == 1) {
      listener.onSnapshotNeeded();
    }
  }

  private void onSnapshot(BookUpdate snapshot) {
    if (state == State.VALID && rules.source() == Source.REST) {
      // A second answer to an old request; the book has moved on.
      return;
    }
    BookUpdate first = buffer.peek();
    if (first != null && leavesGap(snapshot.sequence(), first)) {
      // The snapshot is older than the first kept update: the stream is fine, ask again.
      listener.onSnapshotNeeded();
      return;
    }
    if (state == State.VALID) {
      reason = SnapshotReason.VENUE;
    }
    state = State.VALID;
    lastSequence = snapshot.sequence();
    if (publish(snapshot, reason)) {
      replayBuffer();
    }
  }

  private void replayBuffer() {
    BookUpdate delta;
    while (state == State.VALID && (delta = buffer.poll()) != null) {
      onDelta(delta);
    }
    buffer.clear();
  }

  private void onDelta(BookUpdate delta) {
    if (rules.link() == Link.STEP_OVERLAP) {
      if (delta.sequence() <= lastSequence) {
        return;
      }
      if (leavesGap(lastSequence, delta)) {
        fail(
            new Fault(
                "updates "
                    + (lastSequence + 1)
                    + " to "
                    + (delta.firstSequence() - 1)
                    + " are missing",
                lastSequence + 1,
                delta.firstSequence() - 1));
        if (state == State.SYNCING && rules.source() == Source.REST) {
          keep(delta);
        }
        return;
      }
      lastSequence = delta.sequence();
    }
    publish(delta, null);
  }

  private boolean leavesGap(long last, BookUpdate next) {
    return rules.link() == Link.STEP_OVERLAP && next.firstSequence() > last + 1;
  }

  private boolean publish(BookUpdate update, @Nullable SnapshotReason snapshotReason) {
    try {
      book.apply(update);
    } catch (BookFault fault) {
      fail(new Fault(String.valueOf(fault.getMessage()), -1, -1));
      return false;
    }
    update.qualify(snapshotReason, rules.link() == Link.NONE ? Integrity.NONE : Integrity.SEQUENCE);
    listener.onValid(update);
    return true;
  }

  private void fail(Fault fault) {
    state = State.INVALID;
    buffer.clear();
    listener.onFault(fault);
  }
}
