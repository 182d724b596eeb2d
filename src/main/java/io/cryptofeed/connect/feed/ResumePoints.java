package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The committed offsets of trades. Called by event-loop threads; must not block. */
public interface ResumePoints {

  /** The last trade of this instrument whose offset is committed, null if there is none. */
  @Nullable LastTrade lastTrade(Instrument instrument);

  /**
   * Looks up the offsets of these instruments, before {@link #lastTrade} is called for them. Called
   * by a thread that may block.
   */
  default void prepare(Collection<Instrument> instruments) {}

  /**
   * Those of the candidates that have been streamed before: there is a committed offset of one of
   * their channels. Called by a thread that may block.
   */
  default Set<Instrument> known(Collection<Instrument> candidates) {
    return Set.of();
  }
}
