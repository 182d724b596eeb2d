package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.local.LocalWorker;
import io.cryptofeed.connect.local.StackOptions;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * No trade is lost, whatever stops, fails or hangs while two exchanges trade. At the end Kafka has
 * every trade since the first one, in order and with the right values, and no trade is reported as
 * lost.
 *
 * <p>The tests tagged {@code long} run longer. The system properties {@code kills} and {@code
 * broker.silence.seconds} say how long.
 */
final class NoTradeLostIT {

  private static final int KILLS = 3;
  private static final int MANY_KILLS = Integer.getInteger("kills", 50);
  private static final int SILENCE_SECONDS = 10;
  private static final int LONG_SILENCE_SECONDS = Integer.getInteger("broker.silence.seconds", 120);
  private static final long SEED = Long.getLong("kills.seed", System.nanoTime());

  /** Trades per second and instrument. */
  private static final int RATE = 100;

  private static final int INSTRUMENTS = 6;
  private static final int QUEUE = 300;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static LocalStack stack;

  private BinanceSimulator binance = startBinance(peer -> true);
  private final CoinbaseSimulator coinbase =
      CoinbaseSimulator.start(
          SimulatorOptions.builder()
              .symbols("BTC-USD", "ETH-USD", "SOL-USD")
              .tradesPerSecond(RATE)
              .build());

  @BeforeAll
  static void startStack() {
    stack = LocalStack.start(options());
  }

  private static StackOptions options() {
    return StackOptions.ofBuild()
        // Long enough that a killed worker has written records after its committed offsets.
        .withWorkerProperty("offset.flush.interval.ms", "2000")
        .withWorkerProperty("session.timeout.ms", "3000")
        .withWorkerProperty("heartbeat.interval.ms", "500");
  }

  @AfterAll
  static void closeStack() {
    stack.close();
  }

  @AfterEach
  void closeVenues() {
    binance.close();
    coinbase.close();
  }

  private static BinanceSimulator startBinance(Predicate<InetSocketAddress> allowedPeer) {
    return BinanceSimulator.start(
        SimulatorOptions.builder()
            .symbols("BTC-USDT", "ETH-USDT", "SOL-USDT")
            .tradesPerSecond(RATE)
            .allowedPeer(allowedPeer)
            .build());
  }

  private ConnectorScene scene(LocalStack on, String name) {
    return new ConnectorScene(on, name, "binance", "coinbase")
        .with("channels", "trades")
        .with("tasks.max", "2")
        .with("queue.max.records", String.valueOf(QUEUE))
        .with("exchange.binance.trades.mode", "raw")
        .venue(
            "binance",
            "ws://127.0.0.1:" + binance.port() + "/stream",
            "http://127.0.0.1:" + binance.port(),
            "BTC-USDT,ETH-USDT,SOL-USDT")
        .venue(
            "coinbase",
            "ws://127.0.0.1:" + coinbase.port() + "/",
            "http://127.0.0.1:" + coinbase.port(),
            "BTC-USD,ETH-USD,SOL-USD");
  }

  private TradeLedger ledger(ConnectorScene scene) {
    return new TradeLedger(scene, Map.of("binance", binance, "coinbase", coinbase));
  }

  /** Starts the connector and waits until each instrument has an offset. */
  private static void start(ConnectorScene scene, TradeLedger ledger) {
    scene.start().awaitRunning();
    scene.awaitTradeOffsets(INSTRUMENTS);
    ledger.awaitMore(INSTRUMENTS);
  }

  /** Waits until so many more trades of each instrument have happened. */
  private void awaitTrades(int perInstrument) {
    long wanted = binance.tradeCount("BTC-USDT") + perInstrument;
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(30 + 2L * perInstrument / RATE))
        .until(() -> binance.tradeCount("BTC-USDT") >= wanted);
  }

  private void pauseTrading() {
    List.of(binance, coinbase).forEach(VenueSimulator::pauseTrading);
  }

  private void disconnect() {
    binance.dropConnections();
    coinbase.dropConnections();
  }

  @Test
  void a_worker_that_is_killed_again_and_again_loses_no_trade() {
    assertNothingIsLost(KILLS);
  }

  @Test
  @Tag("long")
  void a_worker_that_is_killed_many_times_loses_no_trade() {
    assertNothingIsLost(MANY_KILLS);
  }

  private void assertNothingIsLost(int kills) {
    try (ConnectorScene scene = scene(stack, "killed");
        TradeLedger ledger = ledger(scene)) {
      killAgainAndAgain(scene, ledger, kills);

      ledger.assertNothingIsLost(kills);
      System.out.println("at least once, " + kills + " kills, seed " + SEED + ": " + ledger);
      assertThat(ledger.gaps()).isPositive();
    }
  }

  @Test
  void a_worker_that_is_killed_again_and_again_writes_each_trade_once_in_transactions() {
    assertEachOnce(KILLS);
  }

  @Test
  @Tag("long")
  void a_worker_that_is_killed_many_times_writes_each_trade_once_in_transactions() {
    assertEachOnce(MANY_KILLS);
  }

  private void assertEachOnce(int kills) {
    try (LocalStack exactlyOnce =
            LocalStack.start(
                options().withWorkerProperty("exactly.once.source.support", "enabled"));
        ConnectorScene scene =
            scene(exactlyOnce, "killed-exactly-once")
                .with("exactly.once.support", "required")
                // The only worker of a group cannot start before its last transactions have ended.
                .with("producer.override.transaction.timeout.ms", "5000");
        TradeLedger ledger = ledger(scene)) {
      killAgainAndAgain(scene, ledger, kills);

      ledger.assertEachOnce(kills);
      System.out.println("exactly once, " + kills + " kills, seed " + SEED + ": " + ledger);
      assertThat(ledger.gaps()).isPositive();
    }
  }

  private void killAgainAndAgain(ConnectorScene scene, TradeLedger ledger, int kills) {
    Random random = new Random(SEED);
    start(scene, ledger);
    for (int i = 0; i < kills; i++) {
      // While the gap of the last time is filled, or when all is quiet.
      ledger.awaitMore(1 + random.nextInt(INSTRUMENTS * RATE));
      awaitTrades(random.nextInt(RATE * (1 + random.nextInt(3))));
      LocalWorker killed = scene.stack().worker();
      killed.kill();
      if (i % 3 != 2) {
        // Without this, the worker may be killed again before it has written anything new.
        ledger.readToEnd();
      }
      scene.stack().restartWorker(killed);
    }
    ledger.awaitMore(INSTRUMENTS * RATE);
    pauseTrading();
  }

  @Test
  void a_worker_that_is_shut_down_and_started_again_loses_no_trade() {
    try (ConnectorScene scene = scene(stack, "shut-down");
        TradeLedger ledger = ledger(scene)) {
      start(scene, ledger);
      LocalWorker closed = stack.worker();
      closed.close();
      awaitTrades(2 * RATE);
      stack.restartWorker(closed);
      ledger.awaitMore(INSTRUMENTS * RATE);
      pauseTrading();

      ledger.assertNothingIsLost(1);
    }
  }

  @Test
  void a_connector_that_is_paused_for_longer_than_its_queue_holds_loses_no_trade() {
    try (ConnectorScene scene = scene(stack, "paused-for-long");
        TradeLedger ledger = ledger(scene)) {
      start(scene, ledger);
      stack.connect().pause(scene.name());
      stack.connect().awaitState(scene.name(), "PAUSED", LIMIT);
      awaitTrades(QUEUE);
      disconnect();
      awaitTrades(RATE);
      disconnect();
      stack.connect().resume(scene.name());
      ledger.awaitMore(INSTRUMENTS * RATE);
      pauseTrading();

      ledger.assertNothingIsLost(0);
      assertThat(ledger.gaps()).isPositive();
    }
  }

  @Test
  void trades_can_be_replayed_on_purpose_from_any_offset() {
    try (ConnectorScene scene = scene(stack, "replayed");
        TradeLedger ledger = ledger(scene)) {
      start(scene, ledger);
      ledger.awaitMore(INSTRUMENTS * RATE);
      stack.connect().stop(scene.name());
      stack.connect().awaitState(scene.name(), "STOPPED", LIMIT);
      ledger.readToEnd();
      long from = ledger.entriesOf("binance BTC-USDT").get(10).id();
      int before = ledger.entriesOf("binance BTC-USDT").size();
      rewind(scene, "BTC-USDT", from);
      stack.connect().resume(scene.name());
      ledger.readUntil(() -> ledger.entriesOf("binance BTC-USDT").size() > before + RATE);
      pauseTrading();

      ledger.assertNothingIsLost(1);
      List<TradeLedger.Entry> again = ledger.entriesOf("binance BTC-USDT");
      assertThat(again.subList(before, again.size()))
          .extracting(TradeLedger.Entry::id)
          .startsWith(from + 1, from + 2, from + 3);
      assertThat(again.subList(before, before + RATE))
          .extracting(TradeLedger.Entry::origin)
          .containsOnly("backfill");
    }
  }

  private void rewind(ConnectorScene scene, String symbol, long tradeId) {
    TradeTruth trade =
        binance.trades(symbol).stream().filter(t -> t.id() == tradeId).findFirst().orElseThrow();
    stack
        .connect()
        .patchOffset(
            scene.name(),
            Map.of(
                "exchange", "binance",
                "market_type", "spot",
                "channel", "trades",
                "symbol", symbol),
            new HashMap<>(
                Map.of(
                    "trade_id",
                    Long.toString(tradeId),
                    "trade_seq",
                    tradeId,
                    "trades_mode",
                    "raw",
                    "ts_event_ns",
                    trade.timeMicros() / 1_000 * 1_000_000)));
  }

  @Test
  void a_worker_that_joins_and_another_that_leaves_lose_no_trade() {
    try (ConnectorScene scene = scene(stack, "moved");
        TradeLedger ledger = ledger(scene)) {
      start(scene, ledger);
      LocalWorker first = stack.worker();
      try (LocalWorker second = stack.startWorker("second")) {
        ledger.awaitMore(INSTRUMENTS * RATE);
        first.close();
        second.rest().awaitRunningOn(scene.name(), second.url().getAuthority(), LIMIT);
        ledger.awaitMore(INSTRUMENTS * RATE);
        stack.restartWorker(first);
      }
      ledger.awaitMore(INSTRUMENTS * RATE);
      pauseTrading();

      // Four rebalances: the second joins, the first leaves and comes back, the second leaves.
      ledger.assertNothingIsLost(4);
    }
  }

  @Test
  void a_broker_that_is_silent_while_the_exchanges_disconnect_loses_no_trade() {
    silenceTheBroker(SILENCE_SECONDS);
  }

  @Test
  @Tag("long")
  void a_broker_that_is_silent_for_long_loses_no_trade() {
    silenceTheBroker(LONG_SILENCE_SECONDS);
  }

  private void silenceTheBroker(int seconds) {
    try (ConnectorScene scene = scene(stack, "silent-broker");
        TradeLedger ledger = ledger(scene)) {
      start(scene, ledger);
      signal("STOP", stack.broker().pid());
      try {
        awaitTrades(seconds * RATE / 2);
        disconnect();
        awaitTrades(seconds * RATE / 2);
      } finally {
        signal("CONT", stack.broker().pid());
      }
      ledger.awaitMore(INSTRUMENTS * RATE);
      pauseTrading();

      // The broker may have removed the worker from its group.
      ledger.assertNothingIsLost(2);
      assertThat(ledger.gaps()).isPositive();
    }
  }

  private static void signal(String name, long pid) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      assertThat(code).as("kill -%s %d", name, pid).isZero();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void proxies_that_fail_one_after_the_other_lose_no_trade() {
    binance.close();
    try (LocalSocksProxy one = new LocalSocksProxy().start();
        LocalHttpProxy other = new LocalHttpProxy().start()) {
      List<LocalProxy<?>> proxies = List.of(one, other);
      binance = startBinance(peer -> proxies.stream().anyMatch(proxy -> proxy.owns(peer)));
      try (ConnectorScene scene = scene(stack, "failing-proxies");
          TradeLedger ledger = ledger(scene)) {
        scene
            .with("proxy.enabled", "true")
            .with("proxy.default.rest.pool", "eu")
            .with("proxy.default.websocket.pool", "eu")
            .with("proxy.pools.eu.strategy", "failover")
            .with(
                "proxy.pools.eu.members",
                "socks5://127.0.0.1:" + one.port() + ",http://127.0.0.1:" + other.port());
        start(scene, ledger);
        one.stop();
        ledger.awaitMore(INSTRUMENTS * RATE);
        other.stop();
        awaitTrades(2 * RATE);
        one.start();
        ledger.awaitMore(INSTRUMENTS * RATE);
        pauseTrading();

        ledger.assertNothingIsLost(0);
        assertThat(ledger.gaps()).isPositive();
        assertThat(binance.connectionsRefused()).isZero();
      }
    }
  }

  @Test
  void an_exchange_that_disconnects_while_its_history_fails_loses_no_trade() {
    try (ConnectorScene scene = scene(stack, "cut-and-failing");
        TradeLedger ledger = ledger(scene)) {
      start(scene, ledger);
      binance.failRest(500, null, 6);
      coinbase.failRest(429, 1, 3);
      disconnect();
      awaitTrades(2 * RATE);
      disconnect();
      ledger.awaitMore(INSTRUMENTS * RATE);
      pauseTrading();

      ledger.assertNothingIsLost(0);
      assertThat(ledger.gaps()).isPositive();
    }
  }
}
