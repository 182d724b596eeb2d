package io.cryptofeed.connect.local.venue.scripted;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to a trade history, parsed by a {@link TradeDialect}.
 *
 * @param symbol the venue's symbol
 * @param cursor the number of a trade, nanoseconds since the epoch, or a count, depending on {@code
 *     paging}
 * @param limit the maximum number of trades in the response
 */
public record HistoryCall(String symbol, Paging paging, long cursor, int limit) {

  /** The meaning of the cursor. */
  enum Paging {
    /** The number of the oldest trade of the page. */
    FROM_NUMBER,
    /** The number after that of the newest trade of the page. */
    BEFORE_NUMBER,
    /** The time before the oldest trade of the page. */
    AFTER_TIME,
    /** How many of the newest trades are skipped. */
    OFFSET
  }

  /** The newest trades. */
  static HistoryCall newest(String symbol, int limit) {
    return new HistoryCall(symbol, Paging.OFFSET, 0, limit);
  }

  /** The newest trades before a number; the newest of all if none is given. */
  static HistoryCall before(String symbol, @Nullable String id, int limit) {
    return id == null
        ? newest(symbol, limit)
        : new HistoryCall(symbol, Paging.BEFORE_NUMBER, Long.parseLong(id), limit);
  }

  /** The same, starting a few trades too early. */
  HistoryCall overlapping(int trades) {
    long moved =
        switch (paging) {
          case FROM_NUMBER -> cursor - trades;
          case BEFORE_NUMBER -> cursor + trades;
          case AFTER_TIME -> cursor - trades * 1_000_000L;
          case OFFSET -> Math.max(0, cursor - trades);
        };
    return new HistoryCall(symbol, paging, moved, limit);
  }

  /** The requested trades, the oldest first. */
  public List<VenueTrade> select(List<VenueTrade> known) {
    return switch (paging) {
      case FROM_NUMBER ->
          known.stream().filter(trade -> trade.number() >= cursor).limit(limit).toList();
      case AFTER_TIME ->
          known.stream().filter(trade -> trade.timeNanos() > cursor).limit(limit).toList();
      case BEFORE_NUMBER ->
          newest(known.stream().filter(trade -> trade.number() < cursor).toList(), 0);
      case OFFSET -> newest(known, (int) cursor);
    };
  }

  private List<VenueTrade> newest(List<VenueTrade> trades, int offset) {
    int end = Math.max(0, trades.size() - offset);
    return trades.subList(Math.max(0, end - limit), end);
  }
}
