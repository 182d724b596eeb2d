package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import java.util.stream.LongStream;

/** Trades of one instrument, of which one happens every second. */
final class HistoricalTrades {

  static final long SECOND = 1_000_000_000L;

  private static final Instrument INSTRUMENT =
      new Instrument(
          "venue", MarketType.SPOT, "BTC-USDT", "BTCUSDT", "BTC", "USDT", null, null, true);

  private HistoricalTrades() {}

  /** The time of a trade, nanoseconds since the epoch. */
  static long timeNs(long id) {
    return id * SECOND;
  }

  static Trade trade(long id) {
    return trade(id, timeNs(id), Origin.BACKFILL);
  }

  static Trade trade(long id, long eventNs, Origin origin) {
    return new Trade(INSTRUMENT)
        .set(
            INSTRUMENT,
            Long.toString(id),
            id,
            id,
            Trade.NO_SEQUENCE,
            Side.BUY,
            0,
            origin,
            eventNs,
            eventNs + 1);
  }

  /** The trades from one id to another. */
  static List<Trade> page(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(HistoricalTrades::trade).toList();
  }
}
