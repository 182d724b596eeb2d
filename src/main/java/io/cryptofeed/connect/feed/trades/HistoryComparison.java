package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.feed.TradeGap.Loss;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of a stream with the newest trades of the history, after an interruption: what the
 * history had, and how often it failed. Used by one thread.
 */
final class HistoryComparison {

  private static final int REFUSALS_BEFORE_LOST = 3;
  private static final int EMPTY_PAGES_BEFORE_LOST = 3;

  private final String lastId;
  private final long dueAtNanos;
  private int refusals;
  private int emptyPages;
  private @Nullable String firstFound;
  private @Nullable String firstDelivered;
  private @Nullable String lastFound;
  private long found;
  private @Nullable String malformed;

  /**
   * @param lastId the last trade before the interruption, empty if there is none
   * @param dueAtNanos when the history is requested
   */
  HistoryComparison(String lastId, long dueAtNanos) {
    this.lastId = lastId;
    this.dueAtNanos = dueAtNanos;
  }

  /** How long until the history is requested; zero or less when it is due. */
  long waitNanos(long nanoTime) {
    return dueAtNanos - nanoTime;
  }

  /** The history has a trade that the stream did not send. */
  void find(String id) {
    found++;
    firstFound = firstFound == null ? id : firstFound;
    lastFound = id;
    deliver(id);
  }

  /** A trade is delivered which the history has, whether the stream has sent it, too, or not. */
  void deliver(String id) {
    firstDelivered = firstDelivered == null ? id : firstDelivered;
  }

  /** A trade of the page that follows cannot be read. */
  void onMalformed(String reason) {
    malformed = reason;
  }

  /** What is wrong with a trade that cannot be read; null if all can be. */
  @Nullable String malformed() {
    return malformed;
  }

  /** Takes a page: whether it is empty by mistake, perhaps, and is requested again. */
  boolean shouldRetry(List<Trade> page) {
    refusals = 0;
    return page.isEmpty() && ++emptyPages < EMPTY_PAGES_BEFORE_LOST;
  }

  /** Takes a request that failed: whether the exchange has refused often enough. */
  boolean isRefused(boolean refused) {
    refusals += refused ? 1 : 0;
    return refusals >= REFUSALS_BEFORE_LOST;
  }

  /** The history reaches back to the last trade: what is reported, null for nothing. */
  @Nullable TradeGap complete() {
    return found == 0
        ? null
        : new TradeGap(
            firstFound,
            lastFound,
            found,
            found,
            List.of(),
            "trades happened while the stream was interrupted");
  }

  /**
   * The history does not reach back to the last trade: what is reported.
   *
   * @param firstHeld the first held trade, null if none is held
   * @param reason why trades may be lost
   */
  TradeGap incomplete(@Nullable String firstHeld, String reason) {
    String from = lastId.isEmpty() ? null : lastId;
    String to = firstDelivered == null ? firstHeld : firstDelivered;
    return new TradeGap(
        from,
        to,
        null,
        found,
        List.of(new Loss(from, to, null, reason)),
        "the stream was interrupted, and the number of missing trades is unknown");
  }
}
