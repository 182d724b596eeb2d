package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

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
  private final LongAdder recoveredTrades = new LongAdder();
  private final LongAdder lostTrades = new LongAdder();
  private final LongAdder bookFaults = new LongAdder();
  private final LongAdder snapshotRequests = new LongAdder();
  private final LongAdder historyRequests = new LongAdder();
  private final Map<Instrument, TradeCounters> trades = new ConcurrentHashMap<>();
  private volatile BiConsumer<Instrument, TradeCounters> onInstrument = (instrument, made) -> {};

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

  /** Missing trades that came late, or were fetched from an exchange's history. */
  public LongAdder recoveredTrades() {
    return recoveredTrades;
  }

  /** Missing trades that cannot be had any more. */
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

  /** Pages of past trades asked for over REST. */
  public LongAdder historyRequests() {
    return historyRequests;
  }

  /** The counters of one instrument, made when they are first asked for. */
  public TradeCounters trades(Instrument instrument) {
    return trades.computeIfAbsent(
        instrument,
        made -> {
          TradeCounters counters = new TradeCounters();
          onInstrument.accept(made, counters);
          return counters;
        });
  }

  /**
   * Sets who hears of each instrument's counters when they are made, on an event loop; before
   * anything runs.
   */
  public void onInstrument(BiConsumer<Instrument, TradeCounters> listener) {
    onInstrument = listener;
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
        + " recovered_trades="
        + recoveredTrades
        + " lost_trades="
        + lostTrades
        + " book_faults="
        + bookFaults
        + " snapshot_requests="
        + snapshotRequests
        + " history_requests="
        + historyRequests;
  }
}
