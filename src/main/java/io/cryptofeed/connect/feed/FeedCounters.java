package io.cryptofeed.connect.feed;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a task's feeds have seen since they began. Written by event loops, read by anyone.
 */
public final class FeedCounters {

  private final LongAdder messages = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder connections = new LongAdder();
  private final LongAdder disconnects = new LongAdder();
  private final LongAdder missingTrades = new LongAdder();
  private final LongAdder lostTrades = new LongAdder();
  private final LongAdder bookFaults = new LongAdder();
  private final LongAdder snapshotRequests = new LongAdder();

  /** WebSocket messages received. */
  public LongAdder messages() {
    return messages;
  }

  /** Messages of a kind, or about an instrument, that is not known. */
  public LongAdder unknown() {
    return unknown;
  }

  /** Messages that could not be read. */
  public LongAdder malformed() {
    return malformed;
  }

  /** Trades that had been seen before, and were dropped. */
  public LongAdder duplicates() {
    return duplicates;
  }

  /** WebSocket connections opened. */
  public LongAdder connections() {
    return connections;
  }

  /** WebSocket connections that ended without our wish. */
  public LongAdder disconnects() {
    return disconnects;
  }

  /** Trades found missing. */
  public LongAdder missingTrades() {
    return missingTrades;
  }

  /** Missing trades that never came. */
  public LongAdder lostTrades() {
    return lostTrades;
  }

  /** Books found wrong: a gap in their sequence, or content that cannot be. */
  public LongAdder bookFaults() {
    return bookFaults;
  }

  /** Book snapshots asked for over REST. */
  public LongAdder snapshotRequests() {
    return snapshotRequests;
  }

  @Override
  public String toString() {
    return "messages="
        + messages
        + " unknown="
        + unknown
        + " malformed="
        + malformed
        + " duplicates="
        + duplicates
        + " connections="
        + connections
        + " disconnects="
        + disconnects
        + " missing_trades="
        + missingTrades
        + " lost_trades="
        + lostTrades
        + " book_faults="
        + bookFaults
        + " snapshot_requests="
        + snapshotRequests;
  }
}
