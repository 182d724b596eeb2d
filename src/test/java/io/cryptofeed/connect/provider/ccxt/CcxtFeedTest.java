package io.cryptofeed.connect.provider.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.ccxt.CcxtHosts;
import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.ccxt.PlainOptions;
import io.cryptofeed.connect.feed.FeedsUnderTest;
import io.cryptofeed.connect.feed.MarketRecorder.SeenBook;
import io.cryptofeed.connect.feed.MarketRecorder.SeenTrade;
import io.cryptofeed.connect.feed.ResumePoints;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.scripted.BackpackBooks;
import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.task.Feeds;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Complete feeds served by CCXT, against simulators of the venues, over real sockets. */
@Tag("ccxt")
class CcxtFeedTest extends FeedsUnderTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"BACKPACK", "KRAKEN", "BINANCE_AGGREGATES"})
  void every_trade_is_emitted_once_although_some_are_lost_and_the_connection_is_lost(
      TradeExchange kind) {
    TradeVenue venue = venue(kind);
    stream(subscription(venue, Set.of(Channel.TRADES), null));
    awaitSubscribed(venue, 1);
    venue.trade(kind.one(), 30);
    venue.trade(kind.other(), 5);
    assertArrived(venue, kind.one(), kind.oneKey());

    venue.lose(kind.one(), 25);
    venue.trade(kind.one(), 10);
    assertArrived(venue, kind.one(), kind.oneKey());
    assertThat(recorder.statuses(Status.GAP)).hasSize(1);
    assertThat(recorder.statuses(Status.BACKFILLED))
        .extracting(FeedStatus::recoveredCount)
        .containsExactly(25L);

    venue.dropConnections();
    venue.trade(kind.one(), 8);
    venue.trade(kind.other(), 3);
    awaitSubscribed(venue, 2);
    venue.trade(kind.one(), 5);
    venue.trade(kind.other(), 2);

    assertTrue(venue, kind.one(), kind.oneKey());
    assertTrue(venue, kind.other(), kind.otherKey());
    assertThat(recorder.statuses(Status.LOST)).isEmpty();
    assertThat(recorder.statuses(Status.CONNECTED)).hasSizeGreaterThanOrEqualTo(4);
    assertThat(recorder.statuses(Status.DISCONNECTED)).hasSizeGreaterThanOrEqualTo(2);
    assertThat(fatal).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"KRAKEN", "BINANCE_AGGREGATES"})
  void more_missing_trades_than_a_page_holds_are_backfilled_page_by_page(TradeExchange kind) {
    TradeVenue venue = venue(kind);
    stream(subscription(venue, Set.of(Channel.TRADES), null));
    awaitSubscribed(venue, 1);
    venue.trade(kind.one(), 5);
    assertArrived(venue, kind.one(), kind.oneKey());

    for (int i = 0; i < 5; i++) {
      venue.lose(kind.one(), 500);
      // CCXT's class of Kraken asks for whole seconds, of which none holds more than a page.
      venue.elapse(Duration.ofSeconds(1));
    }
    venue.trade(kind.one(), 5);

    assertTrue(venue, kind.one(), kind.oneKey());
    assertThat(recorder.statuses(Status.BACKFILLED))
        .extracting(FeedStatus::recoveredCount)
        .containsExactly(2_500L);
    assertThat(venue.historyRequests(kind.one())).isGreaterThanOrEqualTo(3);
  }

  /**
   * What is wrong with a message of one market. Not what breaks a message as a whole: CCXT's
   * classes close their connection then, and all its markets are recovered.
   */
  private static final List<UnaryOperator<String>> DAMAGES =
      List.of(
          message -> message.replaceAll("[0-9]+\\.[0-9]+", "0.5e"),
          message -> message.replaceAll("\"?[0-9]+\\.[0-9]+\"?", "null"),
          message -> message.replaceAll("([0-9]+\\.[0-9]+)", "1e600000000"),
          message -> message.substring(0, message.length() / 2));

  @ParameterizedTest
  @EnumSource(names = {"BACKPACK", "KRAKEN", "BINANCE_AGGREGATES"})
  void a_malformed_message_of_one_market_costs_the_other_no_trade(TradeExchange kind) {
    TradeVenue venue = venue(kind);
    stream(subscription(venue, Set.of(Channel.TRADES), null));
    awaitSubscribed(venue, 1);
    venue.trade(kind.one(), 10);
    venue.trade(kind.other(), 10);
    assertArrived(venue, kind.one(), kind.oneKey());
    assertArrived(venue, kind.other(), kind.otherKey());
    for (UnaryOperator<String> damage : DAMAGES) {
      int subscriptions = venue.subscriptions(kind.other());
      venue.damageNext(kind.one(), damage);
      venue.trade(kind.one(), 1);
      venue.trade(kind.other(), 5);
      venue.trade(kind.one(), 5);
      venue.trade(kind.other(), 1);
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  venue.subscribers(kind.other()) > 0
                      && venue.subscriptions(kind.other()) >= subscriptions);
      venue.trade(kind.one(), 1);
      venue.trade(kind.other(), 1);
      assertArrived(venue, kind.one(), kind.oneKey());
      assertArrived(venue, kind.other(), kind.otherKey());
    }

    assertTrue(venue, kind.one(), kind.oneKey());
    assertTrue(venue, kind.other(), kind.otherKey());
    assertThat(recorder.statuses(Status.LOST)).isEmpty();
    assertThat(fatal).isEmpty();
  }

  /** An exchange without a correction, with the protocol of Backpack. */
  @ParameterizedTest
  @CsvSource({"60, 0", "500, 1"})
  void without_a_correction_the_newest_trades_are_compared_after_a_disconnect(int missed, int lost)
      throws Exception {
    TradeVenue venue = venue(TradeExchange.BACKPACK);
    String one = venue.exchange().one();
    stream(
        new CcxtSubscription(
            PlainOptions.at("bitrue", CcxtHosts.of("backpack").at(venue.port())),
            bundleWith("ccxt.pro.bitrue = ccxt.pro.backpack;"),
            Duration.ofHours(1),
            Set.of(Channel.TRADES),
            venue.exchange().symbols(),
            "symbols",
            false,
            UnlistedSymbols.FAIL,
            Duration.ZERO));
    awaitSubscribed(venue, 1);
    venue.trade(one, 30);
    String key = venue.exchange().oneKey().replace("backpack", "bitrue");
    assertArrived(venue, one, key);

    venue.dropConnections();
    venue.trade(one, missed);
    awaitSubscribed(venue, 2);
    venue.trade(one, 5);

    assertArrived(venue, one, key);
    await().atMost(TIMEOUT).until(() -> recorder.statuses(Status.LOST).size() == lost);
    if (lost == 0) {
      assertTrue(venue, one, key);
    } else {
      assertThat(recorder.statuses(Status.LOST).get(0).lostCount()).isNull();
      assertThat(recorder.trades(key)).extracting(SeenTrade::text).doesNotHaveDuplicates();
    }
    assertThat(fatal).isEmpty();
  }

  @Test
  void quotes_are_the_best_bid_and_ask_of_the_exchange() {
    BookVenue venue = books();
    stream(bookSubscription(venue, null, Channel.QUOTES));
    await().atMost(TIMEOUT).until(() -> venue.subscriptions("SOL_USDC") == 1);

    venue.change(200);

    await().atMost(TIMEOUT).until(() -> recorder.quotes(SOL).size() == 200);
    BookTruth truth = venue.truth("SOL_USDC", BigDecimal.ONE);
    Map.Entry<BigDecimal, BigDecimal> bid = truth.bids().firstEntry();
    Map.Entry<BigDecimal, BigDecimal> ask = truth.asks().firstEntry();
    assertThat(recorder.quotes(SOL).get(199).replaceAll("[\\[\\],]", "").split(" "))
        .extracting(BigDecimal::new)
        .usingElementComparator(BigDecimal::compareTo)
        .containsExactly(bid.getKey(), bid.getValue(), ask.getKey(), ask.getValue());
    assertThat(fatal).isEmpty();
  }

  @Test
  void no_trade_is_lost_while_reading_is_paused() {
    TradeVenue venue = venue(TradeExchange.BACKPACK);
    String one = venue.exchange().one();
    Feeds feeds = stream(subscription(venue, Set.of(Channel.TRADES), null));
    awaitSubscribed(venue, 1);
    venue.trade(one, 10);
    assertArrived(venue, one, venue.exchange().oneKey());

    feeds.setReading(false);
    venue.trade(one, 200);
    feeds.setReading(true);

    assertTrue(venue, one, venue.exchange().oneKey());
    assertThat(fatal).isEmpty();
  }

  @Test
  void a_script_that_breaks_is_restarted_and_the_other_exchanges_continue() throws Exception {
    TradeVenue broken = venue(TradeExchange.BACKPACK);
    TradeVenue neighbour = venue(TradeExchange.KRAKEN);
    Path bundle =
        bundleWith(
            """
            ccxt.pro.backpack = class extends ccxt.pro.backpack {
              handleTrades(client, message) {
                this.count = (this.count || 0) + 1;
                super.handleTrades(client, message);
                if (this.count === 20) {
                  setTimeout(() => { throw new Error('a fault of the class'); }, 1);
                }
              }
            };
            """);
    stream(
        subscription(broken, Set.of(Channel.TRADES), bundle),
        subscription(neighbour, Set.of(Channel.TRADES), null));
    awaitSubscribed(broken, 1);
    awaitSubscribed(neighbour, 1);
    String one = broken.exchange().one();
    broken.trade(one, 20);
    await().atMost(TIMEOUT).until(() -> !recorder.statuses(Status.DISCONNECTED).isEmpty());
    broken.trade(one, 7);
    neighbour.trade(neighbour.exchange().one(), 10);
    assertArrived(neighbour, neighbour.exchange().one(), neighbour.exchange().oneKey());

    awaitSubscribed(broken, 2);
    broken.trade(one, 5);

    assertTrue(broken, one, broken.exchange().oneKey());
    assertThat(recorder.statuses(Status.DISCONNECTED))
        .allSatisfy(
            status -> {
              assertThat(status.stream().instrument().exchange()).isEqualTo("backpack");
              assertThat(status.reason()).contains("a fault of the class");
            });
    assertThat(fatal).isEmpty();
  }

  @Test
  void trades_that_cannot_be_streamed_are_polled() throws Exception {
    TradeVenue venue = venue(TradeExchange.BACKPACK);
    String one = venue.exchange().one();
    venue.trade(one, 40);
    stream(subscription(venue, Set.of(Channel.TRADES), bundleWith(WITHOUT_STREAMS)));
    await().atMost(TIMEOUT).until(() -> venue.historyRequests(one) > 2);
    int before = venue.truth(one).size();
    venue.trade(one, 15);
    int asked = venue.historyRequests(one);
    await().atMost(TIMEOUT).until(() -> venue.historyRequests(one) > asked + 2);
    venue.trade(one, 5);

    List<VenueTrade> live = venue.truth(one).subList(before, before + 20);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(recorder.trades(venue.exchange().oneKey()))
                    .extracting(SeenTrade::text)
                    .containsExactlyElementsOf(live.stream().map(VenueTrade::id).toList()));
    assertThat(recorder.trades(venue.exchange().oneKey()))
        .extracting(SeenTrade::origin)
        .containsOnly(Origin.STREAM);
    assertThat(recorder.statuses(Status.GAP)).isEmpty();
    assertThat(fatal).isEmpty();
  }

  private static final String WITHOUT_STREAMS =
      """
      ccxt.pro.backpack = class extends ccxt.pro.backpack {
        describe() {
          return this.deepExtend(super.describe(), { rateLimit: 50,
            has: { watchTrades: false, watchOrderBook: false, watchBidsAsks: false, watchTicker: false } });
        }
      };
      """;

  @Test
  void a_channel_that_can_neither_be_streamed_nor_polled_fails_the_task() throws Exception {
    TradeVenue venue = venue(TradeExchange.BACKPACK);
    stream(
        subscription(venue, Set.of(Channel.TRADES, Channel.QUOTES), bundleWith(WITHOUT_STREAMS)));

    await().atMost(TIMEOUT).until(() -> !fatal.isEmpty());
    assertThat(fatal.get(0))
        .hasMessageStartingWith("exchange 'backpack', served by CCXT 4.")
        .hasMessageContaining(
            "has no quotes; it has trades (polled over REST), l2_book (polled over REST)");
  }

  @Test
  void an_unknown_exchange_and_a_symbol_that_is_not_listed_fail_the_task() {
    TradeVenue venue = venue(TradeExchange.BACKPACK);
    stream(
        new CcxtSubscription(
            PlainOptions.of("nosuch"),
            null,
            Duration.ofHours(1),
            Set.of(Channel.TRADES),
            List.of("BTC-USDC"),
            "symbols",
            false,
            UnlistedSymbols.FAIL,
            Duration.ZERO));
    await().atMost(TIMEOUT).until(() -> fatal.size() == 1);
    assertThat(fatal.get(0)).hasMessageContaining("has no exchange 'nosuch'");

    CcxtSubscription good = subscription(venue, Set.of(Channel.TRADES), null);
    stream(
        new CcxtSubscription(
            good.options(),
            null,
            Duration.ofHours(1),
            good.channels(),
            List.of("BTC-USDT"),
            "symbols",
            false,
            UnlistedSymbols.FAIL,
            Duration.ZERO));
    await().atMost(TIMEOUT).until(() -> fatal.size() == 2);
    assertThat(fatal.get(1))
        .hasMessageContaining("exchange 'backpack' does not list 'BTC-USDT'")
        .hasMessageContaining("BTC-USDC");
  }

  @Test
  void the_book_is_equal_to_that_of_the_exchange_and_restarts_after_a_disconnect() {
    BookVenue venue = books();
    stream(bookSubscription(venue, null));
    changeUntilSnapshots(venue, 1);
    venue.change(3_000);
    awaitTheBook(venue);

    venue.dropConnections();

    changeUntilSnapshots(venue, 2);
    venue.change(500);
    awaitTheBook(venue);
    assertThat(recorder.snapshotReasons(SOL))
        .containsExactly(SnapshotReason.INITIAL, SnapshotReason.RECONNECT);
    assertThat(recorder.books(SOL))
        .extracting(SeenBook::integrity)
        .containsOnly(Integrity.SEQUENCE);
    assertThat(recorder.statuses(Status.DISCONNECTED)).hasSize(1);
    assertThat(recorder.statuses(Status.CONNECTED)).hasSize(2);
    assertThat(fatal).isEmpty();
  }

  @Test
  void a_lost_delta_is_a_gap_of_the_sequence_and_the_book_is_resynchronised() {
    BookVenue venue = books();
    stream(bookSubscription(venue, null));
    changeUntilSnapshots(venue, 1);
    venue.change(100);
    awaitTheBook(venue);

    venue.loseNext("SOL_USDC");
    venue.change(1);
    long lost = venue.sequence("SOL_USDC");

    changeUntilSnapshots(venue, 2);
    venue.change(100);
    awaitTheBook(venue);
    assertThat(recorder.snapshotReasons(SOL))
        .containsExactly(SnapshotReason.INITIAL, SnapshotReason.GAP);
    assertThat(recorder.statuses(Status.GAP))
        .singleElement()
        .satisfies(
            gap -> assertThat(List.of(gap.fromId(), gap.toId())).containsOnly(Long.toString(lost)));
    assertThat(fatal).isEmpty();
  }

  @Test
  void a_book_that_cannot_be_streamed_is_polled() throws Exception {
    BookVenue venue = books();
    stream(bookSubscription(venue, bundleWith(WITHOUT_STREAMS)));
    await().atMost(TIMEOUT).until(() -> !recorder.books(SOL).isEmpty());
    venue.change(100);

    awaitTheBook(venue);
    assertThat(recorder.books(SOL)).allMatch(book -> book.reason() != null);
    assertThat(fatal).isEmpty();
  }

  @Test
  void a_second_task_uses_the_markets_that_the_first_task_has_requested() {
    TradeVenue venue = venue(TradeExchange.KRAKEN);
    CcxtSubscription subscription = subscription(venue, Set.of(Channel.TRADES), null);
    stream(subscription);
    awaitSubscribed(venue, 1);
    int asked = venue.listings();

    stream(subscription);
    awaitSubscribed(venue, 2);
    venue.trade(venue.exchange().one(), 5);

    // Both tasks of this test emit to the same recorder.
    await().atMost(TIMEOUT).until(() -> recorder.trades(venue.exchange().oneKey()).size() == 10);
    assertThat(venue.listings()).isEqualTo(asked);
    assertThat(fatal).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"BACKPACK", "KRAKEN", "BINANCE_AGGREGATES"})
  void streams_continue_while_the_markets_are_listed_again(TradeExchange kind) {
    TradeVenue venue = venue(kind);
    CcxtSubscription once = subscription(venue, Set.of(Channel.TRADES), null);
    stream(
        new CcxtSubscription(
            once.options(),
            null,
            Duration.ZERO,
            once.channels(),
            once.symbols(),
            once.symbolsKey(),
            false,
            UnlistedSymbols.FAIL,
            Duration.ofMillis(300)));
    awaitSubscribed(venue, 1);
    int asked = venue.listings();
    venue.trade(kind.one(), 5);
    await().atMost(TIMEOUT).until(() -> venue.listings() >= asked + 4);
    venue.trade(kind.one(), 5);

    assertTrue(venue, kind.one(), kind.oneKey());
    assertThat(recorder.statuses()).extracting(FeedStatus::status).containsOnly(Status.CONNECTED);
    assertThat(fatal).isEmpty();
  }

  // The scene.

  private static final String SOL = "backpack.spot.SOL-USDC";

  private BookVenue books() {
    BookVenue venue = BookVenue.start(new BackpackBooks(), 7, List.of("SOL_USDC"));
    closeLater(venue);
    return venue;
  }

  @Test
  void a_halt_and_symbols_that_are_not_listed_stop_no_other() {
    TradeVenue venue = venue(TradeExchange.BACKPACK);
    resume =
        new ResumePoints() {
          @Override
          public @Nullable LastTrade lastTrade(Instrument instrument) {
            return null;
          }

          @Override
          public Set<Instrument> known(Collection<Instrument> candidates) {
            return candidates.stream()
                .filter(candidate -> candidate.key().equals("backpack.perpetual.OLD-USDC-PERP"))
                .collect(Collectors.toSet());
          }
        };
    CcxtSubscription good = subscription(venue, Set.of(Channel.TRADES), null);
    stream(
        new CcxtSubscription(
            good.options(),
            null,
            Duration.ofMillis(1),
            good.channels(),
            List.of("BTC-USDC", "OLD-USDC-PERP", "NEW-USDC"),
            "symbols",
            false,
            UnlistedSymbols.SKIP,
            Duration.ofSeconds(1)));
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(fatal).isEmpty();
              assertThat(venue.subscribers("BTC_USDC")).isEqualTo(1);
            });
    venue.editLists((call, list) -> list.replace("\"Open\"", "\"Closed\""));
    await().atMost(TIMEOUT).until(() -> recorder.statuses(Status.HALTED).size() == 1);
    venue.trade("BTC_USDC", 5);
    assertArrived(venue, "BTC_USDC", "backpack.spot.BTC-USDC");
    venue.editLists((call, list) -> list);
    await().atMost(TIMEOUT).until(() -> recorder.statuses(Status.RESUMED).size() == 1);

    assertThat(recorder.statuses(Status.DELISTED))
        .extracting(status -> status.stream().instrument().key())
        .containsExactly("backpack.perpetual.OLD-USDC-PERP");
    assertThat(recorder.statuses(Status.UNLISTED))
        .extracting(status -> status.stream().instrument().key())
        .containsExactly("backpack.spot.NEW-USDC");
    assertThat(recorder.statuses(Status.LISTED)).isEmpty();
    assertThat(fatal).isEmpty();
  }

  private static CcxtSubscription bookSubscription(BookVenue venue, @Nullable Path bundle) {
    return bookSubscription(venue, bundle, Channel.L2_BOOK);
  }

  private static CcxtSubscription bookSubscription(
      BookVenue venue, @Nullable Path bundle, Channel channel) {
    return new CcxtSubscription(
        PlainOptions.at("backpack", CcxtHosts.of("backpack").at(venue.port())),
        bundle,
        Duration.ofHours(1),
        Set.of(channel),
        List.of("SOL-USDC"),
        "symbols",
        false,
        UnlistedSymbols.FAIL,
        Duration.ZERO);
  }

  /** CCXT requests the snapshot after it has received some deltas. */
  private void changeUntilSnapshots(BookVenue venue, int count) {
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              venue.change(1);
              return recorder.snapshotReasons(SOL).size() == count;
            });
  }

  private void awaitTheBook(BookVenue venue) {
    await()
        .atMost(TIMEOUT)
        .until(() -> recorder.bookEquals(SOL, venue.truth("SOL_USDC", BigDecimal.ONE)));
  }

  private TradeVenue venue(TradeExchange kind) {
    TradeVenue venue = TradeVenue.start(kind, 7);
    closeLater(venue);
    return venue;
  }

  private static CcxtSubscription subscription(
      TradeVenue venue, Set<Channel> channels, @Nullable Path bundle) {
    return new CcxtSubscription(
        options(venue),
        bundle,
        Duration.ofHours(1),
        channels,
        venue.exchange().symbols(),
        "symbols",
        false,
        UnlistedSymbols.FAIL,
        Duration.ZERO);
  }

  private static CcxtOptions options(TradeVenue venue) {
    String exchange = venue.exchange().id();
    CcxtHosts hosts = CcxtHosts.of(exchange);
    return new CcxtOptions(
        exchange, exchange, null, null, null, false, hosts.options(), hosts.at(venue.port()));
  }

  /** The bundle of the build, followed by code that replaces one of its classes. */
  private Path bundleWith(String code) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            getClass().getClassLoader().getResourceAsStream("ccxt/ccxt.browser.min.js"))) {
      String bundle = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Files.writeString(folder.resolve("ccxt.js"), bundle + "\n;" + code);
    }
  }

  private static void awaitSubscribed(TradeVenue venue, int times) {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                venue.subscriptions(venue.exchange().one()) >= times
                    && venue.subscriptions(venue.exchange().other()) >= times);
  }

  private void assertArrived(TradeVenue venue, String symbol, String key) {
    String last = lastId(venue.truth(symbol));
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              List<SeenTrade> seen = recorder.trades(key);
              return !seen.isEmpty() && seen.get(seen.size() - 1).text().equals(last);
            });
  }

  private static String lastId(List<VenueTrade> trades) {
    return trades.get(trades.size() - 1).id();
  }

  /** Every trade of the venue was emitted once, in order, with its values. */
  private void assertTrue(TradeVenue venue, String symbol, String key) {
    assertArrived(venue, symbol, key);
    List<VenueTrade> truth = venue.truth(symbol);
    List<SeenTrade> seen = recorder.trades(key);
    assertThat(seen)
        .extracting(SeenTrade::text)
        .containsExactlyElementsOf(truth.stream().map(VenueTrade::id).toList());
    for (int i = 0; i < truth.size(); i++) {
      assertThat(seen.get(i).price()).isEqualByComparingTo(truth.get(i).price());
      assertThat(seen.get(i).size()).isEqualByComparingTo(truth.get(i).size());
      assertThat(seen.get(i).side()).isEqualTo(truth.get(i).taker());
      assertThat(seen.get(i).eventNs() / 1_000_000).isEqualTo(truth.get(i).timeNanos() / 1_000_000);
    }
  }
}
