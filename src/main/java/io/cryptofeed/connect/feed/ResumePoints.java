package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Trade;
import java.util.Collection;

/** Where a task that ran before had got to. Called by event-loop threads; must not block. */
public interface ResumePoints {

  /**
   * The sequence of the last trade of this instrument that is safely in Kafka, or {@link
   * Trade#NO_SEQUENCE} where there is none.
   */
  long lastTradeSequence(Instrument instrument);

  /**
   * Looks up these instruments, of which {@link #lastTradeSequence} will be asked. Called by a
   * thread that may wait.
   */
  default void prepare(Collection<Instrument> instruments) {}
}
