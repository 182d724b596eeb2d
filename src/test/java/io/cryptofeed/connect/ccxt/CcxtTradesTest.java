package io.cryptofeed.connect.ccxt;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.proxy.InjectorUnderTest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trades by CCXT's classes of three exchanges, live and past, are those that happened. */
@Tag("ccxt")
class CcxtTradesTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  /** The aggregates: these are what CCXT's class has a history of. */
  private static final String BINANCE =
      "{\"fetchMarkets\": {\"types\": [\"spot\"]}, \"fetchCurrencies\": false,"
          + " \"watchTrades\": {\"name\": \"aggTrade\"}}";

  @ParameterizedTest
  @CsvSource({
    "BINANCE_AGGREGATES, BTC/USDT",
    "BACKPACK, BTC/USDC",
    "KRAKEN, BTC/USD",
  })
  void live_and_past_trades_are_those_that_happened(TradeExchange words, String symbol)
      throws Exception {
    SeenEvents seen = new SeenEvents();
    try (TradeVenue venue = TradeVenue.start(words, 5);
        CcxtWorld world = new CcxtWorld();
        CcxtExchange exchange =
            world.start(
                CcxtWorld.options(
                    words.id(),
                    words == TradeExchange.BINANCE_AGGREGATES ? BINANCE : null,
                    CcxtHosts.of(words.id()).at(venue.port())),
                seen)) {
      CcxtWorld.await(exchange.loadMarkets());
      exchange.watch(Channel.TRADES, symbol);
      await().atMost(PATIENT).until(() -> venue.subscribers(words.one()) == 1);

      venue.trade(words.one(), 200);

      await().atMost(PATIENT).until(() -> seen.trades.size() >= 200);
      assertSame(seen.trades, venue.truth(words.one()));
      assertSame(
          CcxtWorld.await(exchange.fetchTrades(symbol, -1, 100)),
          venue.truth(words.one()).subList(100, 200));
      assertThat(seen.errors).isEmpty();
    }
    assertThat(seen.broken).isEmpty();
  }

  @Test
  void a_sandbox_is_asked_at_the_host_that_ccxt_names() throws Exception {
    TradeExchange words = TradeExchange.BINANCE_AGGREGATES;
    SeenEvents seen = new SeenEvents();
    try (TradeVenue venue = TradeVenue.start(words, 5);
        CcxtWorld world = new CcxtWorld();
        CcxtExchange exchange =
            world.start(
                new CcxtOptions(
                    words.id(),
                    InjectorUnderTest.EXCHANGE,
                    null,
                    null,
                    null,
                    true,
                    BINANCE,
                    Map.of(
                        "https://testnet.binance.vision", "http://127.0.0.1:" + venue.port(),
                        "wss://stream.testnet.binance.vision", "ws://127.0.0.1:" + venue.port())),
                seen)) {
      assertThat(seen.awaitReady().sandbox()).isTrue();
      CcxtWorld.await(exchange.loadMarkets());
      exchange.watch(Channel.TRADES, "BTC/USDT");
      await().atMost(PATIENT).until(() -> venue.subscribers(words.one()) == 1);

      venue.trade(words.one(), 50);

      await().atMost(PATIENT).until(() -> seen.trades.size() >= 50);
      assertSame(seen.trades, venue.truth(words.one()));
    }
    assertThat(seen.broken).isEmpty();
  }

  private static void assertSame(List<CcxtTrade> told, List<VenueTrade> truth) {
    assertThat(told).hasSameSizeAs(truth);
    for (int i = 0; i < truth.size(); i++) {
      CcxtTrade trade = told.get(i);
      VenueTrade happened = truth.get(i);
      assertThat(trade.id()).isEqualTo(happened.id());
      assertThat(new BigDecimal(requireNonNull(trade.price())))
          .isEqualByComparingTo(happened.price());
      assertThat(new BigDecimal(requireNonNull(trade.amount())))
          .isEqualByComparingTo(happened.size());
      assertThat(trade.side()).isEqualTo(happened.taker().code());
      assertThat(trade.timestampMs()).isEqualTo(happened.timeNanos() / 1_000_000);
    }
  }
}
