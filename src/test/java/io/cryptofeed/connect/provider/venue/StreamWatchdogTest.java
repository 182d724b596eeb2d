package io.cryptofeed.connect.provider.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.FeedsUnderTest;
import io.cryptofeed.connect.feed.MarketRecorder;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.TestFeedServices;
import io.cryptofeed.connect.local.venue.scripted.NeighbourVenue;
import io.cryptofeed.connect.local.venue.scripted.VenueTemplate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.OriginTls;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real connection to a scripted venue, which is checked at times that the test chooses. */
class StreamWatchdogTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int UNKNOWN_MESSAGES = 10;

  @TempDir private Path profiles;

  private final NeighbourVenue venue =
      NeighbourVenue.start(VenueTemplate.of("binance"), System.currentTimeMillis() * 1_000_000);
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final MarketRecorder recorder = new MarketRecorder();
  private @Nullable FeedConnection connection;
  private @Nullable HttpClient http;
  private @Nullable FeedCounters counters;
  private long startNanos;

  @BeforeEach
  void writeProfile() throws Exception {
    Files.writeString(
        profiles.resolve("own.yaml"),
        """
        venue: own
        extends: binance
        limits: {sent_frames: {permits: 1000, window: 1s}}
        liveness:
          max_silence: 1h
          first_data: {trades: 1s, l2_book: 1s, quotes: 1s}
          stale_after: null
        """);
  }

  @AfterEach
  void close() {
    if (connection != null) {
      connection.close();
    }
    if (http != null) {
      http.close();
    }
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    venue.close();
  }

  @Test
  void a_connection_whose_streams_are_confirmed_and_whose_messages_are_all_unknown_is_reported()
      throws Exception {
    connect("binance", streams("ETHUSDT", NeighbourVenue.CHANNELS));
    for (int i = 0; i < UNKNOWN_MESSAGES; i++) {
      venue.noise("{\"stream\":\"ethusdt@new\",\"data\":{\"e\":\"new\",\"s\":\"ethusdt\"}}");
    }
    awaitUnknown(UNKNOWN_MESSAGES);
    check(Duration.ofSeconds(29));
    assertThat(recorder.statuses(Status.STALE)).isEmpty();

    check(Duration.ofSeconds(31));

    assertThat(recorder.statuses(Status.STALE))
        .hasSize(3)
        .allSatisfy(status -> assertThat(status.reason()).contains("belong to no stream"));
    check(Duration.ofSeconds(32));
    assertThat(recorder.statuses(Status.STALE)).hasSize(3);
  }

  @Test
  void a_connection_on_which_nothing_arrives_is_replaced() throws Exception {
    connect("binance", streams("ETHUSDT", NeighbourVenue.CHANNELS));
    check(Duration.ofSeconds(58));
    assertThat(venue.webSocketsOpened()).isEqualTo(1);

    check(Duration.ofSeconds(70));

    await().atMost(LIMIT).until(() -> venue.webSocketsOpened() == 2);
    await().atMost(LIMIT).until(() -> venue.oddSubscriptions(Channel.TRADES) == 2);
    assertThat(recorder.statuses(Status.DISCONNECTED))
        .hasSize(3)
        .allSatisfy(status -> assertThat(status.reason()).contains("no message arrived for 60 s"));
  }

  @Test
  void one_instrument_that_is_silent_is_retried_and_says_nothing_about_its_connection()
      throws Exception {
    List<MarketStream> streams = streams("ETHUSDT", NeighbourVenue.CHANNELS);
    streams.addAll(streams("BTCUSDT", NeighbourVenue.CHANNELS));
    connect("own", streams);
    venue.other();
    awaitData("BTC-USDT");

    failThreeTimes();

    assertThat(venue.oddSubscriptions(Channel.TRADES)).isEqualTo(4);
    assertThat(venue.otherSubscriptions(Channel.TRADES)).isEqualTo(1);
    assertThat(recorder.statuses(Status.STALE))
        .hasSize(3)
        .extracting(status -> status.stream().instrument().symbol())
        .containsOnly("ETH-USDT");
    assertThat(venue.webSocketsOpened()).isEqualTo(1);
  }

  @Test
  void a_connection_most_of_whose_streams_fail_is_replaced_without_an_interruption()
      throws Exception {
    List<MarketStream> streams = streams("ETHUSDT", NeighbourVenue.CHANNELS);
    streams.addAll(streams("BTCUSDT", List.of(Channel.TRADES)));
    connect("own", streams);
    venue.other();
    awaitData("BTC-USDT");

    failThreeTimes();
    await().atMost(LIMIT).until(() -> venue.webSocketsOpened() == 2);
    await().atMost(LIMIT).until(() -> venue.otherSubscriptions(Channel.TRADES) == 2);
    check(Duration.ofSeconds(62));
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              check(Duration.ofSeconds(63));
              return venue.currentWebSockets() == 1;
            });

    assertThat(recorder.statuses(Status.DISCONNECTED))
        .extracting(status -> status.stream().instrument().symbol())
        .doesNotContain("BTC-USDT");
    // Another bad connection is not replaced again at once.
    check(Duration.ofSeconds(90));
    assertThat(venue.webSocketsOpened()).isEqualTo(2);
  }

  @Test
  void a_connection_on_which_no_stream_is_well_is_closed_and_opened_again() throws Exception {
    connect("own", streams("ETHUSDT", NeighbourVenue.CHANNELS));

    failThreeTimes();

    await().atMost(LIMIT).until(() -> venue.webSocketsOpened() == 2);
    assertThat(recorder.statuses(Status.DISCONNECTED))
        .extracting(FeedStatus::reason)
        .allSatisfy(reason -> assertThat(reason).contains("3 of 3 streams are stale"));
  }

  /** Streams without data are retried at once, after 15 s, and after another 30 s. */
  private void failThreeTimes() throws Exception {
    for (int seconds : new int[] {2, 18, 61}) {
      int before = venue.oddSubscriptions(Channel.QUOTES);
      check(Duration.ofSeconds(seconds));
      await().atMost(LIMIT).until(() -> venue.oddSubscriptions(Channel.QUOTES) > before);
    }
  }

  private void connect(String profile, List<MarketStream> streams) throws Exception {
    ProxyInjector injector = new ProxyInjector(ProxySettings.disabled());
    http = new HttpClient(injector, OriginTls.platform(injector));
    Exchange exchange =
        Venues.withProfilesOf(profiles, Channels.BUILT_IN)
            .open(profile, FeedsUnderTest.at(venue.port(), "raw", null));
    FeedServices services = TestFeedServices.of(injector, recorder);
    connection =
        new FeedConnection(
            exchange,
            URI.create("ws://127.0.0.1:" + venue.port() + "/stream"),
            streams,
            loop,
            loop,
            services,
            new VenueRest(exchange, injector, http),
            new RateLimiter(1_000, Duration.ofSeconds(1)),
            new MessageWarnings(exchange.id()));
    counters = services.counters();
    connection.start();
    await().atMost(LIMIT).until(() -> recorder.statuses(Status.CONNECTED).size() == streams.size());
    startNanos = System.nanoTime();
  }

  private void awaitUnknown(int messages) {
    await().atMost(LIMIT).until(() -> counters != null && counters.unknown().sum() == messages);
  }

  private void awaitData(String symbol) {
    await().atMost(LIMIT).until(() -> !recorder.trades("own.spot." + symbol).isEmpty());
  }

  private static List<MarketStream> streams(String exchangeSymbol, List<Channel> channels) {
    String base = exchangeSymbol.substring(0, 3);
    Instrument instrument =
        new Instrument(
            "own", MarketType.SPOT, base + "-USDT", exchangeSymbol, base, "USDT", null, null, true);
    List<MarketStream> streams = new ArrayList<>();
    channels.forEach(channel -> streams.add(new MarketStream(channel, instrument)));
    return streams;
  }

  /** Checks the connection as if so much time had passed since the subscription. */
  private void check(Duration later) throws Exception {
    FeedConnection checked = connection;
    if (checked == null) {
      throw new IllegalStateException("connect first");
    }
    loop.submit(() -> checked.check(startNanos + later.toNanos())).get();
  }
}
