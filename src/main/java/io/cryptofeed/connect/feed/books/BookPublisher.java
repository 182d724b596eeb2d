package io.cryptofeed.connect.feed.books;

import io.cryptofeed.connect.book.BookWindow;
import io.cryptofeed.connect.book.OrderBook;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.feed.BookOptions.Mode;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.market.SnapshotReason;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the valid book of one instrument: every delta as it arrived, or the changes of the best
 * levels, and full books at an interval. Used by one thread; the time is passed in.
 */
public final class BookPublisher {

  private final BookOptions options;
  private final MarketListener listener;
  private final Instrument instrument;
  private final BookUpdate out;
  private final @Nullable BookWindow changes;
  private final BookWindow full;
  private long lastSequence = BookUpdate.NO_SEQUENCE;

  /** The sequence of the last delta that was published, if only the best levels are. */
  private long published = BookUpdate.NO_SEQUENCE;

  private @Nullable BigDecimal bidsKnownTo;
  private @Nullable BigDecimal asksKnownTo;
  private long lastEventNs;
  private Integrity integrity = Integrity.NONE;
  private boolean valid;
  private long dueNanos;

  /**
   * @param book applies every update before {@link #onValid} is called
   * @param firstDueNanos when the first full book of the interval is due, by {@link
   *     System#nanoTime}
   */
  BookPublisher(
      BookOptions options,
      Instrument instrument,
      OrderBook book,
      MarketListener listener,
      long firstDueNanos) {
    this.options = options;
    this.instrument = instrument;
    this.listener = listener;
    out = new BookUpdate(instrument);
    boolean windowed = options.mode() != Mode.SNAPSHOT && options.depth() > 0;
    changes = windowed ? new BookWindow(book, options.depth()) : null;
    full = new BookWindow(book, options.depth());
    dueNanos = firstDueNanos;
  }

  /** A snapshot or a delta that has been applied to the book. */
  void onValid(BookUpdate update) {
    valid = true;
    lastEventNs = update.eventNs();
    integrity = update.integrity();
    bidsKnownTo = update.bidsKnownTo();
    asksKnownTo = update.asksKnownTo();
    long sequence = update.sequence();
    if (options.mode() != Mode.SNAPSHOT) {
      publish(update);
    }
    // Publishing may change the update itself.
    lastSequence = sequence;
    if (options.mode() != Mode.DELTA && options.interval().isZero()) {
      full(update.reason() == null ? SnapshotReason.CHANGE : update.reason(), update.receiveNs());
    } else if (options.mode() == Mode.SNAPSHOT && update.reason() != null) {
      full(update.reason(), update.receiveNs());
    }
  }

  private void publish(BookUpdate update) {
    if (changes == null) {
      if (!update.isSnapshot()) {
        update.follow(lastSequence);
      }
      update.resolveContracts();
      listener.onBook(update);
      return;
    }
    boolean snapshot = update.isSnapshot();
    out.set(
        instrument,
        snapshot,
        update.firstSequence(),
        update.sequence(),
        snapshot ? BookUpdate.NO_SEQUENCE : published,
        update.eventNs(),
        update.receiveNs());
    out.qualify(update.reason(), update.integrity());
    out.knowTo(bidsKnownTo, asksKnownTo);
    if (snapshot) {
      changes.fill(out);
    } else if (!changes.fillChanges(out)) {
      return;
    }
    published = update.sequence();
    out.resolveContracts();
    listener.onBook(out);
  }

  /** The book is not valid any more. */
  void onInvalid() {
    valid = false;
  }

  /**
   * Publishes a full book if one is due.
   *
   * @param nowNanos the time by {@link System#nanoTime}
   * @param nowNs the time in nanoseconds since the epoch
   */
  void tick(long nowNanos, long nowNs) {
    long interval = options.interval().toNanos();
    if (interval == 0 || nowNanos - dueNanos < 0) {
      return;
    }
    // After a long pause, the books that were missed are not made up for.
    dueNanos = Math.max(dueNanos + interval, nowNanos);
    if (valid) {
      full(SnapshotReason.PERIODIC, nowNs);
    }
  }

  private void full(SnapshotReason reason, long receiveNs) {
    if (reason == SnapshotReason.CHANGE && !full.fillChanges(out)) {
      return;
    }
    if (options.mode() != Mode.BOTH) {
      // Otherwise it is not a record of the channel that the deltas are in.
      published = lastSequence;
    }
    out.set(
        instrument,
        true,
        BookUpdate.NO_SEQUENCE,
        lastSequence,
        BookUpdate.NO_SEQUENCE,
        lastEventNs,
        receiveNs);
    out.qualify(reason, integrity);
    out.knowTo(bidsKnownTo, asksKnownTo);
    full.fill(out);
    out.resolveContracts();
    if (options.mode() == Mode.BOTH) {
      listener.onBookSnapshot(out);
    } else {
      listener.onBook(out);
    }
  }
}
