package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.proxy.ProxyInjector;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What the parts of a running feed share.
 *
 * @param injector names the egress of a route
 * @param webSockets opens connections
 * @param listener takes the events
 * @param books how books are handed on
 * @param backfill how missing trades are fetched
 * @param held how many live trades may wait for older ones
 * @param resume where trades had got to, as the task found it
 * @param positions where trades had got to
 * @param counters counts what happens
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
    Consumer<FatalFeedException> onFatal) {}
