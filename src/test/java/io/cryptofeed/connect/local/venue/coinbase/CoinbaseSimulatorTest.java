package io.cryptofeed.connect.local.venue.coinbase;

import static io.cryptofeed.connect.local.venue.PlainClient.get;
import static io.cryptofeed.connect.local.venue.PlainClient.getJson;
import static io.cryptofeed.connect.local.venue.PlainClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.PlainClient;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The messages that a client of Coinbase Exchange receives, compared with what happened. */
class CoinbaseSimulatorTest {

  private static final SimulatorOptions QUIET =
      SimulatorOptions.builder().tradesPerSecond(0).bookChangesPerSecond(0).build();

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private CoinbaseSimulator start(SimulatorOptions options) {
    CoinbaseSimulator venue = CoinbaseSimulator.start(options);
    open.add(venue);
    return venue;
  }

  private PlainClient connect(CoinbaseSimulator venue) {
    PlainClient client = PlainClient.connect(venue, "/");
    open.add(client);
    return client;
  }

  private static String request(String type, String channels, String... products) {
    return "{\"type\":\""
        + type
        + "\",\"product_ids\":[\""
        + String.join("\",\"", products)
        + "\"],\"channels\":["
        + channels
        + "]}";
  }

  // ---- Requests ----

  @Test
  void responds_to_every_request_with_the_full_list_of_subscriptions() {
    PlainClient client = connect(start(QUIET));
    client.send(request("subscribe", "\"matches\"", "BTC-USD"));
    client.send(request("subscribe", "\"level2_batch\"", "BTC-USD", "ETH-USD"));
    client.send(request("unsubscribe", "\"matches\"", "BTC-USD"));
    assertThat(client.next(CoinbaseSimulatorTest::isAck))
        .isEqualTo(
            json(
                "{\"type\":\"subscriptions\",\"channels\":[{\"name\":\"matches\","
                    + "\"product_ids\":[\"BTC-USD\"],\"account_ids\":null}]}"));
    JsonNode both = client.next(CoinbaseSimulatorTest::isAck).path("channels");
    assertThat(both).hasSize(2);
    assertThat(both.get(0).path("name").asText()).isEqualTo("level2_50");
    assertThat(both.get(0).path("product_ids")).hasSize(2);
    assertThat(both.get(1).path("name").asText()).isEqualTo("matches");
    JsonNode one = client.next(CoinbaseSimulatorTest::isAck).path("channels");
    assertThat(one).hasSize(1);
    assertThat(one.get(0).path("name").asText()).isEqualTo("level2_50");
  }

  private static boolean isAck(JsonNode message) {
    return message.path("type").asText().equals("subscriptions");
  }

  @Test
  void accepts_channels_as_objects_with_their_own_products() {
    CoinbaseSimulator venue = start(QUIET);
    PlainClient client = connect(venue);
    client.send(
        "{\"type\":\"subscribe\",\"channels\":[{\"name\":\"matches\",\"product_ids\":[\"ETH-USD\"]},"
            + "{\"name\":\"heartbeat\",\"product_ids\":[\"BTC-USD\"]}]}");
    client.next();
    assertThat(venue.subscriptions()).containsOnlyKeys("matches:ETH-USD", "heartbeat:BTC-USD");
  }

  @Test
  void one_unknown_product_fails_the_whole_request() {
    CoinbaseSimulator venue = start(QUIET);
    PlainClient client = connect(venue);
    client.send(request("subscribe", "\"matches\"", "BTC-USD", "NO-SUCH"));
    assertThat(client.next())
        .isEqualTo(
            json(
                "{\"type\":\"error\",\"message\":\"Failed to subscribe\","
                    + "\"reason\":\"NO-SUCH is not a valid product\"}"));
    assertThat(venue.subscriptions()).isEmpty();
  }

  @Test
  void the_unbatched_book_requires_authentication() {
    PlainClient client = connect(start(QUIET));
    client.send(request("subscribe", "\"level2\"", "BTC-USD"));
    assertThat(client.next().path("reason").asText()).contains("require authentication");
  }

  @Test
  void closes_a_connection_that_subscribes_nothing_in_time() {
    CoinbaseSimulator venue =
        start(SimulatorOptions.builder().subscribeTimeout(Duration.ofMillis(50)).build());
    assertThat(connect(venue).end()).startsWith("1008");
  }

  // ---- Data ----

  @Test
  void sends_the_last_trade_and_then_every_trade_with_the_side_of_the_maker() {
    CoinbaseSimulator venue = start(QUIET);
    PlainClient client = connect(venue);
    client.send(request("subscribe", "\"matches\"", "BTC-USD"));
    client.next();
    JsonNode last = client.next();
    assertThat(last.path("type").asText()).isEqualTo("last_match");
    List<TradeTruth> before = venue.trades("BTC-USD");
    assertThat(trade(last)).isEqualTo(before.get(before.size() - 1));

    venue.trade("BTC-USD", 100);

    List<TradeTruth> happened = venue.trades("BTC-USD");
    List<TradeTruth> received = new ArrayList<>();
    Set<Long> steps = new HashSet<>();
    long sequence = last.path("sequence").asLong();
    while (received.size() < happened.size() - before.size()) {
      JsonNode match = client.next();
      assertThat(match.path("type").asText()).isEqualTo("match");
      received.add(trade(match));
      steps.add(match.path("sequence").asLong() - sequence);
      sequence = match.path("sequence").asLong();
    }
    assertThat(received).isEqualTo(happened.subList(before.size(), happened.size()));
    assertThat(steps).hasSizeGreaterThan(1).allMatch(step -> step > 0);
  }

  private static TradeTruth trade(JsonNode match) {
    Instant time = Instant.parse(match.path("time").textValue());
    return new TradeTruth(
        match.path("trade_id").asLong(),
        new BigDecimal(match.path("price").textValue()),
        new BigDecimal(match.path("size").textValue()),
        match.path("side").textValue().equals("sell") ? Side.BUY : Side.SELL,
        time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000);
  }

  @Test
  void snapshot_and_updates_make_the_true_book() {
    CoinbaseSimulator venue =
        start(
            SimulatorOptions.builder()
                .bookChangesPerSecond(5_000)
                .bookInterval(Duration.ofMillis(10))
                .build());
    PlainClient client = connect(venue);
    client.send(request("subscribe", "\"level2_batch\"", "BTC-USD"));
    long start = venue.updateId("BTC-USD");
    await().until(() -> venue.updateId("BTC-USD") > start + 1_000);
    venue.pauseTrading();
    venue.sendRaw("{\"type\":\"end\"}");

    assertThat(isAck(client.next())).isTrue();
    BookTruth book = new BookTruth();
    Set<String> zeros = new HashSet<>();
    JsonNode message = client.next();
    assertThat(message.path("type").asText()).isEqualTo("snapshot");
    for (JsonNode level : message.path("bids")) {
      book.set(true, number(level, 0), number(level, 1));
    }
    for (JsonNode level : message.path("asks")) {
      book.set(false, number(level, 0), number(level, 1));
    }
    long updates = 0;
    for (message = client.next();
        !message.path("type").asText().equals("end");
        message = client.next()) {
      assertThat(message.path("type").asText()).isEqualTo("l2update");
      updates++;
      for (JsonNode change : message.path("changes")) {
        book.set(change.get(0).textValue().equals("buy"), number(change, 1), number(change, 2));
        if (number(change, 2).signum() == 0) {
          zeros.add(change.get(2).textValue());
        }
      }
      assertThat(book.isCrossed()).isFalse();
    }
    assertThat(book).isEqualTo(venue.book("BTC-USD"));
    assertThat(updates).isEqualTo(venue.bookMessages("BTC-USD")).isPositive();
    assertThat(zeros).containsExactlyInAnyOrder("0", "0.00000000");
  }

  private static BigDecimal number(JsonNode row, int index) {
    return new BigDecimal(row.get(index).textValue());
  }

  @Test
  void heartbeats_name_the_last_trade() {
    CoinbaseSimulator venue = start(QUIET);
    PlainClient client = connect(venue);
    client.send(request("subscribe", "\"heartbeat\"", "BTC-USD"));
    client.next();
    JsonNode heartbeat = client.next();
    List<TradeTruth> trades = venue.trades("BTC-USD");
    assertThat(heartbeat.path("type").asText()).isEqualTo("heartbeat");
    assertThat(heartbeat.path("last_trade_id").asLong())
        .isEqualTo(trades.get(trades.size() - 1).id());
  }

  @Test
  void resubscribing_sends_a_new_snapshot() {
    CoinbaseSimulator venue = start(QUIET);
    PlainClient client = connect(venue);
    for (int i = 0; i < 2; i++) {
      client.send(request("subscribe", "\"level2_batch\"", "ETH-USD"));
      client.send(request("unsubscribe", "\"level2_batch\"", "ETH-USD"));
    }
    for (String type : List.of("subscriptions", "snapshot", "subscriptions")) {
      assertThat(client.next().path("type").asText()).isEqualTo(type);
    }
    for (String type : List.of("subscriptions", "snapshot", "subscriptions")) {
      assertThat(client.next().path("type").asText()).isEqualTo(type);
    }
  }

  @Test
  void long_messages_may_be_fragmented() {
    CoinbaseSimulator venue =
        start(
            SimulatorOptions.builder()
                .tradesPerSecond(0)
                .bookChangesPerSecond(0)
                .fragmentBytes(1_000)
                .depth(100)
                .build());
    PlainClient client = connect(venue);
    client.send(request("subscribe", "\"level2_batch\"", "BTC-USD"));
    client.next();
    assertThat(client.next().path("bids")).hasSize(100);
    assertThat(client.fragments()).isGreaterThan(3);
  }

  // ---- REST ----

  @Test
  void lists_products_that_trade_and_products_that_do_not() {
    JsonNode products = getJson(start(QUIET), "/products");
    Set<String> ids = new HashSet<>();
    Set<String> statuses = new HashSet<>();
    for (JsonNode product : products) {
      ids.add(product.path("id").asText());
      statuses.add(product.path("status").asText());
    }
    assertThat(ids).contains("BTC-USD", "ETH-USD").hasSizeGreaterThan(2);
    assertThat(statuses).contains("online", "delisted", "offline");
  }

  @Test
  void serves_the_book_over_rest() {
    CoinbaseSimulator venue = start(QUIET);
    JsonNode answer = getJson(venue, "/products/BTC-USD/book?level=2");
    assertThat(answer.path("bids")).hasSize(50);
    assertThat(number(answer.path("bids").get(0), 0).stripTrailingZeros())
        .isEqualTo(venue.book("BTC-USD").bids().firstKey());
    assertThat(answer.path("sequence").isIntegralNumber()).isTrue();
    assertThat(get(venue, "/products/NO-SUCH/book?level=2").statusCode()).isEqualTo(404);
  }

  // ---- History ----

  @Test
  void the_history_is_paged_backwards_and_has_the_side_of_the_maker() {
    CoinbaseSimulator venue = start(QUIET);
    venue.trade("BTC-USD", 900);
    List<TradeTruth> happened = venue.trades("BTC-USD");

    List<TradeTruth> received = new ArrayList<>();
    String after = "";
    while (received.size() < happened.size()) {
      for (JsonNode row : getJson(venue, "/products/BTC-USD/trades?limit=700" + after)) {
        Instant time = Instant.parse(row.path("time").asText());
        received.add(
            0,
            new TradeTruth(
                row.path("trade_id").asLong(),
                new BigDecimal(row.path("price").asText()),
                new BigDecimal(row.path("size").asText()),
                row.path("side").asText().equals("sell") ? Side.BUY : Side.SELL,
                time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000));
      }
      after = "&after=" + received.get(0).id();
    }
    assertThat(received).isEqualTo(happened);
  }

  @Test
  void a_page_of_the_history_ends_before_the_requested_id() {
    CoinbaseSimulator venue = start(QUIET);
    venue.trade("BTC-USD", 20);
    long newest = venue.trades("BTC-USD").get(venue.trades("BTC-USD").size() - 1).id();
    String path = "/products/BTC-USD/trades?limit=2";
    assertThat(getJson(venue, path).findValuesAsText("trade_id"))
        .containsExactly("" + newest, "" + (newest - 1));
    assertThat(getJson(venue, path + "&after=" + (newest - 4)).findValuesAsText("trade_id"))
        .containsExactly("" + (newest - 5), "" + (newest - 6));
    assertThat(getJson(venue, path + "&after=1")).isEmpty();
    assertThat(getJson(venue, "/products/ETH-BTC/trades")).isEmpty();
    assertThat(get(venue, "/products/NO-SUCH/trades").statusCode()).isEqualTo(404);
  }
}
