package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.market.Trade;
import java.util.concurrent.TimeUnit;

/**
 * The newest trade id that the exchange announces in other messages than trades. If the stream does
 * not send that trade in time, trades are missing. Used by one thread; the time is passed in.
 */
final class AnnouncedTrade {

  /** The stream may be this late. */
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private long sequence = Trade.NO_SEQUENCE;
  private long sinceNanos;

  /**
   * The exchange announces its newest trade.
   *
   * @param announced its id, or {@link Trade#NO_SEQUENCE}
   * @param newest the highest id that is known already
   * @return an id that the stream should have sent by now, or {@link Trade#NO_SEQUENCE}
   */
  long announce(long announced, long newest, long nanoTime) {
    if (announced == Trade.NO_SEQUENCE || announced <= newest) {
      sequence = Trade.NO_SEQUENCE;
    } else if (sequence == Trade.NO_SEQUENCE) {
      sequence = announced;
      sinceNanos = nanoTime;
    } else if (sequence > newest && nanoTime - sinceNanos > LATE_NANOS) {
      long late = sequence;
      sequence = Trade.NO_SEQUENCE;
      return late;
    }
    return Trade.NO_SEQUENCE;
  }
}
