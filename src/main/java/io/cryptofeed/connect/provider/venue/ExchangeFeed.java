package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.ResumeLookup;
import io.cryptofeed.connect.feed.listing.ListingFollower;
import io.cryptofeed.connect.feed.listing.ListingRetry;
import io.cryptofeed.connect.feed.listing.SymbolResolution;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.provider.RunningFeed;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed of one native exchange: finds the configured symbols among its instruments, and spreads
 * their streams over as many connections as the limits of the exchange require.
 */
public final class ExchangeFeed implements RunningFeed, ListingFollower.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(ExchangeFeed.class);

  private final Subscription subscription;
  private final Exchange exchange;
  private final FeedServices services;
  private final Function<Exchange, VenueRest> restOf;
  private final EventLoopGroup loops;
  private final FeedLoop loop;
  private final InstrumentLister lister;
  private final ListingFollower follower;
  private final MessageWarnings warnings;

  /** Reports about instruments that no connection has; used by the feed's own event loop. */
  private final FeedReports reports;

  private final RateLimiter connects;
  private final List<FeedConnection> connections = new CopyOnWriteArrayList<>();
  private volatile boolean reading = true;
  private volatile boolean closed;

  /**
   * @param subscription what to stream
   * @param restOf the REST side of an exchange
   * @param loops the connections are spread over these event loops
   */
  public ExchangeFeed(
      Subscription subscription,
      FeedServices services,
      Function<Exchange, VenueRest> restOf,
      EventLoopGroup loops) {
    this.subscription = subscription;
    this.services = services;
    this.restOf = restOf;
    this.loops = loops;
    exchange = subscription.exchange();
    warnings = new MessageWarnings(exchange.id());
    connects =
        new RateLimiter(
            exchange.connectionRules().connects().permits(),
            exchange.connectionRules().connects().window());
    loop = new FeedLoop(loops.next(), this::onFault);
    lister =
        new InstrumentLister(
            exchange.id(),
            restOf,
            loop,
            new ListingRetry(loop, new Backoff(services.random())),
            warnings);
    reports = new FeedReports(exchange.id(), services, warnings);
    ResumeLookup resume =
        new ResumeLookup(exchange.id(), services.resume(), loop, this::failUnlessClosed);
    follower =
        new ListingFollower(
            exchange.id(),
            subscription.symbols(),
            subscription.refreshInterval(),
            services.random(),
            loop,
            resume,
            then -> lister.list(exchange, then),
            this);
  }

  @Override
  public void start() {
    loop.run(follower::start);
    loop.everySecond(() -> warnings.summarise(System.nanoTime()));
  }

  @Override
  public void setReading(boolean read) {
    loop.run(
        () -> {
          reading = read;
          connections.forEach(connection -> connection.setReading(read));
        });
  }

  @Override
  public void close() {
    closed = true;
    lister.close();
    connections.forEach(FeedConnection::close);
    loop.run(follower::stop);
  }

  private void onFault(RuntimeException fault) {
    fail(FatalFeedException.of(exchange.id(), fault));
  }

  /** The offsets of a task that is being stopped may be unavailable. */
  private void failUnlessClosed(FatalFeedException error) {
    if (!closed) {
      fail(error);
    }
  }

  private void fail(FatalFeedException error) {
    close();
    services.onFatal().accept(error);
  }

  // Symbols that the exchange does not list.

  @Override
  public void onMissing(SymbolResolution resolution) {
    if (subscription.alternatives().isEmpty()) {
      onUnlisted(resolution, resolution.missing());
      return;
    }
    searchAlternatives(resolution, resolution.missing(), 0);
  }

  /** A symbol of the common list may be meant for another exchange. */
  private void searchAlternatives(SymbolResolution resolution, List<String> missing, int index) {
    if (missing.isEmpty()) {
      return;
    }
    if (index == subscription.alternatives().size()) {
      onUnlisted(resolution, missing);
      return;
    }
    Exchange alternative = subscription.alternatives().get(index);
    lister.list(
        alternative,
        listing -> {
          Set<String> listed =
              listing.instruments().stream()
                  .map(instrument -> instrument.symbol().toUpperCase(Locale.ROOT))
                  .collect(Collectors.toSet());
          List<String> stillMissing = new ArrayList<>();
          for (String symbol : missing) {
            if (listed.contains(symbol)) {
              LOG.warn(
                  "exchange={} does not list symbol={} of the property {}; exchange {} lists it",
                  exchange.id(),
                  symbol,
                  subscription.symbolsKey(),
                  alternative.id());
            } else {
              stillMissing.add(symbol);
            }
          }
          searchAlternatives(resolution, stillMissing, index + 1);
        });
  }

  private void onUnlisted(SymbolResolution resolution, List<String> symbols) {
    String text = resolution.explain(exchange.id(), subscription.symbolsKey(), symbols);
    subscription
        .unlisted()
        .handle(
            exchange.id(),
            text,
            symbols,
            instrument -> streams(List.of(instrument)).forEach(reports::unlisted));
  }

  @Override
  public void onDelistedBefore(Instrument instrument) {
    streams(List.of(instrument)).forEach(reports::delistedBefore);
  }

  // Connections.

  @Override
  public void onAdded(List<Instrument> instruments, boolean newlyListed) {
    List<FeedConnection> opened = connect(instruments);
    if (newlyListed) {
      opened.forEach(FeedConnection::reportListed);
    }
  }

  @Override
  public void onRemoved(Instrument instrument, String reason) {
    onConnection(instrument, connection -> connection.remove(instrument, reason));
  }

  @Override
  public void onHalted(Instrument instrument) {
    onConnection(instrument, connection -> connection.reportHalted(instrument));
  }

  @Override
  public void onResumed(Instrument instrument) {
    onConnection(instrument, connection -> connection.reportResumed(instrument));
  }

  private void onConnection(Instrument instrument, Consumer<FeedConnection> action) {
    connections.stream().filter(connection -> connection.has(instrument)).forEach(action);
  }

  private List<FeedConnection> connect(List<Instrument> instruments) {
    List<FeedConnection> opened = new ArrayList<>();
    Map<URI, List<MarketStream>> byUrl = new LinkedHashMap<>();
    for (MarketStream stream : streams(instruments)) {
      byUrl.computeIfAbsent(exchange.websocketUrl(stream), url -> new ArrayList<>()).add(stream);
    }
    byUrl.forEach((url, streams) -> connect(url, streams, opened));
    if (closed) {
      connections.forEach(FeedConnection::close);
    }
    LOG.info(
        "exchange={} streaming instruments={} channels={} connections={}",
        exchange.id(),
        instruments.size(),
        subscription.channels().stream().map(Channel::code).sorted().toList(),
        opened.size());
    return opened;
  }

  /** All streams of an instrument that are served at one URL share one connection. */
  private void connect(URI url, List<MarketStream> streams, List<FeedConnection> opened) {
    int maxStreams = exchange.connectionRules().maxStreams();
    List<MarketStream> part = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      Instrument instrument = streams.get(i).instrument();
      boolean newInstrument = i == 0 || streams.get(i - 1).instrument() != instrument;
      int channels = subscription.channels().size();
      if (newInstrument && !part.isEmpty() && part.size() + channels > maxStreams) {
        opened.add(open(url, part));
        part = new ArrayList<>();
      }
      part.add(streams.get(i));
    }
    if (!part.isEmpty()) {
      opened.add(open(url, part));
    }
  }

  private FeedConnection open(URI url, List<MarketStream> streams) {
    FeedConnection connection =
        new FeedConnection(
            exchange,
            url,
            streams,
            loops.next(),
            loops.next(),
            services,
            restOf.apply(exchange),
            connects,
            warnings);
    connections.add(connection);
    connection.start();
    if (!reading) {
      connection.setReading(false);
    }
    return connection;
  }

  private List<MarketStream> streams(List<Instrument> instruments) {
    List<MarketStream> streams = new ArrayList<>();
    Set<Channel> channels = new TreeSet<>(subscription.channels());
    for (Instrument instrument : instruments) {
      for (Channel channel : channels) {
        streams.add(new MarketStream(channel, instrument));
      }
    }
    return streams;
  }
}
