package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last trade of each instrument: from its committed offset, or, after the exchange delisted it
 * for a while, from this task. Safe for use by many threads.
 */
public final class LastTrades {

  private final ResumePoints resume;
  private final Map<String, LastTrade> kept = new ConcurrentHashMap<>();

  public LastTrades(ResumePoints resume) {
    this.resume = resume;
  }

  /** The last trade of an instrument, null if there is none. */
  @Nullable
  public LastTrade of(Instrument instrument) {
    LastTrade own = kept.get(instrument.key());
    return own == null ? resume.lastTrade(instrument) : own;
  }

  /** Keeps the last trade of an instrument that is not streamed any more. */
  public void leave(Instrument instrument, @Nullable LastTrade last) {
    if (last != null) {
      kept.put(instrument.key(), last);
    }
  }
}
