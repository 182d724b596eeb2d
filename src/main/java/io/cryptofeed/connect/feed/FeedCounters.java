package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.metrics.TaskMetric;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * The counters of a task's feeds, all of them since the task started. Event loops write them, any
 * thread may read them.
 *
 * <p>Each counter is a field of its own: counting an event looks nothing up.
 */
public final class FeedCounters {

  private final Map<TaskMetric, LongAdder> totals = new EnumMap<>(TaskMetric.class);

  private final LongAdder messages = counter(TaskMetric.MESSAGES);
  private final LongAdder unknown = counter(TaskMetric.UNKNOWN_MESSAGES);
  private final LongAdder malformed = counter(TaskMetric.MALFORMED_MESSAGES);
  private final LongAdder duplicates = counter(TaskMetric.DUPLICATE_TRADES);
  private final LongAdder missingTrades = counter(TaskMetric.MISSING_TRADES);
  private final LongAdder recoveredTrades = counter(TaskMetric.RECOVERED_TRADES);
  private final LongAdder lostTrades = counter(TaskMetric.LOST_TRADES);
  private final LongAdder bookFaults = counter(TaskMetric.BOOK_FAULTS);
  private final LongAdder snapshotRequests = counter(TaskMetric.SNAPSHOT_REQUESTS);
  private final LongAdder historyRequests = counter(TaskMetric.HISTORY_REQUESTS);
  private final LongAdder connections = counter(TaskMetric.CONNECTIONS);
  private final LongAdder disconnects = counter(TaskMetric.DISCONNECTS);

  private final Map<Instrument, InstrumentTrades> trades = new ConcurrentHashMap<>();
  private volatile BiConsumer<Instrument, InstrumentTrades> onInstrument =
      (instrument, created) -> {};

  /**
   * The trade counters of one instrument.
   *
   * @param missing see {@link TaskMetric#INSTRUMENT_MISSING_TRADES}
   * @param recovered see {@link TaskMetric#INSTRUMENT_RECOVERED_TRADES}
   * @param lost see {@link TaskMetric#INSTRUMENT_LOST_TRADES}
   */
  public record InstrumentTrades(LongAdder missing, LongAdder recovered, LongAdder lost) {}

  private LongAdder counter(TaskMetric metric) {
    LongAdder created = new LongAdder();
    totals.put(metric, created);
    return created;
  }

  /** The counters that are about the whole task, by metric. Unmodifiable. */
  public Map<TaskMetric, LongAdder> totals() {
    return Collections.unmodifiableMap(totals);
  }

  /** See {@link TaskMetric#MESSAGES}. */
  public LongAdder messages() {
    return messages;
  }

  /** See {@link TaskMetric#UNKNOWN_MESSAGES}. */
  public LongAdder unknown() {
    return unknown;
  }

  /** See {@link TaskMetric#MALFORMED_MESSAGES}. */
  public LongAdder malformed() {
    return malformed;
  }

  /** See {@link TaskMetric#DUPLICATE_TRADES}. */
  public LongAdder duplicates() {
    return duplicates;
  }

  /** See {@link TaskMetric#CONNECTIONS}. */
  public LongAdder connections() {
    return connections;
  }

  /** See {@link TaskMetric#DISCONNECTS}. */
  public LongAdder disconnects() {
    return disconnects;
  }

  /** See {@link TaskMetric#MISSING_TRADES}. */
  public LongAdder missingTrades() {
    return missingTrades;
  }

  /** See {@link TaskMetric#RECOVERED_TRADES}. */
  public LongAdder recoveredTrades() {
    return recoveredTrades;
  }

  /** See {@link TaskMetric#LOST_TRADES}. */
  public LongAdder lostTrades() {
    return lostTrades;
  }

  /** See {@link TaskMetric#BOOK_FAULTS}. */
  public LongAdder bookFaults() {
    return bookFaults;
  }

  /** See {@link TaskMetric#SNAPSHOT_REQUESTS}. */
  public LongAdder snapshotRequests() {
    return snapshotRequests;
  }

  /** See {@link TaskMetric#HISTORY_REQUESTS}. */
  public LongAdder historyRequests() {
    return historyRequests;
  }

  /** The counters of one instrument, created by the first call. */
  public InstrumentTrades trades(Instrument instrument) {
    return trades.computeIfAbsent(
        instrument,
        any -> {
          InstrumentTrades created =
              new InstrumentTrades(new LongAdder(), new LongAdder(), new LongAdder());
          onInstrument.accept(any, created);
          return created;
        });
  }

  /**
   * Sets the listener that receives the counters of each instrument when they are created, on an
   * event loop. To be called before the feeds start.
   */
  public void onInstrument(BiConsumer<Instrument, InstrumentTrades> listener) {
    onInstrument = listener;
  }
}
