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
 * A proxy changes the way of the bytes, and nothing of what they become: connectors that differ in
 * their {@code proxy.*} keys alone write the same records of the same session.
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
  void a_session_with_gaps_is_the_same_by_every_way() {
    try (BinanceSimulator venue = BinanceSimulator.start(atCommand("BTC-USDT", "ETH-USDT"))) {
      for (String way : ways()) {
        scene("identical-gaps", "binance", way, venue.port(), "/stream", venue.symbols());
      }
      awaitStart("binance", venue);

      happen(venue);
      venue.skipNextUpdate("BTC-USDT");
      venue.changeBook("BTC-USDT", 2);
      venue.changeBook("BTC-USDT", 2);
      venue.skipNextTrade("ETH-USDT");
      venue.trade("ETH-USDT", 2);
      await("binance.feed_status", "status", "backfilled", 1);
      await("binance.l2_book", "snapshot_reason", "gap", 1);
      happen(venue);
      awaitEnd("binance", venue);

      awaitIdentical("binance");
    }
  }

  @Test
  void a_session_whose_books_come_by_websocket_is_the_same_by_every_way() {
    try (CoinbaseSimulator venue = CoinbaseSimulator.start(atCommand("BTC-USD", "ETH-USD"))) {
      for (String way : ways()) {
        scene("identical-websocket", "coinbase", way, venue.port(), "/", venue.symbols());
      }
      awaitStart("coinbase", venue);

      happen(venue);
      awaitEnd("coinbase", venue);

      awaitIdentical("coinbase");
    }
  }

  @Test
  void a_recorded_session_is_the_same_by_every_way() {
    Optional<Path> captures = Capture.directory();
    assumeTrue(captures.isPresent(), "no recorded sessions: set -Dcaptures.dir to replay them");
    Capture capture = Capture.read(captures.get(), "COINBASE");
    CaptureTruth truth = CaptureTruth.ofCoinbase(capture);
    int trades = truth.trades().values().stream().mapToInt(List::size).sum();
    int port = 0;
    for (String way : ways()) {
      try (CoinbaseReplay venue =
          CoinbaseReplay.start(capture, SimulatorOptions.builder().port(port).build())) {
        port = venue.port();
        ConnectorScene scene =
            scene(
                "identical-replay",
                "coinbase",
                way,
                port,
                "/",
                capture.configuration().getOrDefault("l2_book", List.of()));
        scene.await(
            "coinbase.l2_book",
            records -> venue.isFinished() && BookReader.of(records).books().equals(truth.books()));
        scene.await(
            "coinbase.trades", records -> records.size() >= trades + truth.lastTrades().size());
        scene.stack().connect().stop(scene.name());
        scene.stack().connect().awaitState(scene.name(), "STOPPED", ConnectorScene.LIMIT);
      }
    }

    awaitIdentical("coinbase");
  }

  // ---- The ways ----

  private List<String> ways() {
    return List.of(DIRECT, "socks5://127.0.0.1:" + socks.port(), "http://127.0.0.1:" + http.port());
  }

  private ConnectorScene scene(
      String session, String exchange, String way, int port, String path, List<String> symbols) {
    String name = session + "-" + way.replaceAll(":.*", "");
    ConnectorScene scene =
        new ConnectorScene(name, exchange)
            .venue(
                exchange,
                "ws://127.0.0.1:" + port + path,
                "http://127.0.0.1:" + port,
                String.join(",", symbols));
    scenes.put(way, scene);
    if (!way.equals(DIRECT)) {
      scene
          .with("proxy.enabled", "true")
          .with("proxy.default.rest.url", way)
          .with("proxy.default.websocket.url", way);
    }
    scene.start().awaitRunning();
    return scene;
  }

  // ---- The session ----

  /** A market that stands still unless it is told. */
  private static SimulatorOptions atCommand(String... symbols) {
    return SimulatorOptions.builder()
        .symbols(symbols)
        .tradesPerSecond(0)
        .bookChangesPerSecond(0)
        .build();
  }

  private static void happen(VenueSimulator venue) {
    for (int i = 0; i < 50; i++) {
      for (String symbol : venue.symbols()) {
        venue.trade(symbol, 1);
        venue.changeBook(symbol, 2);
      }
    }
  }

  /** Waits until each connector has its first books, which some ask for at the first change. */
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

  /** Waits until each connector has written all that happened. */
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

  // ---- What is the same ----

  /** Whatever is still on its way to Kafka may come. */
  private void awaitIdentical(String exchange) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              scenes.values().forEach(ConnectorScene::read);
              scenes.forEach((way, scene) -> assertLikeDirect(exchange, way, scene));
            });
    assertThat(socks.tunnelsOpened()).isPositive();
    assertThat(http.tunnelsOpened()).isPositive();
  }

  private void assertLikeDirect(String exchange, String way, ConnectorScene scene) {
    ConnectorScene direct = requireNonNull(scenes.get(DIRECT));
    assertThat(withoutProxy(scene)).isEqualTo(withoutProxy(direct));
    for (String channel : List.of("l2_book", "trades", "feed_status")) {
      String topic = exchange + "." + channel;
      assertThat(lines(scene, topic)).as("%s %s", way, topic).isNotEmpty();
      assertThat(lines(scene, topic)).as("%s %s", way, topic).isEqualTo(lines(direct, topic));
    }
    assertThat(scene.records(exchange + ".feed_status"))
        .extracting(status -> String.valueOf(status.get("proxy")))
        .containsOnly(way.equals(DIRECT) ? "null" : way);
  }

  /** The configuration without its proxies, and without what tells the connectors apart. */
  private static Map<String, String> withoutProxy(ConnectorScene scene) {
    Map<String, String> config = new HashMap<>(scene.config());
    config.keySet().removeIf(key -> key.startsWith("proxy."));
    config.remove("topic.prefix");
    return config;
  }

  /**
   * The records of each key, in order, as text: all of them but for the moment at which they
   * arrived, and the proxy. What the connector says of its streams is put in order of the alphabet,
   * for the streams of an instrument do not wait for each other.
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
    String happened = String.valueOf(fields.get("ts_event_ns"));
    if (happened.equals(received)) {
      // The venue gave no time, so that it is our own.
      fields.put("ts_event_ns", "as received");
      return fields.toString();
    }
    // Where Kafka could not use the venue's time, its timestamp is that of the arrival.
    boolean used = record.timestamp() == Long.parseLong(happened) / 1_000_000;
    return (used ? record.timestamp() : "as received") + " " + fields;
  }
}
