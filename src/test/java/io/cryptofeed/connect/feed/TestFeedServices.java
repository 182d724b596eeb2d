package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.net.OriginTls;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.proxy.ProxyInjector;
import java.util.Random;

/** The services of a feed whose parts are tested without the feed. */
public final class TestFeedServices {

  private TestFeedServices() {}

  /** Services that report to a listener, and throw an error that ends the task. */
  public static FeedServices of(ProxyInjector injector, MarketListener listener) {
    return new FeedServices(
        injector,
        new WebSocketClient(injector, OriginTls.platform(injector)),
        listener,
        BookOptions.ALL,
        BackfillOptions.DEFAULT,
        new HeldTradesLimit(1),
        instrument -> null,
        new LastTrades(instrument -> null),
        new FeedCounters(),
        new Random(1),
        error -> {
          throw error;
        });
  }
}
