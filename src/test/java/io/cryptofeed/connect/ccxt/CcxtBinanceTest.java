package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import io.cryptofeed.connect.market.Channel;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CCXT's class of Binance against the simulator of Binance, whose truth is known. */
@Tag("ccxt")
class CcxtBinanceTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);
  private static final String SYMBOL = "BTC/USDT";

  private final BinanceSimulator venue =
      BinanceSimulator.start(
          SimulatorOptions.builder().tradesPerSecond(100).bookChangesPerSecond(300).build());
  private final CcxtWorld world = new CcxtWorld();
  private final SeenEvents seen = new SeenEvents();
  private final CcxtExchange exchange =
      world.start(CcxtWorld.options("binance", venue.port()), seen);
  private List<CcxtMarket> markets = List.of();

  @BeforeEach
  void load() throws Exception {
    markets = CcxtWorld.await(exchange.loadMarkets());
  }

  @AfterEach
  void stop() {
    exchange.close();
    world.close();
    venue.close();
    assertThat(seen.broken).isEmpty();
  }

  @Test
  void says_what_it_can_and_lists_its_markets() throws Exception {
    CcxtAbilities abilities = seen.awaitReady();

    assertThat(abilities.name()).isEqualTo("Binance");
    assertThat(CcxtVersion.parse(abilities.version())).isPresent();
    for (Channel channel : List.of(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES)) {
      assertThat(abilities.canWatch(channel)).isTrue();
    }
    assertThat(markets)
        .filteredOn(market -> market.symbol().equals(SYMBOL))
        .singleElement()
        .satisfies(
            market -> {
              assertThat(market.id()).isEqualTo("BTCUSDT");
              assertThat(market.type()).isEqualTo("spot");
              assertThat(market.active()).isTrue();
              assertThat(market.expiryMs()).isNull();
            });
    assertThat(markets).filteredOn(market -> !market.active()).hasSize(1);
  }

  @Test
  void every_trade_comes_once_in_order_and_with_its_text() {
    exchange.watch(Channel.TRADES, SYMBOL);
    await().atMost(PATIENT).until(() -> seen.trades.size() > 500);
    venue.pauseTrading();
    List<TradeTruth> truth = venue.trades("BTC-USDT");
    String last = Long.toString(truth.get(truth.size() - 1).id());
    await().atMost(PATIENT).until(() -> last.equals(seen.trades.get(seen.trades.size() - 1).id()));

    int first = truth.size() - seen.trades.size();
    for (int i = 0; i < seen.trades.size(); i++) {
      CcxtTrade trade = seen.trades.get(i);
      TradeTruth expected = truth.get(first + i);
      assertThat(trade.id()).isEqualTo(Long.toString(expected.id()));
      assertThat(trade.price()).matches("\\d+\\.\\d{8}");
      assertThat(new BigDecimal(Objects.requireNonNull(trade.price())))
          .isEqualByComparingTo(expected.price());
      assertThat(new BigDecimal(Objects.requireNonNull(trade.amount())))
          .isEqualByComparingTo(expected.size());
      assertThat(trade.side()).isEqualTo(expected.taker().name().toLowerCase(Locale.ROOT));
      assertThat(trade.timestampMs()).isEqualTo(expected.timeMicros() / 1_000);
    }
    assertThat(seen.streams).containsExactly("+trades " + SYMBOL);
  }

  @Test
  void the_book_is_the_exchanges() {
    exchange.watch(Channel.L2_BOOK, SYMBOL);
    await().atMost(PATIENT).until(() -> seen.books.size() > 50);
    venue.pauseTrading();

    await()
        .atMost(PATIENT)
        .untilAsserted(
            () -> {
              BookOfChanges book = BookOfChanges.of(seen.books);
              assertThat(book.nonce()).isEqualTo(venue.updateId("BTC-USDT"));
              assertThat(book.sameAs(venue.book("BTC-USDT"))).isTrue();
            });
    assertThat(seen.books.get(0).isSnapshot()).isTrue();
    assertThat(seen.books).filteredOn(CcxtBook::isSnapshot).hasSize(1);
  }

  @Test
  void after_a_loss_the_streams_start_again_and_the_book_anew() {
    exchange.watch(Channel.TRADES, SYMBOL);
    exchange.watch(Channel.L2_BOOK, SYMBOL);
    await().atMost(PATIENT).until(() -> seen.books.size() > 10 && seen.trades.size() > 10);

    venue.dropConnections();

    await()
        .atMost(PATIENT)
        .untilAsserted(
            () ->
                assertThat(seen.streams)
                    .containsSubsequence(
                        "+l2_book " + SYMBOL, "-l2_book " + SYMBOL, "+l2_book " + SYMBOL)
                    .containsSubsequence(
                        "+trades " + SYMBOL, "-trades " + SYMBOL, "+trades " + SYMBOL));
    assertThat(seen.books).filteredOn(CcxtBook::isSnapshot).hasSize(2);
    assertThat(seen.sockets).anyMatch(line -> line.startsWith("-ws://127.0.0.1:"));
    int before = seen.books.size();
    await().atMost(PATIENT).until(() -> seen.books.size() > before + 10);
    venue.pauseTrading();
    await()
        .atMost(PATIENT)
        .until(() -> BookOfChanges.of(seen.books).sameAs(venue.book("BTC-USDT")));
  }

  @Test
  void a_stream_that_is_not_wanted_any_more_is_silent() {
    exchange.watch(Channel.TRADES, SYMBOL);
    exchange.watch(Channel.TRADES, "ETH/USDT");
    await()
        .atMost(PATIENT)
        .until(() -> seen.streams.contains("+trades ETH/USDT") && seen.trades.size() > 20);

    exchange.unwatch(Channel.TRADES, SYMBOL);
    await()
        .atMost(PATIENT)
        .until(
            () ->
                !venue.subscriptions().containsKey("btcusdt@trade")
                    || venue.subscriptions().get("btcusdt@trade") == 0);
    seen.trades.clear();
    await().atMost(PATIENT).until(() -> seen.trades.size() > 20);
    assertThat(seen.trades).allMatch(trade -> trade.symbol().equals("ETH/USDT"));
  }

  @Test
  void asks_for_a_book_over_rest() throws Exception {
    venue.pauseTrading();

    CcxtBook book = CcxtWorld.await(exchange.fetchOrderBook(SYMBOL, 500));

    assertThat(BookOfChanges.of(List.of(book)).sameAs(venue.book("BTC-USDT"))).isTrue();
  }

  @Test
  void errors_keep_their_meaning() {
    assertThatThrownBy(() -> CcxtWorld.await(exchange.fetchOrderBook("NO/SUCH", 0)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            CcxtException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(CcxtErrorKind.BAD_SYMBOL);
              assertThat(e.name()).isEqualTo("BadSymbol");
            });
    venue.failRest(429, 1, 1);
    assertThatThrownBy(() -> CcxtWorld.await(exchange.fetchOrderBook(SYMBOL, 0)))
        .cause()
        .isInstanceOfSatisfying(
            CcxtException.class, e -> assertThat(e.kind()).isEqualTo(CcxtErrorKind.RATE_LIMITED));
    exchange.watch(Channel.L2_BOOK, "NO/SUCH");
    await().atMost(PATIENT).until(() -> !seen.errors.isEmpty());
    assertThat(seen.errors.get(0).kind()).isEqualTo(CcxtErrorKind.BAD_SYMBOL);
  }

  @Test
  void nothing_is_lost_while_nobody_reads() {
    exchange.watch(Channel.TRADES, SYMBOL);
    await().atMost(PATIENT).until(() -> seen.trades.size() > 20);

    exchange.setReading(false);
    long sent = venue.framesSent();
    await().atMost(PATIENT).until(() -> venue.framesSent() > sent + 100);
    exchange.setReading(true);

    int before = seen.trades.size();
    await().atMost(PATIENT).until(() -> seen.trades.size() > before + 100);
    for (int i = 1; i < seen.trades.size(); i++) {
      assertThat(id(i)).isEqualTo(id(i - 1) + 1);
    }
  }

  private long id(int index) {
    return Long.parseLong(Objects.requireNonNull(seen.trades.get(index).id()));
  }
}
