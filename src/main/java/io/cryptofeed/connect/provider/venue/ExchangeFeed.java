package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.InstrumentPage;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.ResumeLookup;
import io.cryptofeed.connect.feed.listing.ListingChange;
import io.cryptofeed.connect.feed.listing.SymbolResolution;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.provider.RunningFeed;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one subscription: reads the venue's instruments, finds the configured symbols among them,
 * and spreads their streams over as many connections as the venue's limits ask for.
 */
public final class ExchangeFeed implements RunningFeed {

  private static final Logger LOG = LoggerFactory.getLogger(ExchangeFeed.class);

  private final Subscription subscription;
  private final Exchange exchange;
  private final FeedServices services;
  private final Function<Exchange, VenueRest> restOf;
  private final EventLoopGroup loops;
  private final FeedLoop loop;
  private final ResumeLookup resume;
  private final Backoff backoff;
  private final List<FeedConnection> connections = new CopyOnWriteArrayList<>();
  private final Set<Instrument> streamed = new LinkedHashSet<>();
  private final RateLimiter connects;
  private volatile boolean reading = true;
  private volatile boolean closed;

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
    connects =
        new RateLimiter(
            exchange.connectionRules().connects().permits(),
            exchange.connectionRules().connects().window());
    loop =
        new FeedLoop(
            loops.next(),
            fault ->
                fail(new FatalFeedException(exchange.id() + ": " + fault.getMessage(), fault)));
    resume =
        new ResumeLookup(
            exchange.id(),
            services.resume(),
            loop,
            error -> {
              // What is being stopped may have no offsets any more.
              if (!closed) {
                fail(error);
              }
            });
    backoff = new Backoff(services.random());
  }

  @Override
  public void start() {
    loop.run(() -> listInstruments(exchange, this::begin));
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
    connections.forEach(FeedConnection::close);
  }

  /** Asks an exchange for all its lists of instruments until it has answered. */
  private void listInstruments(Exchange of, Consumer<List<Instrument>> then) {
    ask(of, new ArrayDeque<>(of.instrumentRequests()), new ArrayList<>(), then);
  }

  private void ask(
      Exchange of,
      Deque<InstrumentRequest> requests,
      List<Instrument> known,
      Consumer<List<Instrument>> then) {
    InstrumentRequest request = requests.peek();
    if (closed) {
      return;
    }
    if (request == null) {
      then.accept(known);
      return;
    }
    restOf
        .apply(of)
        .get(
            loop,
            request.request(),
            new VenueRest.Callback() {
              @Override
              public void onBody(byte[] body, long receiveNs) {
                InstrumentPage page;
                try {
                  page = of.readInstruments(request, body);
                } catch (MalformedMessageException e) {
                  onFailure(String.valueOf(e.getMessage()));
                  return;
                }
                requests.remove();
                known.addAll(page.instruments());
                if (page.next() != null) {
                  requests.addFirst(page.next());
                }
                ask(of, requests, known, then);
              }

              @Override
              public void onFailure(String reason) {
                long wait = backoff.failed(System.nanoTime());
                if (!closed && Integer.bitCount(backoff.attempts()) == 1) {
                  LOG.warn(
                      "exchange={} cannot list instruments, attempt {}, next in {} ms: {}",
                      of.id(),
                      backoff.attempts(),
                      TimeUnit.NANOSECONDS.toMillis(wait),
                      reason);
                }
                loop.later(wait, () -> ask(of, requests, known, then));
              }
            });
  }

  private void begin(List<Instrument> listed) {
    SymbolResolution resolution = SymbolResolution.of(subscription.symbols(), listed);
    resolution.found().stream()
        .filter(instrument -> !instrument.active())
        .forEach(
            instrument ->
                LOG.warn(
                    "exchange={} symbol={} is listed but not trading now",
                    exchange.id(),
                    instrument.symbol()));
    if (resolution.missing().isEmpty()) {
      stream(resolution.found());
    } else if (subscription.alternatives().isEmpty()) {
      fail(unknown(resolution, resolution.missing()));
    } else {
      stream(resolution.found());
      searchAlternatives(resolution, resolution.missing(), 0);
    }
  }

  private void stream(List<Instrument> instruments) {
    if (instruments.isEmpty()) {
      LOG.warn(
          "exchange={} nothing is streamed: none of its symbols fits {}",
          exchange.id(),
          subscription.symbols());
    }
    streamed.addAll(instruments);
    resume.prepare(instruments, () -> connect(instruments));
    refreshLater();
  }

  // Following what the exchange lists.

  private void refreshLater() {
    long interval = subscription.refreshInterval().toNanos();
    if (interval > 0 && !closed) {
      // Tasks that began together do not ask together.
      long wait = interval - services.random().nextLong(interval / 10 + 1);
      loop.later(wait, () -> listInstruments(exchange, this::refresh));
    }
  }

  private void refresh(List<Instrument> listed) {
    if (closed) {
      return;
    }
    ListingChange change =
        ListingChange.of(
            SymbolResolution.of(subscription.symbols(), listed).found(), List.copyOf(streamed));
    for (ListingChange.Gone gone : change.gone()) {
      Instrument instrument = gone.instrument();
      streamed.remove(instrument);
      LOG.warn("exchange={} symbol={} {}", exchange.id(), instrument.symbol(), gone.reason());
      connections.stream()
          .filter(connection -> connection.has(instrument))
          .forEach(connection -> connection.remove(instrument, gone.reason()));
    }
    List<Instrument> added = change.added();
    if (!added.isEmpty()) {
      LOG.info(
          "exchange={} lists anew: {}",
          exchange.id(),
          added.stream().map(Instrument::symbol).toList());
      streamed.addAll(added);
      resume.prepare(added, () -> connect(added).forEach(FeedConnection::reportListed));
    }
    refreshLater();
  }

  /** A symbol of the common list may be meant for another exchange. */
  private void searchAlternatives(SymbolResolution resolution, List<String> missing, int index) {
    if (missing.isEmpty()) {
      return;
    }
    if (index == subscription.alternatives().size()) {
      fail(unknown(resolution, missing));
      return;
    }
    Exchange alternative = subscription.alternatives().get(index);
    listInstruments(
        alternative,
        instruments -> {
          Set<String> listed =
              instruments.stream().map(Instrument::symbol).collect(Collectors.toSet());
          List<String> stillMissing = new ArrayList<>();
          for (String symbol : missing) {
            if (listed.contains(symbol)) {
              LOG.warn(
                  "exchange={} does not list symbol={}, which {} names and {} lists",
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

  private FatalFeedException unknown(SymbolResolution resolution, List<String> symbols) {
    return new FatalFeedException(
        resolution.explain(exchange.id(), subscription.symbolsKey(), symbols));
  }

  private void fail(FatalFeedException error) {
    close();
    services.onFatal().accept(error);
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
    int most = exchange.connectionRules().maxStreams();
    List<MarketStream> part = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      Instrument instrument = streams.get(i).instrument();
      boolean newInstrument = i == 0 || streams.get(i - 1).instrument() != instrument;
      int channels = subscription.channels().size();
      if (newInstrument && !part.isEmpty() && part.size() + channels > most) {
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
            connects);
    connections.add(connection);
    connection.start();
    if (!reading) {
      connection.setReading(false);
    }
    return connection;
  }

  private List<MarketStream> streams(List<Instrument> instruments) {
    List<MarketStream> streams = new ArrayList<>();
    for (Instrument instrument : instruments) {
      for (Channel channel : Channel.values()) {
        if (subscription.channels().contains(channel)) {
          streams.add(new MarketStream(channel, instrument));
        }
      }
    }
    return streams;
  }
}
