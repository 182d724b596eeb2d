package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the trades of each instrument had got to: before this task began, or before the exchange
 * stopped listing it for a while. Safe for use by many threads.
 */
public final class LastTrades {

  private final ResumePoints resume;
  private final Map<String, LastTrade> left = new ConcurrentHashMap<>();

  public LastTrades(ResumePoints resume) {
    this.resume = resume;
  }

  @Nullable
  public LastTrade of(Instrument instrument) {
    LastTrade own = left.get(instrument.key());
    return own == null ? resume.lastTrade(instrument) : own;
  }

  /** Remembers the last trade of an instrument that is not streamed any more. */
  public void leave(Instrument instrument, @Nullable LastTrade last) {
    if (last != null) {
      left.put(instrument.key(), last);
    }
  }
}
