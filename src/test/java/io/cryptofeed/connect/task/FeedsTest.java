package io.cryptofeed.connect.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.FeedsUnderTest;
import io.cryptofeed.connect.feed.MarketRecorder.SeenTrade;
import io.cryptofeed.connect.feed.ResumePoints;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.provider.venue.Subscription;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole feeds against simulators of the venues, over real sockets. */
@Timeout(120)
class FeedsTest extends FeedsUnderTest {

  private static final Set<Channel> ALL = Set.of(Channel.TRADES, Channel.L2_BOOK);
  private static final String BTC_USDT = "binance.spot.BTC-USDT";
  private static final String ETH_USDT = "binance.spot.ETH-USDT";
  private static final String BTC_USD = "coinbase.spot.BTC-USD";

  private BinanceSimulator binance;
  private CoinbaseSimulator coinbase;

  @BeforeEach
  void startVenues() {
    SimulatorOptions options = SimulatorOptions.builder().tradesPerSecond(200).build();
    binance = BinanceSimulator.start(options);
    coinbase = CoinbaseSimulator.start(options);
    closeLater(binance);
    closeLater(coinbase);
  }

  @Test
  void streams_every_trade_and_the_exact_book_of_both_exchanges() {
    stream(
        subscription(binanceExchange(), "BTC-USDT", "ETH-USDT"),
        subscription(coinbaseExchange(), "BTC-USD"));
    awaitTrades(BTC_USDT, 50);
    awaitTrades(ETH_USDT, 50);
    awaitTrades(BTC_USD, 50);

    settle(binance, BTC_USDT, ETH_USDT);
    settle(coinbase, BTC_USD);
    assertTradesAreTheTruth(binance, BTC_USDT);
    assertTradesAreTheTruth(binance, ETH_USDT);
    assertTradesAreTheTruth(coinbase, BTC_USD);
    assertThat(recorder.snapshotReasons(BTC_USDT)).containsExactly(SnapshotReason.INITIAL);
    assertThat(recorder.statuses(Status.GAP)).isEmpty();
    assertThat(recorder.statuses(Status.CONNECTED)).hasSize(6);
    assertThat(fatal).isEmpty();
  }

  @Test
  void marks_the_replayed_trade_of_coinbase_as_snapshot_and_never_sends_it_twice() {
    coinbase.pauseTrading();
    coinbase.trade("BTC-USD", 5);
    stream(subscription(coinbaseExchange(), "BTC-USD"));
    awaitTrades(BTC_USD, 1);
    coinbase.dropConnections();
    await().until(() -> recorder.statuses(Status.DISCONNECTED).size() == 2);
    await().until(() -> recorder.statuses(Status.CONNECTED).size() == 4);
    coinbase.trade("BTC-USD", 3);
    settle(coinbase, BTC_USD);

    assertThat(recorder.trades(BTC_USD).get(0).origin()).isEqualTo(Origin.SNAPSHOT);
    assertThat(recorder.tradeIds(BTC_USD)).doesNotHaveDuplicates();
    assertThat(recorder.trades(BTC_USD).stream().skip(1))
        .extracting(SeenTrade::origin)
        .containsOnly(Origin.STREAM);
  }

  @Test
  void follows_the_list_of_instruments_of_the_exchange() {
    stream(refreshed(UnlistedSymbols.FAIL, "*-usdt"));
    awaitTrades(BTC_USDT, 5);
    awaitTrades(ETH_USDT, 5);

    binance.delist("BTC-USDT");
    await().until(() -> recorder.statuses(Status.DELISTED).size() == 2);
    int before = recorder.trades(BTC_USDT).size();
    awaitTrades(ETH_USDT, recorder.trades(ETH_USDT).size() + 50);
    assertThat(recorder.trades(BTC_USDT).size()).isLessThan(before + 10);
    assertThat(recorder.statuses(Status.DELISTED))
        .extracting(status -> status.stream().instrument().key())
        .containsOnly(BTC_USDT);

    binance.relist("BTC-USDT");
    await().until(() -> recorder.statuses(Status.LISTED).size() == 2);
    awaitTrades(BTC_USDT, recorder.trades(BTC_USDT).size() + 20);

    settle(binance, ETH_USDT, BTC_USDT);
    assertThat(recorder.snapshotReasons(ETH_USDT)).containsExactly(SnapshotReason.INITIAL);
    assertThat(recorder.statuses(Status.DISCONNECTED)).isEmpty();
    assertThat(fatal).isEmpty();
  }

  @Test
  void a_halt_is_reported_and_ends_no_stream() {
    stream(refreshed(UnlistedSymbols.FAIL, "*-USDT"));
    awaitTrades(BTC_USDT, 5);

    binance.halt("BTC-USDT");
    await().until(() -> recorder.statuses(Status.HALTED).size() == 2);
    awaitTrades(BTC_USDT, recorder.trades(BTC_USDT).size() + 20);
    binance.unhalt("BTC-USDT");
    await().until(() -> recorder.statuses(Status.RESUMED).size() == 2);

    settle(binance, BTC_USDT);
    assertTradesAreTheTruth(binance, BTC_USDT);
    assertThat(recorder.snapshotReasons(BTC_USDT)).containsExactly(SnapshotReason.INITIAL);
    assertThat(recorder.statuses(Status.DELISTED)).isEmpty();
    assertThat(recorder.statuses(Status.LISTED)).isEmpty();
  }

  @Test
  void a_symbol_that_a_committed_offset_knows_is_delisted_and_the_others_go_on() {
    resume =
        new ResumePoints() {
          @Override
          public @Nullable LastTrade lastTrade(Instrument instrument) {
            return null;
          }

          @Override
          public Set<Instrument> known(Collection<Instrument> candidates) {
            return candidates.stream()
                .filter(candidate -> candidate.key().equals("binance.spot.XYZ-USDT"))
                .collect(Collectors.toSet());
          }
        };
    stream(refreshed(UnlistedSymbols.FAIL, "BTC-USDT", "XYZ-USDT"));
    awaitTrades(BTC_USDT, 5);

    assertThat(recorder.statuses(Status.DELISTED))
        .extracting(
            status -> status.stream().channel().code() + ' ' + status.stream().instrument().key())
        .containsExactlyInAnyOrder("trades binance.spot.XYZ-USDT", "l2_book binance.spot.XYZ-USDT");
    assertThat(fatal).isEmpty();
  }

  @Test
  void an_unlisted_symbol_that_may_be_skipped_is_streamed_as_soon_as_it_is_listed() {
    binance.delist("ETH-USDT");
    stream(refreshed(UnlistedSymbols.SKIP, "BTC-USDT", "ETH-USDT"));
    awaitTrades(BTC_USDT, 5);
    await().until(() -> recorder.statuses(Status.UNLISTED).size() == 2);

    binance.relist("ETH-USDT");
    awaitTrades(ETH_USDT, 5);

    assertThat(recorder.statuses(Status.UNLISTED))
        .extracting(status -> status.stream().instrument().key())
        .containsOnly(ETH_USDT);
    assertThat(recorder.statuses(Status.LISTED))
        .extracting(status -> status.stream().instrument().key())
        .containsOnly(ETH_USDT);
    assertThat(fatal).isEmpty();
  }

  private Subscription refreshed(UnlistedSymbols unlisted, String... symbols) {
    return new Subscription(
        binanceExchange(),
        ALL,
        List.of(symbols),
        "symbols",
        List.of(),
        unlisted,
        Duration.ofSeconds(1));
  }

  @Test
  void resynchronises_only_the_symbol_that_gapped() {
    stream(subscription(binanceExchange(), "BTC-USDT", "ETH-USDT"));
    awaitBooks(BTC_USDT, 5);
    awaitBooks(ETH_USDT, 5);
    long requests = depthRequests();

    binance.skipNextUpdate("BTC-USDT");
    await().until(() -> recorder.snapshotReasons(BTC_USDT).size() == 2);

    settle(binance, BTC_USDT, ETH_USDT);
    assertThat(recorder.snapshotReasons(BTC_USDT))
        .containsExactly(SnapshotReason.INITIAL, SnapshotReason.GAP);
    assertThat(recorder.snapshotReasons(ETH_USDT)).containsExactly(SnapshotReason.INITIAL);
    assertThat(depthRequests()).isEqualTo(requests + 1);
    assertThat(recorder.statuses(Status.GAP))
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.stream().instrument().key()).isEqualTo(BTC_USDT);
              assertThat(gap.stream().channel()).isEqualTo(Channel.L2_BOOK);
              assertThat(gap.missingCount()).isPositive();
            });
    assertThat(binance.webSocketsOpened()).isEqualTo(1);
  }

  @Test
  void a_repeated_update_changes_nothing() {
    stream(subscription(binanceExchange(), "BTC-USDT"));
    awaitBooks(BTC_USDT, 5);
    binance.duplicateNext("BTC-USDT");
    awaitBooks(BTC_USDT, recorder.books(BTC_USDT).size() + 5);

    settle(binance, BTC_USDT);
    assertThat(recorder.snapshotReasons(BTC_USDT)).containsExactly(SnapshotReason.INITIAL);
  }

  @Test
  void a_missing_trade_is_reported_and_recovered() {
    stream(subscription(binanceExchange(), "BTC-USDT"));
    awaitTrades(BTC_USDT, 10);
    binance.skipNextTrade("BTC-USDT");
    await().until(() -> !recorder.statuses(Status.BACKFILLED).isEmpty());

    settle(binance, BTC_USDT);
    FeedStatus gap = recorder.statuses(Status.GAP).get(0);
    FeedStatus backfilled = recorder.statuses(Status.BACKFILLED).get(0);
    assertThat(gap.missingCount()).isEqualTo(1);
    assertThat(backfilled.recoveredCount()).isEqualTo(1);
    assertThat(backfilled.fromId()).isEqualTo(gap.fromId());
    assertTradesAreTheTruth(binance, BTC_USDT);
  }

  @Test
  void drops_a_duplicate_trade() {
    stream(subscription(binanceExchange(), "BTC-USDT"));
    awaitTrades(BTC_USDT, 10);
    binance.duplicateNextTrade("BTC-USDT");
    awaitTrades(BTC_USDT, recorder.tradeIds(BTC_USDT).size() + 10);

    settle(binance, BTC_USDT);
    assertTradesAreTheTruth(binance, BTC_USDT);
  }

  @Test
  void reconnects_after_a_disconnect_and_rebuilds_the_books() {
    stream(
        subscription(binanceExchange(), "BTC-USDT"), subscription(coinbaseExchange(), "BTC-USD"));
    awaitBooks(BTC_USDT, 3);
    awaitBooks(BTC_USD, 3);
    binance.dropConnections();
    coinbase.dropConnections();
    await().until(() -> recorder.snapshotReasons(BTC_USDT).contains(SnapshotReason.RECONNECT));
    await().until(() -> recorder.snapshotReasons(BTC_USD).contains(SnapshotReason.RECONNECT));

    settle(binance, BTC_USDT);
    settle(coinbase, BTC_USD);
    assertThat(recorder.statuses(Status.DISCONNECTED)).hasSize(4);
  }

  @Test
  void starts_when_the_exchange_is_up_later() {
    int port = binance.port();
    binance.stop();
    stream(subscription(exchange("binance", port, "/stream"), "BTC-USDT"));
    binance.start();

    await().atMost(Duration.ofSeconds(60)).until(() -> recorder.trades(BTC_USDT).size() > 5);
    assertThat(fatal).isEmpty();
  }

  @Test
  void an_announced_shutdown_is_survived_without_losing_a_trade_or_a_book() {
    stream(subscription(binanceExchange(), "BTC-USDT"));
    awaitTrades(BTC_USDT, 20);
    binance.announceShutdown();
    await().until(() -> binance.webSocketsOpened() == 2 && binance.currentWebSockets() == 1);
    awaitTrades(BTC_USDT, recorder.tradeIds(BTC_USDT).size() + 20);

    settle(binance, BTC_USDT);
    assertTradesAreTheTruth(binance, BTC_USDT);
    assertThat(recorder.snapshotReasons(BTC_USDT)).containsExactly(SnapshotReason.INITIAL);
    assertThat(recorder.statuses(Status.DISCONNECTED)).isEmpty();
    assertThat(recorder.statuses(Status.LOST)).isEmpty();
  }

  @Test
  void a_silent_connection_is_replaced() {
    stream(subscription(coinbaseExchange(), "BTC-USD"));
    awaitBooks(BTC_USD, 3);
    coinbase.stall();
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> !recorder.statuses(Status.DISCONNECTED).isEmpty());
    coinbase.resume();
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> recorder.snapshotReasons(BTC_USD).contains(SnapshotReason.RECONNECT));

    settle(coinbase, BTC_USD);
    assertThat(recorder.statuses(Status.DISCONNECTED).get(0).reason())
        .contains("no message arrived for");
  }

  @Test
  void a_malformed_message_resynchronises_the_book_that_is_not_verified_otherwise() {
    Feeds feeds = stream(subscription(coinbaseExchange(), "BTC-USD"));
    awaitBooks(BTC_USD, 3);
    coinbase.sendRaw("{\"type\":\"l2update\",\"product_id\":\"BTC-USD\",\"changes\":[[\"buy\",\"1");
    await().until(() -> recorder.snapshotReasons(BTC_USD).contains(SnapshotReason.GAP));
    settle(coinbase, BTC_USD);
    assertThat(feeds.counters().disconnects().sum()).isZero();
  }

  @Test
  void sockets_that_are_not_read_apply_backpressure_and_lose_nothing() {
    Feeds feeds = stream(subscription(binanceExchange(), "BTC-USDT"));
    awaitTrades(BTC_USDT, 10);
    feeds.setReading(false);
    // Frames that were read already still come; then it must be still.
    await()
        .during(Duration.ofMillis(300))
        .until(
            new Callable<Boolean>() {
              private int last = -1;

              @Override
              public Boolean call() {
                int now = recorder.tradeIds(BTC_USDT).size();
                boolean still = now == last;
                last = now;
                return still;
              }
            });
    feeds.setReading(true);
    awaitTrades(BTC_USDT, recorder.tradeIds(BTC_USDT).size() + 50);

    settle(binance, BTC_USDT);
    assertTradesAreTheTruth(binance, BTC_USDT);
  }

  @Test
  void a_refusal_by_region_is_reported_and_retried_slowly() {
    binance.refuseHandshakes(451, Map.of(), "{\"code\":0,\"msg\":\"restricted location\"}");
    stream(subscription(binanceExchange(), "BTC-USDT"));
    await().until(() -> !recorder.statuses(Status.DISCONNECTED).isEmpty());

    assertThat(recorder.statuses(Status.DISCONNECTED).get(0).reason()).contains("451");
    assertThat(binance.webSocketsOpened()).isZero();
    assertThat(fatal).isEmpty();
  }

  @Test
  void a_symbol_that_is_not_listed_ends_the_task_and_names_the_nearest() {
    stream(subscription(binanceExchange(), "BTC-USDT", "BTC-USTD"));
    await().until(() -> !fatal.isEmpty());

    assertThat(fatal)
        .singleElement()
        .satisfies(
            error ->
                assertThat(error.getMessage())
                    .contains("exchange.binance.symbols")
                    .contains("'BTC-USTD'")
                    .contains("BTC-USDT"));
  }

  @Test
  void a_common_symbol_may_be_listed_by_another_exchange_only() {
    Exchange one = binanceExchange();
    Exchange other = coinbaseExchange();
    stream(
        new Subscription(
            one,
            ALL,
            List.of("BTC-USDT", "BTC-USD"),
            "symbols",
            List.of(other),
            UnlistedSymbols.FAIL,
            Duration.ZERO));
    awaitTrades(BTC_USDT, 5);

    assertThat(fatal).isEmpty();
  }

  @Test
  void a_common_symbol_that_no_exchange_lists_ends_the_task() {
    stream(
        new Subscription(
            binanceExchange(),
            ALL,
            List.of("BTC-USDT", "NO-SUCH"),
            "symbols",
            List.of(coinbaseExchange()),
            UnlistedSymbols.FAIL,
            Duration.ZERO));
    await().until(() -> !fatal.isEmpty());

    assertThat(fatal.get(0)).hasMessageContaining("symbols: ").hasMessageContaining("'NO-SUCH'");
  }

  @Test
  void a_resumed_feed_recovers_missing_trades() {
    binance.trade("BTC-USDT", 10);
    long lastInKafka = binance.trades("BTC-USDT").get(3).id();
    resume = instrument -> new LastTrade("", lastInKafka, 0);
    stream(subscription(binanceExchange(), "BTC-USDT"));
    awaitTrades(BTC_USDT, 20);

    FeedStatus gap = recorder.statuses(Status.GAP).get(0);
    assertThat(gap.fromId()).isEqualTo(Long.toString(lastInKafka + 1));
    settle(binance, BTC_USDT);
    assertThat(recorder.tradeIds(BTC_USDT).get(0)).isEqualTo(lastInKafka + 1);
    assertTradesAreTheTruth(binance, BTC_USDT);
  }

  @Test
  void too_many_requests_are_answered_with_a_backoff() {
    binance.failRest(429, 2, 1);
    stream(subscription(binanceExchange(), "BTC-USDT"));
    awaitTrades(BTC_USDT, 5);

    assertThat(binance.requests().get("/api/v3/exchangeInfo")).isEqualTo(2);
  }

  @Test
  void leaves_no_socket_open_under_any_load() {
    SimulatorOptions endless = SimulatorOptions.builder().keepHistory(false).build();
    try (BinanceSimulator venue = BinanceSimulator.start(endless)) {
      venue.firehose(10);
      for (int round = 0; round < 20; round++) {
        long seen = recorder.trades(BTC_USDT).size();
        Feeds feeds =
            stream(subscription(exchange("binance", venue.port(), "/stream"), "BTC-USDT"));
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> recorder.trades(BTC_USDT).size() > seen + 100);
        if (round % 2 == 0) {
          feeds.setReading(false);
        }
        feeds.close();
        await().atMost(Duration.ofSeconds(5)).until(() -> venue.currentConnections() == 0);
      }
    }
  }

  @Test
  void leaves_no_thread_behind() {
    Feeds feeds = stream(subscription(binanceExchange(), "BTC-USDT"));
    awaitTrades(BTC_USDT, 5);
    assertThat(liveThreads()).isPositive();
    feeds.close();
    await().until(() -> liveThreads() == 0);
  }

  private static long liveThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("feeds-under-test"))
        .count();
  }

  // The world.

  private static Subscription subscription(Exchange exchange, String... symbols) {
    return new Subscription(
        exchange,
        ALL,
        List.of(symbols),
        "exchange." + exchange.id() + ".symbols",
        List.of(),
        UnlistedSymbols.FAIL,
        Duration.ZERO);
  }

  private Exchange binanceExchange() {
    return exchange("binance", binance.port(), "/stream");
  }

  private Exchange coinbaseExchange() {
    return exchange("coinbase", coinbase.port(), "/");
  }

  private static Exchange exchange(String id, int port, String path) {
    return Venues.builtIn()
        .open(
            id,
            new VenueOptions(
                false,
                URI.create("ws://127.0.0.1:" + port + path),
                URI.create("http://127.0.0.1:" + port),
                null,
                null,
                0));
  }

  private void awaitTrades(String instrument, int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> recorder.trades(instrument).size() >= count);
  }

  private void awaitBooks(String instrument, int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> recorder.books(instrument).size() >= count);
  }

  private long depthRequests() {
    return binance.requests().getOrDefault("/api/v3/depth", 0L);
  }

  /** Lets the market stand still and waits until the consumer's books are the true ones. */
  private void settle(VenueSimulator venue, String... instruments) {
    venue.pauseTrading();
    for (String instrument : instruments) {
      String symbol = instrument.substring(instrument.lastIndexOf('.') + 1);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> recorder.bookEquals(instrument, venue.book(symbol)));
      recorder.compareBooks(
          instrument,
          record ->
              venue == coinbase
                  ? coinbaseBook(symbol, record)
                  : venue.bookAt(symbol, record.getInt64("sequence")),
          books.depth());
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                List<Long> ids = recorder.tradeIds(instrument);
                List<TradeTruth> truth = venue.trades(symbol);
                return !ids.isEmpty()
                    && ids.get(ids.size() - 1) == truth.get(truth.size() - 1).id();
              });
    }
  }

  /** Books of Coinbase have no sequence: deltas are found by their time. */
  private BookTruth coinbaseBook(String symbol, Struct record) {
    return record.getBoolean("is_snapshot")
        ? coinbase.bookInSnapshot(symbol, record.getInt64("ts_recv_ns") / 1_000)
        : coinbase.bookInDelta(symbol, record.getInt64("ts_event_ns") / 1_000);
  }

  /** From the first trade seen, every true trade, in order, once, with its true content. */
  private void assertTradesAreTheTruth(VenueSimulator venue, String instrument) {
    String symbol = instrument.substring(instrument.lastIndexOf('.') + 1);
    List<SeenTrade> seen = recorder.trades(instrument);
    long first = seen.get(0).id();
    assertThat(seen)
        .extracting(SeenTrade::id)
        .containsExactlyElementsOf(LongStream.range(first, first + seen.size()).boxed().toList());
    List<TradeTruth> truth =
        venue.trades(symbol).stream().filter(trade -> trade.id() >= first).toList();
    assertThat(seen).hasSameSizeAs(truth);
    for (int i = 0; i < truth.size(); i++) {
      assertThat(seen.get(i).price()).isEqualTo(truth.get(i).price());
      assertThat(seen.get(i).size()).isEqualTo(truth.get(i).size());
      assertThat(seen.get(i).side().name()).isEqualTo(truth.get(i).taker().name());
    }
  }
}
