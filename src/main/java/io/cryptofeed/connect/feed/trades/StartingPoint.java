package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where an instrument starts if the id of its last trade is not known: with the next live trade, a
 * time ago, at a time, or with an id.
 *
 * @param age how long ago the first wanted trade is; null if no age is configured
 * @param timeNs the time of the first wanted trade, nanoseconds since the epoch; 0 if not known
 * @param id the id of the first wanted trade; {@link Trade#NO_SEQUENCE} if none is configured
 */
record StartingPoint(@Nullable Duration age, long timeNs, long id) {

  /** The initial position of an instrument that has no offset. */
  static StartingPoint initial(BackfillOptions options) {
    Long id = options.initialId();
    return new StartingPoint(options.initialAge(), 0, id == null ? Trade.NO_SEQUENCE : id);
  }

  /** The time of a last trade whose id belongs to another id space. */
  static StartingPoint after(LastTrade resume) {
    return new StartingPoint(null, resume.eventNs(), Trade.NO_SEQUENCE);
  }

  /** Whether the instrument starts with an id that is lower than that of a live trade. */
  boolean isIdBefore(long sequence) {
    return id != Trade.NO_SEQUENCE && id < sequence;
  }

  /** Whether the instrument starts at a time, which only the trade history can have. */
  boolean isTime() {
    return age != null || timeNs != 0;
  }

  /**
   * The time of the first wanted trade, nanoseconds since the epoch.
   *
   * @param epochNs the time now
   */
  long timeNs(long epochNs) {
    return age == null ? timeNs : epochNs - age.toNanos();
  }
}
