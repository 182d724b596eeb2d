package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.provider.ccxt.CcxtSubscription;
import io.cryptofeed.connect.provider.venue.Subscription;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.task.Feeds;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Feeds as a task runs them, what they hand on, and all that is closed when a test ends. */
public abstract class FeedsUnderTest {

  public final MarketRecorder recorder = new MarketRecorder();
  public final List<FatalFeedException> fatal = new CopyOnWriteArrayList<>();

  /** What the feeds start with; a test that wants something else sets it before. */
  public BookOptions books = BookOptions.ALL;

  public BackfillOptions backfill = BackfillOptions.DEFAULT;
  public ResumePoints resume = instrument -> null;

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** Closes something after the test, the last first. */
  public <T extends AutoCloseable> T closeLater(T opened) {
    open.add(opened);
    return opened;
  }

  /** Starts feeds by profiles. */
  public Feeds stream(Subscription... subscriptions) {
    return stream(List.of(subscriptions), List.of());
  }

  /** Starts feeds by CCXT. */
  public Feeds stream(CcxtSubscription... scripts) {
    return stream(List.of(), List.of(scripts));
  }

  private Feeds stream(List<Subscription> subscriptions, List<CcxtSubscription> scripts) {
    Feeds feeds =
        closeLater(
            new Feeds(
                subscriptions,
                scripts,
                new ProxyInjector(ProxySettings.disabled()),
                recorder,
                books,
                backfill,
                resume,
                fatal::add,
                "feeds-under-test"));
    feeds.start();
    return feeds;
  }

  /** An exchange by its profile, at a simulator. */
  public static Exchange profile(String id, int port, @Nullable String tradesMode) {
    return Venues.builtIn().open(id, at(port, tradesMode, null));
  }

  /** A simulator in place of an exchange. */
  public static VenueOptions at(int port, @Nullable String tradesMode, @Nullable String bookMode) {
    return new VenueOptions(
        false,
        URI.create("ws://127.0.0.1:" + port),
        URI.create("http://127.0.0.1:" + port),
        tradesMode,
        bookMode,
        0);
  }

  public static Subscription subscription(
      Exchange exchange, Set<Channel> channels, List<String> symbols) {
    return new Subscription(
        exchange, channels, symbols, "symbols", List.of(), UnlistedSymbols.FAIL, Duration.ZERO);
  }
}
