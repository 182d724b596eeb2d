package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.BinanceSimulator;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CCXT's class of Binance against the simulator of Binance. */
@Tag("ccxt")
class CcxtBinanceTest {

  private static final Duration PATIENT = Duration.ofSeconds(60);

  private final BinanceSimulator venue = BinanceSimulator.start(SimulatorOptions.defaults());
  private final CcxtWorld world = new CcxtWorld();
  private final SeenEvents seen = new SeenEvents();
  private final CcxtExchange exchange =
      world.start(
          CcxtWorld.options(
              "binance",
              "{\"fetchMarkets\": {\"types\": [\"spot\"]}, \"fetchCurrencies\": false}",
              Map.of(
                  "https://api.binance.com", "http://127.0.0.1:" + venue.port(),
                  "wss://stream.binance.com:9443", "ws://127.0.0.1:" + venue.port())),
          seen);

  @AfterEach
  void stop() {
    exchange.close();
    world.close();
    venue.close();
  }

  @Test
  void trades_come_with_the_text_of_the_exchange() throws Exception {
    CcxtWorld.await(exchange.loadMarkets());
    exchange.watch(CcxtChannel.TRADES, "BTC/USDT");
    exchange.watch(CcxtChannel.BOOK, "BTC/USDT");

    await().atMost(PATIENT).untilAsserted(() -> assertThat(seen.trades).hasSizeGreaterThan(20));
    await().atMost(PATIENT).untilAsserted(() -> assertThat(seen.books).hasSizeGreaterThan(20));
  }
}
