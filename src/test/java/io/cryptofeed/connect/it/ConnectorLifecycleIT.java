package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Start, restart, pause and deletion of the connector on a real worker. */
final class ConnectorLifecycleIT {

  private final BinanceSimulator binance = BinanceSimulator.start(SimulatorOptions.defaults());
  private final CoinbaseSimulator coinbase = CoinbaseSimulator.start(SimulatorOptions.defaults());

  @AfterEach
  void closeVenues() {
    binance.close();
    coinbase.close();
  }

  @Test
  void records_have_the_key_the_timestamp_and_the_values_of_the_exchange() {
    try (ConnectorScene scene = binance("records")) {
      scene.start().awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 10);
      binance.pauseTrading();
      List<TradeTruth> happened = binance.trades("BTC-USDT");
      scene.await(
          "binance.trades", records -> lastId(records) == happened.get(happened.size() - 1).id());

      ConsumerRecord<String, GenericRecord> first = scene.raw("binance.trades").get(0);
      long firstId = Long.parseLong(first.value().get("trade_id").toString());
      List<TradeTruth> expected = happened.stream().filter(t -> t.id() >= firstId).toList();
      assertThat(first.key()).isEqualTo("binance.spot.BTC-USDT");
      assertThat(first.headers()).isEmpty();
      assertThat(first.timestamp()).isEqualTo((Long) first.value().get("ts_event_ns") / 1_000_000);
      assertThat(scene.records("binance.trades"))
          .extracting(r -> ((BigDecimal) r.get("price")).stripTrailingZeros())
          .containsExactlyElementsOf(expected.stream().map(TradeTruth::price).toList());
      assertThat(scene.records("binance.trades"))
          .extracting(r -> r.get("side").toString())
          .containsExactlyElementsOf(expected.stream().map(t -> t.taker().code()).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, -200_000})
  void an_exchange_whose_clock_is_wrong_by_hours_does_not_fail_the_task(int hours) {
    TradeExchange exchange = TradeExchange.BINANCE;
    try (TradeVenue venue = TradeVenue.start(exchange, 1);
        ConnectorScene scene = new ConnectorScene("clock" + hours, "binance")) {
      scene
          .venue(
              "binance",
              "ws://127.0.0.1:" + venue.port() + "/stream",
              "http://127.0.0.1:" + venue.port(),
              "BTC-USDT")
          .with("channels", "trades")
          .start()
          .awaitRunning();
      Awaitility.await().until(() -> venue.subscribers(exchange.one()) == 1);
      venue.elapse(Duration.ofHours(hours));
      venue.trade(exchange.one(), 10);

      scene.await("binance.trades", records -> records.size() == 10);
      assertThat(scene.raw("binance.trades"))
          .allSatisfy(
              record ->
                  assertThat(record.timestamp())
                      .isEqualTo((Long) record.value().get("ts_recv_ns") / 1_000_000));
      scene.awaitRunning();
    }
  }

  @Test
  void
      a_symbol_that_is_not_listed_fails_the_task_and_the_error_names_property_and_nearest_symbol() {
    try (ConnectorScene scene = binance("unknown-symbol")) {
      scene.with("exchange.binance.symbols", "BTC-USTD").start();

      assertThat(scene.awaitFailure())
          .contains("exchange.binance.symbols")
          .contains("'BTC-USTD'")
          .contains("BTC-USDT");
    }
  }

  @Test
  void a_task_keeps_running_while_its_exchange_is_down_at_the_start() {
    binance.stop();
    try (ConnectorScene scene = binance("down-at-start")) {
      scene.start().awaitRunning();
      scene.awaitLog("exchange=binance cannot list instruments");
      binance.start();

      scene.await("binance.trades", records -> records.size() >= 3);
      assertThat(scene.awaitRunning().trace()).isNull();
    }
  }

  @Test
  void a_restarted_task_resumes_from_its_offset_and_backfills_the_trades_in_between() {
    try (ConnectorScene scene = binance("task-restart")) {
      scene.start().awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 20);
      // The offset has to be committed before the restart, so that the new task finds it.
      Awaitility.await()
          .atMost(ConnectorScene.LIMIT)
          .until(() -> !scene.stack().connect().offsets(scene.name()).isEmpty());
      scene.stack().connect().stop(scene.name());
      scene.stack().connect().awaitState(scene.name(), "STOPPED", ConnectorScene.LIMIT);
      Map<Map<String, Object>, Map<String, Object>> offsets =
          scene.stack().connect().offsets(scene.name());
      binance.trade("BTC-USDT", 7);
      scene.stack().connect().resume(scene.name());
      List<GenericRecord> gaps =
          scene.await(
              "binance.feed_status",
              records -> records.stream().anyMatch(r -> r.get("status").toString().equals("gap")));

      assertThat(offsets.keySet())
          .contains(
              Map.of(
                  "exchange", "binance",
                  "market_type", "spot",
                  "channel", "trades",
                  "symbol", "BTC-USDT"));
      GenericRecord gap =
          gaps.stream()
              .filter(r -> r.get("status").toString().equals("gap"))
              .findFirst()
              .orElseThrow();
      long from = Long.parseLong(gap.get("from_id").toString());
      long to = Long.parseLong(gap.get("to_id").toString());
      assertThat(gap.get("missing_count")).isEqualTo(to - from + 1);
      scene.await("binance.trades", records -> lastId(records) > to);
      List<Long> seen = ids(scene.records("binance.trades"));
      assertThat(seen).isSorted().doesNotHaveDuplicates();
      assertThat(seen)
          .containsAll(
              binance.trades("BTC-USDT").stream()
                  .map(TradeTruth::id)
                  .filter(id -> id >= seen.get(0) && id <= to)
                  .toList());
      GenericRecord backfilled =
          scene
              .await(
                  "binance.feed_status",
                  records ->
                      records.stream()
                          .anyMatch(r -> r.get("status").toString().equals("backfilled")))
              .stream()
              .filter(r -> r.get("status").toString().equals("backfilled"))
              .findFirst()
              .orElseThrow();
      assertThat(backfilled.get("recovered_count")).isEqualTo(gap.get("missing_count"));
    }
  }

  @Test
  void a_paused_connector_stops_reading_and_continues_when_resumed() {
    try (ConnectorScene scene = binance("paused")) {
      scene.start().awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 5);
      scene.stack().connect().pause(scene.name());
      scene.stack().connect().awaitState(scene.name(), "PAUSED", ConnectorScene.LIMIT);
      scene.stack().connect().resume(scene.name());
      int before = scene.records("binance.trades").size();
      scene.await("binance.trades", records -> records.size() > before + 10);

      List<Long> ids = ids(scene.records("binance.trades"));
      List<Long> consecutive = new ArrayList<>();
      for (long id = ids.get(0); consecutive.size() < ids.size(); id++) {
        consecutive.add(id);
      }
      assertThat(ids).isEqualTo(consecutive);
    }
  }

  @Test
  void two_connectors_on_one_worker_do_not_affect_each_other() {
    try (ConnectorScene one = binance("one-of-two");
        ConnectorScene other = coinbase("other-of-two")) {
      one.start();
      other.start();
      one.await("binance.trades", records -> records.size() >= 5);
      other.await("coinbase.trades", records -> records.size() >= 5);
      one.stack().connect().delete(one.name());

      int before = other.records("coinbase.trades").size();
      other.await("coinbase.trades", records -> records.size() > before + 5);
      assertThat(other.awaitRunning().trace()).isNull();
      Awaitility.await().until(() -> binance.currentWebSockets() == 0);
    }
  }

  @Test
  void more_tasks_than_exchanges_share_the_instruments() {
    try (ConnectorScene scene = binance("split")) {
      scene.with("exchange.binance.symbols", "BTC-USDT,ETH-USDT").with("tasks.max", "2").start();
      scene.awaitRunning();
      scene.await(
          "binance.trades",
          records -> records.stream().map(r -> r.get("symbol").toString()).distinct().count() == 2);

      assertThat(scene.stack().connect().status(scene.name()).taskStates()).hasSize(2);
      assertThat(binance.currentWebSockets()).isEqualTo(2);
      assertThat(binance.subscriptions().values()).containsOnly(1);
    }
  }

  /** The worker binds both names to its own threads only. */
  @Test
  void every_line_of_the_log_names_its_connector_and_its_task() {
    try (ConnectorScene scene = binance("named-lines")) {
      scene.start();
      scene.await("binance.trades", records -> records.size() >= 5);
      binance.closeAll(1001, "a test");
      scene.awaitLog("the connection was");
      List<String> lines =
          scene
              .logs()
              .lines()
              .filter(line -> line.contains("[cryptofeed-" + scene.name() + "-"))
              .filter(line -> line.contains(" i.c.c."))
              .toList();

      assertThat(lines).isNotEmpty();
      assertThat(lines)
          .allMatch(
              line -> line.contains("[" + scene.name() + "|task-0"), "names connector and task");
    }
  }

  @Test
  void posting_the_same_configuration_again_restarts_nothing() {
    try (ConnectorScene scene = binance("same-again")) {
      scene.start().awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 5);
      long connections = binance.webSocketsOpened();
      scene.stack().connect().put(scene.name(), scene.config());
      int before = scene.records("binance.trades").size();
      scene.await("binance.trades", records -> records.size() > before + 20);

      assertThat(ids(scene.records("binance.trades"))).doesNotHaveDuplicates();
      assertThat(binance.webSocketsOpened()).isEqualTo(connections);
    }
  }

  @Test
  void validate_reports_all_errors_at_once_each_on_its_key() {
    try (ConnectorScene scene = binance("validate")) {
      scene
          .with("exchanges", "binanse")
          .with("channels", "trades,tirades")
          .with("decimal.mode", "exact")
          .with("proxy.enabled", "true")
          .with("proxy.default.rest.url", "socks6://proxy:1080")
          .with("topic.prefxi", "crypto");
      Map<String, List<String>> errors = scene.stack().connect().validate(scene.config());

      assertThat(errors)
          .containsKeys(
              "exchanges", "channels", "decimal.mode", "proxy.default.rest.url", "topic.prefxi");
      assertThat(errors.getOrDefault("exchanges", List.of()).toString())
          .contains("binanse")
          .contains("binance");
      assertThat(errors.getOrDefault("channels", List.of()).toString())
          .contains("tirades")
          .contains("trades");
      assertThat(errors.getOrDefault("proxy.default.rest.url", List.of()).toString())
          .contains("socks6");
      assertThat(errors.getOrDefault("topic.prefxi", List.of()).toString())
          .contains("topic.prefix");
    }
  }

  /** The worker adds errors of its own, for keys that are missing for example. */
  @Test
  void validate_says_what_is_meant_by_what_users_type() {
    try (ConnectorScene scene = binance("typed")) {
      scene
          .with("exchanges", "[\"binance\", binanceusdm,]")
          .with("symbols", "BTC/USDT:USDT")
          .with("channels", "trades,orderbook")
          .with("binance.symbols", "BTC-USDT")
          .with("http.proxyHost", "proxy");
      Map<String, List<String>> errors = scene.stack().connect().validate(scene.config());

      assertThat(errors.getOrDefault("exchanges", List.of()).toString())
          .contains("brackets", "quotes", "write binance,binanceusdm");
      assertThat(errors.getOrDefault("symbols", List.of()).toString()).contains("BTC-USDT-PERP");
      assertThat(errors.getOrDefault("channels", List.of()).toString()).contains("l2_book");
      assertThat(errors).containsKeys("binance.symbols", "http.proxyHost");
      assertThat(errors.toString()).doesNotContain("non-null", "exchange ''");
    }
  }

  @Test
  void validation_without_ccxt_names_the_component_to_install_and_shows_no_credential() {
    String secret = "s3cret-canary-8264";
    try (ConnectorScene scene = binance("without-ccxt")) {
      scene
          .with("exchanges", "binance,ccxt:bitrue")
          .with("exchange.bitrue.api.key", secret)
          .with("exchange.bitrue.api.secret", secret)
          .with("exchange.bitrue.api.passphrase", secret)
          .with("exchange.bitrue.api.secrett", secret)
          .with("exchange.binance.api.key", secret);

      assertThat(
              scene.stack().connect().validate(scene.config()).getOrDefault("exchanges", List.of()))
          .singleElement()
          .asString()
          .contains("install the component kafka-connect-cryptofeed-ccxt");
      assertThat(scene.stack().connect().validation(scene.config()).toString())
          .contains("exchange.bitrue.api.secret")
          .doesNotContain(secret);
      assertThat(scene.logs()).doesNotContain(secret);
    }
  }

  @Test
  void a_secret_from_a_file_is_neither_in_task_configurations_nor_in_logs() throws IOException {
    String secret = "s3cret-canary-7391";
    Path file = LocalStack.shared().secrets().resolve("proxy.properties");
    Files.writeString(file, "password=" + secret + "\n");
    try (ConnectorScene scene = binance("secrets")) {
      scene
          .with("proxy.enabled", "true")
          .with("proxy.default.websocket.url", "socks5://127.0.0.1:1")
          .with("proxy.default.websocket.username", "alice")
          .with("proxy.default.websocket.password", "${file:" + file + ":password}")
          .with("proxy.default.rest.url", "direct")
          .start()
          .awaitRunning();
      scene.awaitLog("cannot reach proxy socks5://127.0.0.1:1");

      JsonNode tasks = scene.stack().connect().taskConfigs(scene.name());
      JsonNode config = scene.stack().connect().config(scene.name());
      assertThat(tasks).isNotEmpty();
      assertThat(tasks.toString()).doesNotContain(secret).contains("${file:");
      assertThat(config.toString()).doesNotContain(secret);
      assertThat(scene.logs()).doesNotContain(secret);
    }
  }

  @Test
  void a_deleted_connector_leaves_no_connection_open() {
    try (ConnectorScene scene = binance("deleted")) {
      scene.start().awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 3);
      scene.stack().connect().delete(scene.name());

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> binance.currentConnections() == 0);
    }
  }

  private ConnectorScene binance(String name) {
    return venue(new ConnectorScene(name, "binance"), "binance", binance, "/stream", "BTC-USDT");
  }

  private ConnectorScene coinbase(String name) {
    return venue(new ConnectorScene(name, "coinbase"), "coinbase", coinbase, "/", "BTC-USD");
  }

  private static ConnectorScene venue(
      ConnectorScene scene, String exchange, VenueSimulator venue, String path, String symbols) {
    return scene.venue(
        exchange,
        "ws://127.0.0.1:" + venue.port() + path,
        "http://127.0.0.1:" + venue.port(),
        symbols);
  }

  private static List<Long> ids(List<GenericRecord> trades) {
    return trades.stream().map(trade -> (Long) trade.get("trade_seq")).toList();
  }

  private static long lastId(List<GenericRecord> trades) {
    return trades.isEmpty() ? -1 : (Long) trades.get(trades.size() - 1).get("trade_seq");
  }
}
