package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Where a task that ran before had got to. Called by event-loop threads; must not block. */
public interface ResumePoints {

  /** The last trade of this instrument that is safely in Kafka, null where there is none. */
  @Nullable LastTrade lastTrade(Instrument instrument);

  /**
   * Looks up these instruments, of which {@link #lastTrade} will be asked. Called by a thread that
   * may wait.
   */
  default void prepare(Collection<Instrument> instruments) {}
}
