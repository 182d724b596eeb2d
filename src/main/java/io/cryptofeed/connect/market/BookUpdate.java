package io.cryptofeed.connect.market;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A full order book, or changes to it. Sizes are absolute; a size of zero removes the level; a
 * snapshot discards what came before.
 *
 * <p>A flyweight: a session fills one instance again for each message, so it is valid only during
 * the call that passes it; {@link #copy()} keeps it. Owned by one thread.
 */
public final class BookUpdate {

  /** A sequence number that the venue does not send. */
  public static final long NO_SEQUENCE = -1;

  /** A checksum that the venue does not send. */
  public static final long NO_CHECKSUM = Long.MIN_VALUE;

  private final DecimalColumn bidPrices;
  private final DecimalColumn bidSizes;
  private final DecimalColumn askPrices;
  private final DecimalColumn askSizes;
  private Instrument instrument;
  private boolean snapshot;
  private @Nullable SnapshotReason reason;
  private Integrity integrity = Integrity.NONE;
  private long firstSequence = NO_SEQUENCE;
  private long sequence = NO_SEQUENCE;
  private long previousSequence = NO_SEQUENCE;
  private long eventNs;
  private long receiveNs;
  private long checksum = NO_CHECKSUM;
  private @Nullable BigDecimal bidsKnownTo;
  private @Nullable BigDecimal asksKnownTo;

  /** An empty update of an instrument, to be filled. */
  public BookUpdate(Instrument instrument) {
    this(instrument, 32);
  }

  private BookUpdate(Instrument instrument, int capacity) {
    this.instrument = instrument;
    bidPrices = new DecimalColumn(capacity);
    bidSizes = new DecimalColumn(capacity);
    askPrices = new DecimalColumn(capacity);
    askSizes = new DecimalColumn(capacity);
  }

  /**
   * Starts a new message: everything but the levels, whose columns are left as they are.
   *
   * @param first the first sequence number that the message covers, or {@link #NO_SEQUENCE}
   * @param last the last sequence number that the message covers, or {@link #NO_SEQUENCE}
   * @param previous the last sequence number of the message before, or {@link #NO_SEQUENCE}
   * @param event the venue's time in nanoseconds since the epoch; the time of arrival where the
   *     venue sends none
   * @param receive when the message arrived here, nanoseconds since the epoch
   */
  public BookUpdate set(
      Instrument of,
      boolean isSnapshot,
      long first,
      long last,
      long previous,
      long event,
      long receive) {
    instrument = of;
    snapshot = isSnapshot;
    reason = null;
    integrity = Integrity.NONE;
    firstSequence = first;
    sequence = last;
    previousSequence = previous;
    eventNs = event;
    receiveNs = receive;
    checksum = NO_CHECKSUM;
    bidsKnownTo = null;
    asksKnownTo = null;
    return this;
  }

  /** Adds the checksum of the book as it is after this message. */
  public BookUpdate withChecksum(long value) {
    checksum = value;
    return this;
  }

  /** Makes a delta the full book that it is. */
  public void becomeSnapshot() {
    snapshot = true;
  }

  /** Names the sequence number of the update that was published before. */
  public void follow(long published) {
    previousSequence = published;
  }

  /** Counts sizes in the instrument's {@link Instrument#sizeUnit()} instead of in contracts. */
  public void resolveContracts() {
    instrument.toUnits(bidSizes);
    instrument.toUnits(askSizes);
  }

  /** Says why a snapshot is sent, and what proves that the book is complete. */
  public void qualify(@Nullable SnapshotReason snapshotReason, Integrity proof) {
    reason = snapshotReason;
    integrity = proof;
  }

  /**
   * Says how far the book after this update is known.
   *
   * @param lowestBid the lowest price of which all bids are known, null if all bids are
   * @param highestAsk the highest price of which all asks are known, null if all asks are
   */
  public void knowTo(@Nullable BigDecimal lowestBid, @Nullable BigDecimal highestAsk) {
    bidsKnownTo = lowestBid;
    asksKnownTo = highestAsk;
  }

  /** Removes bids: a snapshot loses these levels, a delta gets their removals. */
  public void removeBids(DecimalColumn prices) {
    remove(prices, bidPrices, bidSizes);
  }

  /** Removes asks: a snapshot loses these levels, a delta gets their removals. */
  public void removeAsks(DecimalColumn prices) {
    remove(prices, askPrices, askSizes);
  }

  private void remove(DecimalColumn removed, DecimalColumn prices, DecimalColumn sizes) {
    int sent = prices.size();
    for (int i = 0; i < removed.size(); i++) {
      boolean found = false;
      for (int level = 0; level < sent; level++) {
        if (prices.compare(level, removed, i) == 0) {
          sizes.setZero(level);
          found = true;
        }
      }
      if (!found) {
        prices.addFrom(removed, i);
        sizes.add(0, 0);
      }
    }
    if (snapshot && removed.size() > 0) {
      dropZeros(prices, sizes);
    }
  }

  private static void dropZeros(DecimalColumn prices, DecimalColumn sizes) {
    DecimalColumn keptPrices = new DecimalColumn(prices.size());
    DecimalColumn keptSizes = new DecimalColumn(sizes.size());
    for (int i = 0; i < prices.size(); i++) {
      if (sizes.signum(i) != 0) {
        keptPrices.addFrom(prices, i);
        keptSizes.addFrom(sizes, i);
      }
    }
    prices.copyFrom(keptPrices);
    sizes.copyFrom(keptSizes);
  }

  /** Empties the four columns. */
  public void clearLevels() {
    bidPrices.clear();
    bidSizes.clear();
    askPrices.clear();
    askSizes.clear();
  }

  /** Forgets all levels, and gives back the memory of an unusually deep book. */
  public void releaseLevels() {
    bidPrices.release();
    bidSizes.release();
    askPrices.release();
    askSizes.release();
  }

  /** The instrument whose book this is. */
  public Instrument instrument() {
    return instrument;
  }

  /** Whether this is a full book. */
  public boolean isSnapshot() {
    return snapshot;
  }

  /** Why a snapshot is sent; null for changes. */
  public @Nullable SnapshotReason reason() {
    return reason;
  }

  /** What proves that no update is missing. */
  public Integrity integrity() {
    return integrity;
  }

  /** The first sequence number covered, or {@link #NO_SEQUENCE}. */
  public long firstSequence() {
    return firstSequence;
  }

  /** The last sequence number covered, or {@link #NO_SEQUENCE}. */
  public long sequence() {
    return sequence;
  }

  /** The last sequence number of the message before, or {@link #NO_SEQUENCE}. */
  public long previousSequence() {
    return previousSequence;
  }

  /** The price down to which all bids are known, null if all bids are. */
  public @Nullable BigDecimal bidsKnownTo() {
    return bidsKnownTo;
  }

  /** The price up to which all asks are known, null if all asks are. */
  public @Nullable BigDecimal asksKnownTo() {
    return asksKnownTo;
  }

  /** The venue's checksum of the book after this message, or {@link #NO_CHECKSUM}. */
  public long checksum() {
    return checksum;
  }

  /** The venue's time, nanoseconds since the epoch. */
  public long eventNs() {
    return eventNs;
  }

  /** The time of arrival, nanoseconds since the epoch. */
  public long receiveNs() {
    return receiveNs;
  }

  /** Whether it changes nothing. */
  public boolean hasNoLevels() {
    return bidPrices.size() == 0 && askPrices.size() == 0;
  }

  /** Bid prices in quote units, in the venue's order. */
  public DecimalColumn bidPrices() {
    return bidPrices;
  }

  /**
   * Bid sizes, one for each bid price: as the venue counts them until {@link #resolveContracts}.
   */
  public DecimalColumn bidSizes() {
    return bidSizes;
  }

  /** Ask prices in quote units, in the venue's order. */
  public DecimalColumn askPrices() {
    return askPrices;
  }

  /**
   * Ask sizes, one for each ask price: as the venue counts them until {@link #resolveContracts}.
   */
  public DecimalColumn askSizes() {
    return askSizes;
  }

  /** A copy that stays valid after the call that handed this update over. */
  public BookUpdate copy() {
    BookUpdate copy = new BookUpdate(instrument, Math.max(bidPrices.size(), askPrices.size()));
    copy.set(instrument, snapshot, firstSequence, sequence, previousSequence, eventNs, receiveNs);
    copy.checksum = checksum;
    copy.qualify(reason, integrity);
    copy.knowTo(bidsKnownTo, asksKnownTo);
    copy.bidPrices.copyFrom(bidPrices);
    copy.bidSizes.copyFrom(bidSizes);
    copy.askPrices.copyFrom(askPrices);
    copy.askSizes.copyFrom(askSizes);
    return copy;
  }

  @Override
  public String toString() {
    return instrument.key()
        + (snapshot ? " snapshot " : " delta ")
        + firstSequence
        + ".."
        + sequence
        + " bids="
        + bidPrices
        + " asks="
        + askPrices;
  }
}
