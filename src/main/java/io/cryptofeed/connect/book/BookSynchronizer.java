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
 * the link between updates and the venue's checksum, and lets nothing through that is not proved to
 * belong together. What it publishes is a snapshot, with the reason for it, and then the deltas
 * that follow without a gap; on any fault it asks for a new start and publishes nothing until a new
 * snapshot is there.
 *
 * <p>Used by one thread.
 */
public final class BookSynchronizer {

  /** Buffered updates beyond this mean that the snapshot does not come: start again. */
  static final int MAX_BUFFERED_UPDATES = 20_000;

  private static final long NONE = BookUpdate.NO_SEQUENCE;

  private final BookRules rules;
  private final Listener listener;
  private final OrderBook book = new OrderBook();
  private final ArrayDeque<BookUpdate> buffer = new ArrayDeque<>();
  private final @Nullable BookChecksum checksum;
  private State state = State.EMPTY;
  private SnapshotReason reason = SnapshotReason.INITIAL;
  private long lastSequence = NONE;

  /** Whether no update has followed the snapshot yet: the first may straddle it. */
  private boolean joining;

  /** A new book, which publishes nothing before {@link #start}. */
  public BookSynchronizer(BookRules rules, Listener listener) {
    this.rules = rules;
    this.listener = listener;
    checksum = rules.checksum() == null ? null : new BookChecksum(rules.checksum());
  }

  /** What the book's owner has to do. */
  public interface Listener {

    /** A snapshot or a delta that is right; valid only during the call. */
    void onValid(BookUpdate update);

    /**
     * A snapshot must be asked for, and handed to {@link BookSynchronizer#onUpdate}. May be called
     * again before it has come.
     */
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
   * @param kind the kind of fault
   * @param description one sentence
   * @param firstMissing the first missing sequence number, or {@link BookUpdate#NO_SEQUENCE} where
   *     the venue's numbers do not tell
   * @param lastMissing the last missing sequence number, or {@link BookUpdate#NO_SEQUENCE}
   */
  public record Fault(Kind kind, String description, long firstMissing, long lastMissing) {

    Fault(Kind kind, String description) {
      this(kind, description, NONE, NONE);
    }

    /** What can be wrong. */
    public enum Kind {
      /** Updates are missing. */
      GAP,
      /** The checksum of the book is not the venue's. */
      CHECKSUM,
      /** The book holds what no book can hold. */
      INTEGRITY,
      /** The snapshot did not come. */
      NO_SNAPSHOT
    }

    /** Whether it is known which updates are missing. */
    public boolean hasRange() {
      return firstMissing != NONE;
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
    lastSequence = NONE;
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
    if (rules.restartsAt() != NONE && update.sequence() == rules.restartsAt()) {
      update.becomeSnapshot();
    }
    if (update.isSnapshot()) {
      onSnapshot(update);
    } else if (state == State.VALID) {
      onDelta(update);
    } else if (rules.keepsUpdates()) {
      keep(update);
    }
    // From a stream that sends its own snapshot, a delta before it belongs to an older book.
  }

  private void keep(BookUpdate delta) {
    if (buffer.size() == MAX_BUFFERED_UPDATES) {
      fail(new Fault(Fault.Kind.NO_SNAPSHOT, "no snapshot came for " + buffer.size() + " updates"));
      return;
    }
    buffer.add(delta.copy());
    if (buffer.size() == 1) {
      listener.onSnapshotNeeded();
    }
  }

  private void onSnapshot(BookUpdate snapshot) {
    if (state == State.VALID && rules.keepsUpdates() && rules.source() != Source.STREAM_OR_REST) {
      // A second answer to an old request; the book has moved on.
      return;
    }
    while (!buffer.isEmpty() && isOld(buffer.element(), snapshot.sequence())) {
      buffer.remove();
    }
    BookUpdate first = buffer.peek();
    if (first != null && !joins(snapshot.sequence(), first)) {
      // The snapshot is older than the first kept update: the stream is fine, ask again.
      listener.onSnapshotNeeded();
      return;
    }
    if (state == State.VALID) {
      reason = SnapshotReason.VENUE;
    }
    state = State.VALID;
    joining = true;
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
    if (isLinked(delta)) {
      // A reset of the venue's numbers goes on from the last one to a smaller one.
      boolean follows = rules.link() == Link.PREVIOUS && delta.previousSequence() == lastSequence;
      if (!follows && isOld(delta, lastSequence)) {
        return;
      }
      if (!follows && !continues(delta)) {
        onGap(delta);
        return;
      }
      joining = false;
      if (delta.sequence() == lastSequence && delta.hasNoLevels()) {
        // A sign of life of a quiet book.
        return;
      }
      lastSequence = delta.sequence();
    }
    publish(delta, null);
  }

  /** Whether the numbers of updates prove that none is missing. */
  private boolean isLinked(BookUpdate delta) {
    return switch (rules.link()) {
      case NONE, CONNECTION -> false;
      // Recordings of some venues are older than their numbers; a checksum has to do there.
      case PREVIOUS, STEP, STEP_OVERLAP ->
          delta.sequence() != NONE || delta.checksum() == BookUpdate.NO_CHECKSUM;
    };
  }

  /** Whether the book already holds what an update says. */
  private boolean isOld(BookUpdate delta, long last) {
    return switch (rules.link()) {
      case NONE, CONNECTION -> false;
      case PREVIOUS ->
          delta.sequence() <= last && !(delta.previousSequence() == last && last != NONE);
      case STEP, STEP_OVERLAP -> delta.sequence() <= last;
    };
  }

  private boolean continues(BookUpdate delta) {
    return switch (rules.link()) {
      case NONE, CONNECTION -> true;
      case PREVIOUS -> joining && joins(lastSequence, delta);
      case STEP -> joining ? joins(lastSequence, delta) : delta.firstSequence() == lastSequence + 1;
      case STEP_OVERLAP -> joins(lastSequence, delta);
    };
  }

  /** Whether no update can lie between a snapshot, or the last update, and this one. */
  private boolean joins(long last, BookUpdate next) {
    return switch (rules.link()) {
      case NONE, CONNECTION -> true;
      case PREVIOUS -> next.previousSequence() <= last;
      case STEP, STEP_OVERLAP -> next.firstSequence() <= last + 1;
    };
  }

  private void onGap(BookUpdate delta) {
    if (rules.link() == Link.PREVIOUS) {
      fail(
          new Fault(
              Fault.Kind.GAP,
              "an update follows "
                  + delta.previousSequence()
                  + ", but the last one was "
                  + lastSequence));
    } else {
      long first = lastSequence + 1;
      long last = delta.firstSequence() - 1;
      fail(
          first <= last
              ? new Fault(
                  Fault.Kind.GAP, "updates " + first + " to " + last + " are missing", first, last)
              : new Fault(
                  Fault.Kind.GAP,
                  "update "
                      + delta.firstSequence()
                      + " does not follow the last one, "
                      + lastSequence));
    }
    if (state == State.SYNCING && rules.keepsUpdates()) {
      keep(delta);
    }
  }

  private boolean publish(BookUpdate update, @Nullable SnapshotReason snapshotReason) {
    Integrity proof = rules.link() == Link.NONE ? Integrity.NONE : Integrity.SEQUENCE;
    try {
      book.apply(update);
      if (rules.depth() > 0) {
        book.trim(rules.depth());
      }
      if (isChecked(update)) {
        proof = Integrity.CHECKSUM;
      } else if (update.sequence() == NONE && rules.link() != Link.CONNECTION) {
        proof = Integrity.NONE;
      }
    } catch (BookFault fault) {
      fail(new Fault(fault.kind(), String.valueOf(fault.getMessage())));
      return false;
    }
    update.qualify(snapshotReason, proof);
    listener.onValid(update);
    return true;
  }

  /** Whether the update has a checksum, which is then the book's. */
  private boolean isChecked(BookUpdate update) throws BookFault {
    BookRules.ChecksumRule rule = rules.checksum();
    if (rule == null
        || checksum == null
        || update.checksum() == BookUpdate.NO_CHECKSUM
        || Long.valueOf(update.checksum()).equals(rule.absent())) {
      return false;
    }
    if (!checksum.matches(update.checksum(), book.bidSide(), book.askSide())) {
      throw new BookFault(
          Fault.Kind.CHECKSUM,
          "the venue's checksum "
              + update.checksum()
              + " is not that of the book, "
              + Integer.toUnsignedString(checksum.compute(book.bidSide(), book.askSide())));
    }
    return true;
  }

  private void fail(Fault fault) {
    state = State.INVALID;
    buffer.clear();
    listener.onFault(fault);
  }
}
