package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.DecimalLimits;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.proxy.ProxyInjector;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What all feeds of a task share.
 *
 * @param injector knows the egress of a route
 * @param webSockets opens connections
 * @param listener takes the events
 * @param books how books are published
 * @param backfill how missing trades are backfilled
 * @param held limits how many live trades are held
 * @param resume the last trade of each instrument that was in Kafka when the task started
 * @param positions the last trade of each instrument, now
 * @param counters the metrics of the feeds
 * @param random jitter
 * @param onFatal takes the error that ends the task
 */
public record FeedServices(
    ProxyInjector injector,
    WebSocketClient webSockets,
    MarketListener listener,
    BookOptions books,
    BackfillOptions backfill,
    HeldTradesLimit held,
    ResumePoints resume,
    LastTrades positions,
    FeedCounters counters,
    RandomGenerator random,
    Consumer<FatalFeedException> onFatal) {

  /** What the numbers of a record can hold. */
  public DecimalLimits limits() {
    return books.limits();
  }
}
