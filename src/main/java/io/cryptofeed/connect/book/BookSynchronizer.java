package io.cryptofeed.connect.book;

import io.cryptofeed.connect.book.BookRules.Link;
import io.cryptofeed.connect.book.BookRules.Source;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalLimits;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.SnapshotReason;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Synchronises the book of one instrument: joins a snapshot with the deltas that follow it, checks
 * the link between updates and the venue's checksum, and publishes only what is verified. It
 * publishes a snapshot, with the reason for it, and then the deltas that follow without a gap. On
 * any fault it requests a restart, and publishes nothing until the next snapshot.
 *
 * <p>A book that starts from a limited snapshot is refreshed before too few of its levels are left:
 * deltas are published and kept until a new snapshot comes, which is joined with those that follow
 * it and published as one snapshot.
 *
 * <p>Used by one thread.
 */
public final class BookSynchronizer {

  /** With more buffered deltas than this, the snapshot is taken as missing. */
  static final int MAX_BUFFERED_DELTAS = 20_000;

  private static final long NONE = BookUpdate.NO_SEQUENCE;

  private final BookRules rules;
  private final Listener listener;
  private final DecimalLimits limits;
  private final OrderBook book;
  private final ArrayDeque<BookUpdate> buffer = new ArrayDeque<>();
  private final @Nullable BookChecksum checksum;
  private State state = State.EMPTY;
  private SnapshotReason reason = SnapshotReason.INITIAL;
  private long lastSequence = NONE;
  private final KnownBounds bounds;

  /** Whether a snapshot that refreshes the valid book is wanted. */
  private boolean refreshing;

  /** Whether deltas of the valid book are kept, because a snapshot has been requested. */
  private boolean keepsDeltas;

  /** Whether no update has followed the snapshot yet: the first may straddle it. */
  private boolean joining;

  /** A new book, which publishes nothing before {@link #start}. */
  public BookSynchronizer(BookRules rules, Listener listener) {
    this(rules, DecimalLimits.PRECISE, listener);
  }

  /**
   * A new book, which publishes nothing before {@link #start}.
   *
   * @param limits what a record can hold
   */
  public BookSynchronizer(BookRules rules, DecimalLimits limits, Listener listener) {
    this.rules = rules;
    this.limits = limits;
    this.listener = listener;
    book = new OrderBook(limits);
    bounds = new KnownBounds(rules.snapshotLevels());
    checksum = rules.checksum() == null ? null : new BookChecksum(rules.checksum());
  }

  /** The owner of the book. */
  public interface Listener {

    /** Publishes a verified snapshot or delta; it can be used only during the call. */
    void onValid(BookUpdate update);

    /**
     * Requests a snapshot, which is passed to {@link BookSynchronizer#onUpdate} later. May be
     * called again before it has come.
     */
    void onSnapshotNeeded();

    /**
     * Requests a new snapshot of a valid book, few of whose levels are left inside the bounds of
     * the last one. Called once for each snapshot.
     */
    void onRefreshNeeded();

    /**
     * Reports that the book is invalid. The owner calls {@link BookSynchronizer#start}, at best at
     * once, and makes sure that a snapshot comes.
     */
    void onFault(Fault fault);
  }

  /** The states of a book. */
  public enum State {
    /** Not started. */
    EMPTY,
    /** Waits for the snapshot; deltas are buffered or dropped. */
    SYNCING,
    /** The book is verified. */
    VALID,
    /** A fault was found. */
    INVALID
  }

  /** The state of the book. */
  public State state() {
    return state;
  }

  /** The book; verified only while {@link #state} is VALID. */
  public OrderBook book() {
    return book;
  }

  /**
   * Clears the book and waits for a snapshot.
   *
   * @param why the reason that the next snapshot is published with
   */
  public void start(SnapshotReason why) {
    buffer.clear();
    book.clear();
    lastSequence = NONE;
    refreshing = false;
    keepsDeltas = false;
    // A book that was never published starts with its first reason, however often it is tried.
    if (state != State.SYNCING) {
      reason = why;
    }
    state = State.SYNCING;
  }

  /** Whether a snapshot that refreshes the valid book is still wanted. */
  public boolean isRefreshing() {
    return refreshing;
  }

  /** A snapshot that refreshes the valid book is requested now: the deltas from now on are kept. */
  public void expectRefresh() {
    if (refreshing) {
      buffer.clear();
      keepsDeltas = true;
    }
  }

  /** Applies a snapshot or a delta of the venue. */
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
    } else if (rules.buffersDeltas()) {
      buffer(update);
    }
    // If the stream sends the snapshot, a delta before it belongs to an older book.
  }

  private void buffer(BookUpdate delta) {
    if (buffer.size() == MAX_BUFFERED_DELTAS) {
      fail(new Fault(Fault.Kind.NO_SNAPSHOT, "no snapshot came for " + buffer.size() + " updates"));
      return;
    }
    buffer.add(delta.copy());
    if (buffer.size() == 1) {
      listener.onSnapshotNeeded();
    }
  }

  private void onSnapshot(BookUpdate snapshot) {
    if (state == State.VALID && rules.buffersDeltas() && rules.source() != Source.STREAM_OR_REST) {
      // Otherwise it is a second response to an old request: the book is newer.
      if (keepsDeltas) {
        refresh(snapshot);
      }
      return;
    }
    while (!buffer.isEmpty() && isOld(buffer.element(), snapshot.sequence())) {
      buffer.remove();
    }
    BookUpdate first = buffer.peek();
    if (first != null && !joins(snapshot.sequence(), first)) {
      // The snapshot is older than the first buffered delta: the stream is valid, request another.
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

  /**
   * Replaces the valid book by a new snapshot and the deltas that follow it. A snapshot that does
   * not join them, or is invalid, changes nothing: another one is still wanted.
   */
  private void refresh(BookUpdate snapshot) {
    while (!buffer.isEmpty() && isOld(buffer.element(), snapshot.sequence())) {
      buffer.remove();
    }
    BookUpdate first = buffer.peek();
    if (first == null ? snapshot.sequence() < lastSequence : !joins(snapshot.sequence(), first)) {
      return;
    }
    OrderBook fresh = new OrderBook(limits);
    KnownBounds freshBounds = new KnownBounds(rules.snapshotLevels());
    try {
      fresh.apply(snapshot);
      freshBounds.of(fresh);
      for (BookUpdate delta : buffer) {
        fresh.apply(delta);
      }
    } catch (InvalidBookException invalid) {
      return;
    }
    book.replaceBy(fresh);
    bounds.of(freshBounds);
    BookUpdate full = snapshot;
    if (buffer.isEmpty()) {
      joining = true;
      lastSequence = snapshot.sequence();
    } else {
      full = new BookUpdate(snapshot.instrument());
      full.set(
          snapshot.instrument(),
          true,
          NONE,
          lastSequence,
          NONE,
          buffer.getLast().eventNs(),
          buffer.getLast().receiveNs());
      new BookWindow(book, 0).fill(full);
    }
    buffer.clear();
    refreshing = false;
    keepsDeltas = false;
    full.qualify(SnapshotReason.DEPTH, Integrity.SEQUENCE);
    bounds.note(full);
    listener.onValid(full);
  }

  private void keep(BookUpdate delta) {
    if (buffer.size() == MAX_BUFFERED_DELTAS) {
      buffer.remove();
    }
    buffer.add(delta.copy());
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
      // When the venue resets its sequence numbers, the next one follows the last but is smaller.
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
        // A heartbeat of a quiet book.
        return;
      }
      lastSequence = delta.sequence();
    }
    if (keepsDeltas) {
      keep(delta);
    }
    if (publish(delta, null) && !refreshing && bounds.isRunningOut(book)) {
      refreshing = true;
      listener.onRefreshNeeded();
    }
  }

  /** Whether sequence numbers verify that no update is missing. */
  private boolean isLinked(BookUpdate delta) {
    return switch (rules.link()) {
      case NONE, CONNECTION -> false;
      // Recordings of some venues are older than their sequence numbers; the checksum verifies
      // those.
      case PREVIOUS, STEP, STEP_OVERLAP ->
          delta.sequence() != NONE || delta.checksum() == BookUpdate.NO_CHECKSUM;
    };
  }

  /** Whether the book already contains an update. */
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

  /** Whether no update is missing between a snapshot, or the last update, and this one. */
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
              "an update is linked to "
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
    if (state == State.SYNCING && rules.buffersDeltas()) {
      buffer(delta);
    }
  }

  private boolean publish(BookUpdate update, @Nullable SnapshotReason snapshotReason) {
    Integrity proof = rules.link() == Link.NONE ? Integrity.NONE : Integrity.SEQUENCE;
    try {
      book.apply(update);
      if (update.isSnapshot()) {
        bounds.of(book);
      }
      if (rules.depth() > 0) {
        book.trim(rules.depth(), update);
      }
      if (isChecked(update)) {
        proof = Integrity.CHECKSUM;
      } else if (update.sequence() == NONE && rules.link() != Link.CONNECTION) {
        proof = Integrity.NONE;
      }
    } catch (InvalidBookException fault) {
      fail(new Fault(fault.kind(), String.valueOf(fault.getMessage())));
      return false;
    }
    update.qualify(snapshotReason, proof);
    bounds.note(update);
    listener.onValid(update);
    return true;
  }

  /** Whether the update has a checksum, which is then the book's. */
  private boolean isChecked(BookUpdate update) throws InvalidBookException {
    BookRules.ChecksumRule rule = rules.checksum();
    if (rule == null
        || checksum == null
        || update.checksum() == BookUpdate.NO_CHECKSUM
        || Long.valueOf(update.checksum()).equals(rule.absent())) {
      return false;
    }
    if (!checksum.matches(update.checksum(), book.bidSide(), book.askSide())) {
      throw new InvalidBookException(
          Fault.Kind.CHECKSUM,
          "the venue's checksum "
              + update.checksum()
              + " differs from that of the book, "
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
