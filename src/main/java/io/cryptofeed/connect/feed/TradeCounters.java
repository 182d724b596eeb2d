package io.cryptofeed.connect.feed;

import java.util.concurrent.atomic.LongAdder;

/** Counts the trades of one instrument. Written by event loops, read by anyone. */
public final class TradeCounters {

  private final LongAdder missing = new LongAdder();
  private final LongAdder recovered = new LongAdder();
  private final LongAdder lost = new LongAdder();

  TradeCounters() {}

  /** Trades that were found missing; those recovered and those lost make up all of them. */
  public LongAdder missing() {
    return missing;
  }

  /** Missing trades that came late, or were fetched from the exchange's history. */
  public LongAdder recovered() {
    return recovered;
  }

  /** Missing trades that cannot be had any more. */
  public LongAdder lost() {
    return lost;
  }
}
