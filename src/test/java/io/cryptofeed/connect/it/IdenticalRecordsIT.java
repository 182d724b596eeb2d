package io.cryptofeed.connect.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.capture.Capture;
import io.cryptofeed.connect.local.venue.capture.CaptureTruth;
import io.cryptofeed.connect.local.venue.capture.CoinbaseReplay;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A proxy does not change any record: connectors that differ only in their {@code proxy.*} keys
 * write the same records of the same session.
 */
final class IdenticalRecordsIT {

  private static final String DIRECT = "direct";

  private final LocalSocksProxy socks = new LocalSocksProxy().start();
  private final LocalHttpProxy http = new LocalHttpProxy().start();
  private final Map<String, ConnectorScene> scenes = new LinkedHashMap<>();

  @AfterEach
  void closeAll() {
    scenes.values().forEach(ConnectorScene::close);
    socks.close();
    http.close();
  }

  @Test
  void a_session_with_gaps_gives_the_same_records_through_every_route() {
    try (BinanceSimulator venue = BinanceSimulator.start(idleMarket("BTC-USDT", "ETH-USDT"))) {
      for (String route : routes()) {
        scene("identical-gaps", "binance", route, venue.port(), "/stream", venue.symbols());
      }
      awaitStart("binance", venue);

      makeEvents(venue);
      venue.skipNextUpdate("BTC-USDT");
      venue.changeBook("BTC-USDT", 2);
      venue.changeBook("BTC-USDT", 2);
      venue.skipNextTrade("ETH-USDT");
      venue.trade("ETH-USDT", 2);
      await("binance.feed_status", "status", "backfilled", 1);
      await("binance.l2_book", "snapshot_reason", "gap", 1);
      makeEvents(venue);
      awaitEnd("binance", venue);

      awaitIdentical("binance");
    }
  }

  @Test
  void a_session_with_books_from_websocket_gives_the_same_records_through_every_route() {
    try (CoinbaseSimulator venue = CoinbaseSimulator.start(idleMarket("BTC-USD", "ETH-USD"))) {
      for (String route : routes()) {
        scene("identical-websocket", "coinbase", route, venue.port(), "/", venue.symbols());
      }
      awaitStart("coinbase", venue);

      makeEvents(venue);
      awaitEnd("coinbase", venue);

      awaitIdentical("coinbase");
    }
  }

  @Test
  void a_recorded_session_gives_the_same_records_through_every_route() {
    Optional<Path> captures = Capture.directory();
    assumeTrue(captures.isPresent(), "no recorded sessions: set -Dcaptures.dir to replay them");
    Capture capture = Capture.read(captures.get(), "COINBASE");
    CaptureTruth expected = CaptureTruth.ofCoinbase(capture);
    int trades = expected.trades().values().stream().mapToInt(List::size).sum();
    int port = 0;
    for (String route : routes()) {
      try (CoinbaseReplay venue =
          CoinbaseReplay.start(capture, SimulatorOptions.builder().port(port).build())) {
        port = venue.port();
        ConnectorScene scene =
            scene(
                "identical-replay",
                "coinbase",
                route,
                port,
                "/",
                capture.configuration().getOrDefault("l2_book", List.of()));
        Map<String, BookTruth> last = expected.books();
        BookReader.of(
                scene.await(
                    "coinbase.l2_book",
                    records -> venue.isFinished() && BookReader.of(records).books().equals(last)))
            .compareWith(symbol -> requireNonNull(expected.histories().get(symbol)).walk());
        scene.await(
            "coinbase.trades", records -> records.size() >= trades + expected.lastTrades().size());
        scene.stack().connect().stop(scene.name());
        scene.stack().connect().awaitState(scene.name(), "STOPPED", ConnectorScene.LIMIT);
      }
    }

    awaitIdentical("coinbase");
  }

  // ---- The routes ----

  private List<String> routes() {
    return List.of(DIRECT, "socks5://127.0.0.1:" + socks.port(), "http://127.0.0.1:" + http.port());
  }

  private ConnectorScene scene(
      String session, String exchange, String route, int port, String path, List<String> symbols) {
    String name = session + "-" + route.replaceAll(":.*", "");
    ConnectorScene scene =
        new ConnectorScene(name, exchange)
            .venue(
                exchange,
                "ws://127.0.0.1:" + port + path,
                "http://127.0.0.1:" + port,
                String.join(",", symbols));
    scenes.put(route, scene);
    if (!route.equals(DIRECT)) {
      scene.throughProxy(route);
    }
    scene.start().awaitRunning();
    return scene;
  }

  // ---- The session ----

  /** A market in which nothing happens unless the test asks for it. */
  private static SimulatorOptions idleMarket(String... symbols) {
    return SimulatorOptions.builder()
        .symbols(symbols)
        .tradesPerSecond(0)
        .bookChangesPerSecond(0)
        .build();
  }

  private static void makeEvents(VenueSimulator venue) {
    for (int i = 0; i < 50; i++) {
      for (String symbol : venue.symbols()) {
        venue.trade(symbol, 1);
        venue.changeBook(symbol, 2);
      }
    }
  }

  /** Waits for the first books of each connector; some are requested only at the first delta. */
  private void awaitStart(String exchange, VenueSimulator venue) {
    Awaitility.await()
        .atMost(ConnectorScene.LIMIT)
        .until(
            () -> {
              Map<String, Integer> subscribers = venue.subscriptions();
              return subscribers.size() >= 2 * venue.symbols().size()
                  && subscribers.values().stream().allMatch(count -> count == scenes.size());
            });
    venue.symbols().forEach(symbol -> venue.changeBook(symbol, 1));
    await(exchange + ".l2_book", "snapshot_reason", "initial", venue.symbols().size());
  }

  /** Waits until each connector has written so many records with this value. */
  private void await(String topic, String field, String value, int count) {
    for (ConnectorScene scene : scenes.values()) {
      scene.await(
          topic,
          records ->
              records.stream()
                      .filter(record -> value.equals(String.valueOf(record.get(field))))
                      .count()
                  >= count);
    }
  }

  /** Waits until each connector has written everything that happened at the exchange. */
  private void awaitEnd(String exchange, VenueSimulator venue) {
    List<BookTruth> books = venue.symbols().stream().map(venue::book).toList();
    List<String> lastTrades = new ArrayList<>();
    for (String symbol : venue.symbols()) {
      lastTrades.add(Long.toString(venue.trades(symbol).get(venue.trades(symbol).size() - 1).id()));
    }
    for (ConnectorScene scene : scenes.values()) {
      scene.await(
          exchange + ".l2_book",
          records -> BookReader.of(records).books().values().containsAll(books));
      scene.await(exchange + ".trades", records -> ids(records).containsAll(lastTrades));
    }
  }

  private static Collection<String> ids(List<GenericRecord> trades) {
    return trades.stream().map(trade -> trade.get("trade_id").toString()).toList();
  }

  // ---- The comparison ----

  /** Waits, because some records may still be on their route to Kafka. */
  private void awaitIdentical(String exchange) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              scenes.values().forEach(ConnectorScene::read);
              scenes.forEach((route, scene) -> assertLikeDirect(exchange, route, scene));
            });
    assertThat(socks.tunnelsOpened()).isPositive();
    assertThat(http.tunnelsOpened()).isPositive();
  }

  private void assertLikeDirect(String exchange, String route, ConnectorScene scene) {
    ConnectorScene direct = requireNonNull(scenes.get(DIRECT));
    assertThat(withoutProxy(scene)).isEqualTo(withoutProxy(direct));
    for (String channel : List.of("l2_book", "trades", "feed_status")) {
      String topic = exchange + "." + channel;
      assertThat(lines(scene, topic)).as("%s %s", route, topic).isNotEmpty();
      assertThat(lines(scene, topic)).as("%s %s", route, topic).isEqualTo(lines(direct, topic));
    }
    assertThat(scene.records(exchange + ".feed_status"))
        .extracting(status -> String.valueOf(status.get("proxy")))
        .containsOnly(route.equals(DIRECT) ? "null" : route);
  }

  /** The configuration without its proxies and without the prefix of the connector's topics. */
  private static Map<String, String> withoutProxy(ConnectorScene scene) {
    Map<String, String> config = new HashMap<>(scene.config());
    config.keySet().removeIf(key -> key.startsWith("proxy."));
    config.remove("topic.prefix");
    return config;
  }

  /**
   * The records of each key, in order, as text, without the receive time and the proxy. The
   * statuses are sorted by their text, because the streams of an instrument are independent of each
   * other.
   */
  private static Map<String, List<String>> lines(ConnectorScene scene, String topic) {
    Map<String, List<String>> lines = new TreeMap<>();
    for (ConsumerRecord<String, GenericRecord> record : scene.raw(topic)) {
      lines.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(line(record));
    }
    if (topic.endsWith(".feed_status")) {
      lines.values().forEach(each -> each.sort(null));
    }
    return lines;
  }

  private static String line(ConsumerRecord<String, GenericRecord> record) {
    GenericRecord value = record.value();
    Map<String, String> fields = new LinkedHashMap<>();
    for (Schema.Field field : value.getSchema().getFields()) {
      fields.put(field.name(), String.valueOf(value.get(field.pos())));
    }
    fields.remove("proxy");
    String received = fields.remove("ts_recv_ns");
    String eventTime = String.valueOf(fields.get("ts_event_ns"));
    if (eventTime.equals(received)) {
      // The exchange sent no time, so the event time is the receive time.
      fields.put("ts_event_ns", "as received");
      return fields.toString();
    }
    // If the exchange's time cannot be Kafka's timestamp, that is the receive time.
    boolean used = record.timestamp() == Long.parseLong(eventTime) / 1_000_000;
    return (used ? record.timestamp() : "as received") + " " + fields;
  }
}
