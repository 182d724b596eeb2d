package io.cryptofeed.connect.local.venue.binance;

import static io.cryptofeed.connect.local.venue.PlainClient.get;
import static io.cryptofeed.connect.local.venue.PlainClient.getJson;
import static io.cryptofeed.connect.local.venue.PlainClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cryptofeed.connect.local.venue.PlainClient;
import io.cryptofeed.connect.local.venue.RawWebSocket;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The messages that a client of Binance spot receives, compared with what happened. */
class BinanceSimulatorTest {

  private static final String DEPTH = "btcusdt@depth@100ms";
  private static final SimulatorOptions QUIET =
      SimulatorOptions.builder().tradesPerSecond(0).bookChangesPerSecond(0).build();
  private static final SimulatorOptions BUSY =
      SimulatorOptions.builder()
          .tradesPerSecond(2_000)
          .bookChangesPerSecond(5_000)
          .bookInterval(Duration.ofMillis(10))
          .build();

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private BinanceSimulator start(SimulatorOptions options) {
    BinanceSimulator venue = BinanceSimulator.start(options);
    open.add(venue);
    return venue;
  }

  private PlainClient connect(BinanceSimulator venue, String path) {
    PlainClient client = PlainClient.connect(venue, path);
    open.add(client);
    return client;
  }

  private static String subscribe(String... streams) {
    return "{\"method\":\"SUBSCRIBE\",\"params\":[\""
        + String.join("\",\"", streams)
        + "\"],\"id\":1}";
  }

  // ---- Requests ----

  @Test
  void acknowledges_a_subscription_unwrapped_and_then_sends_wrapped_data() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe("btcusdt@trade"));
    assertThat(client.next()).isEqualTo(json("{\"result\":null,\"id\":1}"));

    venue.trade("BTC-USDT", 1);

    JsonNode message = client.next();
    assertThat(message.path("stream").asText()).isEqualTo("btcusdt@trade");
    assertThat(message.at("/data/e").asText()).isEqualTo("trade");
  }

  @Test
  void sends_bare_data_on_raw_connections() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/ws/btcusdt@trade");
    await().until(() -> venue.subscriptions().containsKey("btcusdt@trade"));
    venue.trade("BTC-USDT", 1);
    assertThat(client.next().path("s").asText()).isEqualTo("BTCUSDT");
  }

  @Test
  void subscribes_the_streams_of_the_query() {
    BinanceSimulator venue = start(QUIET);
    connect(venue, "/stream?streams=btcusdt@trade/ethusdt@aggTrade");
    await().until(venue::subscriptions, Map.of("btcusdt@trade", 1, "ethusdt@aggTrade", 1)::equals);
  }

  @Test
  void lists_and_ends_subscriptions() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe("btcusdt@trade", DEPTH));
    client.send("{\"method\":\"UNSUBSCRIBE\",\"params\":[\"" + DEPTH + "\"],\"id\":\"abc\"}");
    client.send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":null}");
    assertThat(client.next()).isEqualTo(json("{\"result\":null,\"id\":1}"));
    assertThat(client.next()).isEqualTo(json("{\"result\":null,\"id\":\"abc\"}"));
    assertThat(client.next()).isEqualTo(json("{\"result\":[\"btcusdt@trade\"],\"id\":null}"));
    assertThat(venue.subscriptions()).containsOnlyKeys("btcusdt@trade");
  }

  @Test
  void acknowledges_an_unknown_stream_and_stays_silent() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe("nosuch@trade"));
    assertThat(client.next().path("result").isNull()).isTrue();
    venue.trade("BTC-USDT", 3);
    venue.sendRaw("{\"end\":1}");
    assertThat(client.next().has("end")).isTrue();
  }

  @Test
  void responds_to_malformed_requests_with_an_error_and_stays_connected() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send("{oops");
    client.send("{\"params\":[\"btcusdt@trade\"]}");
    client.send("{\"method\":\"SUBSCRIBE\",\"params\":[\"a@trade\"],\"id\":1.5}");
    assertThat(client.next().path("code").asInt()).isEqualTo(3);
    JsonNode noMethod = client.next();
    assertThat(noMethod.path("code").asInt()).isEqualTo(2);
    assertThat(noMethod.path("msg").asText()).contains("missing field `method`");
    assertThat(client.next().path("code").asInt()).isEqualTo(2);
    assertThat(venue.currentWebSockets()).isEqualTo(1);
  }

  // ---- Data ----

  @Test
  void sends_every_trade_with_consecutive_ids_and_the_maker_flag() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe("btcusdt@trade"));
    client.next();
    venue.trade("BTC-USDT", 200);

    List<TradeTruth> happened = venue.trades("BTC-USDT");
    List<TradeTruth> received = new ArrayList<>();
    while (received.size() < happened.size()) {
      JsonNode trade = client.next().path("data");
      received.add(
          new TradeTruth(
              trade.path("t").asLong(),
              new BigDecimal(trade.path("p").asText()),
              new BigDecimal(trade.path("q").asText()),
              trade.path("m").asBoolean() ? Side.SELL : Side.BUY,
              trade.path("T").asLong() * 1_000));
    }
    assertThat(received)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("timeMicros")
        .isEqualTo(happened);
    assertThat(happened.stream().map(TradeTruth::taker).distinct())
        .containsExactlyInAnyOrder(Side.BUY, Side.SELL);
    for (int i = 1; i < happened.size(); i++) {
      assertThat(happened.get(i).id()).isEqualTo(happened.get(i - 1).id() + 1);
    }
  }

  @Test
  void writes_numbers_with_eight_decimals() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe("ethusdt@trade"));
    client.next();
    venue.trade("ETH-USDT", 1);
    JsonNode trade = client.next().path("data");
    assertThat(trade.path("p").textValue()).matches("[0-9]+\\.[0-9]{8}");
    assertThat(trade.path("q").textValue()).matches("[0-9]+\\.[0-9]{8}");
  }

  @Test
  void aggregates_cover_every_trade_exactly_once() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe("btcusdt@aggTrade"));
    client.next();
    venue.trade("BTC-USDT", 100);

    List<TradeTruth> happened = venue.trades("BTC-USDT");
    long next = happened.get(0).id();
    long previous = 0;
    for (int i = 0; i < 100; i++) {
      JsonNode aggregate = client.next().path("data");
      assertThat(aggregate.path("f").asLong()).isEqualTo(next);
      if (i > 0) {
        assertThat(aggregate.path("a").asLong()).isEqualTo(previous + 1);
      }
      previous = aggregate.path("a").asLong();
      BigDecimal size = BigDecimal.ZERO;
      for (; next <= aggregate.path("l").asLong(); next++) {
        TradeTruth trade = happened.get((int) (next - happened.get(0).id()));
        assertThat(trade.price()).isEqualByComparingTo(aggregate.path("p").textValue());
        size = size.add(trade.size());
      }
      assertThat(size).isEqualByComparingTo(aggregate.path("q").textValue());
    }
    assertThat(next).isEqualTo(happened.get(happened.size() - 1).id() + 1);
    assertThat(happened).hasSizeGreaterThan(100);
  }

  @Test
  void snapshot_and_diffs_make_the_true_book() {
    BinanceSimulator venue = start(BUSY);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe(DEPTH));
    client.next();
    List<JsonNode> diffs = new ArrayList<>();
    diffs.add(client.next().path("data"));
    JsonNode snapshot = getJson(venue, "/api/v3/depth?symbol=BTCUSDT&limit=5000");
    long snapshotId = snapshot.path("lastUpdateId").asLong();
    assertThat(snapshotId).isGreaterThanOrEqualTo(diffs.get(0).path("U").asLong());
    BookTruth book = new BookTruth();
    apply(book, snapshot, "bids", "asks");
    assertThat(book).isEqualTo(venue.bookAt("BTC-USDT", snapshotId));

    await().until(() -> venue.updateId("BTC-USDT") > snapshotId + 1_000);
    venue.pauseTrading();
    long end = venue.updateId("BTC-USDT");
    while (diffs.get(diffs.size() - 1).path("u").asLong() < end) {
      diffs.add(client.next().path("data"));
    }

    long local = snapshotId;
    for (JsonNode diff : diffs) {
      if (diff.path("u").asLong() <= local) {
        continue;
      }
      assertThat(diff.path("U").asLong()).isLessThanOrEqualTo(local + 1);
      apply(book, diff, "b", "a");
      assertThat(book.isCrossed()).isFalse();
      local = diff.path("u").asLong();
    }
    assertThat(book).isEqualTo(venue.book("BTC-USDT")).isEqualTo(venue.bookAt("BTC-USDT", end));
    assertThat(book.bids()).isNotEmpty();
    assertThat(book.asks()).isNotEmpty();
  }

  private static void apply(BookTruth book, JsonNode message, String bids, String asks) {
    for (JsonNode level : message.path(bids)) {
      book.set(true, number(level, 0), number(level, 1));
    }
    for (JsonNode level : message.path(asks)) {
      book.set(false, number(level, 0), number(level, 1));
    }
  }

  private static BigDecimal number(JsonNode level, int index) {
    return new BigDecimal(level.get(index).textValue());
  }

  @Test
  void diffs_of_one_interval_follow_each_other_without_a_gap() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe(DEPTH));
    client.next();
    venue.changeBook("BTC-USDT", 1);
    long previous = client.next().at("/data/u").asLong();
    boolean noBids = false;
    boolean noAsks = false;
    for (int i = 0; i < 50; i++) {
      venue.changeBook("BTC-USDT", 1);
      JsonNode diff = client.next().path("data");
      assertThat(diff.path("U").asLong()).isEqualTo(previous + 1);
      noBids |= diff.path("b").isEmpty();
      noAsks |= diff.path("a").isEmpty();
      previous = diff.path("u").asLong();
    }
    assertThat(noBids).isTrue();
    assertThat(noAsks).isTrue();
  }

  @Test
  void the_same_seed_makes_the_same_market() {
    BinanceSimulator one = start(QUIET);
    BinanceSimulator other = start(QUIET);
    for (BinanceSimulator venue : List.of(one, other)) {
      venue.changeBook("BTC-USDT", 500);
      venue.trade("BTC-USDT", 50);
    }
    assertThat(one.book("BTC-USDT")).isEqualTo(other.book("BTC-USDT"));
    assertThat(one.trades("BTC-USDT"))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("timeMicros")
        .isEqualTo(other.trades("BTC-USDT"));
  }

  // ---- Faults ----

  @Test
  void a_skipped_update_is_a_gap_for_clients_but_not_in_the_true_book() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe(DEPTH));
    client.next();
    venue.changeBook("BTC-USDT", 1);
    long before = client.next().at("/data/u").asLong();
    venue.skipNextUpdate("BTC-USDT");
    venue.changeBook("BTC-USDT", 1);
    long skipped = venue.updateId("BTC-USDT");
    venue.changeBook("BTC-USDT", 1);
    assertThat(skipped).isGreaterThan(before);
    assertThat(client.next().at("/data/U").asLong()).isEqualTo(skipped + 1);
  }

  @Test
  void a_duplicate_is_sent_twice_and_a_reordered_update_after_its_successor() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe(DEPTH));
    client.next();
    venue.duplicateNext("BTC-USDT");
    venue.changeBook("BTC-USDT", 1);
    assertThat(client.next()).isEqualTo(client.next());
    venue.reorderNext("BTC-USDT");
    venue.changeBook("BTC-USDT", 1);
    venue.changeBook("BTC-USDT", 1);
    long first = client.next().at("/data/U").asLong();
    long second = client.next().at("/data/u").asLong();
    assertThat(second).isEqualTo(first - 1);
  }

  @Test
  void dropped_connections_end_without_a_close_frame() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    venue.dropConnections();
    assertThat(client.end()).isEqualTo("cut off");
    await().until(() -> venue.currentConnections() == 0);
  }

  @Test
  void closes_with_the_given_code_and_text() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    venue.closeAll(1001, "maintenance");
    assertThat(client.end()).isEqualTo("1001 maintenance");
  }

  @Test
  void a_stalled_venue_responds_when_it_resumes() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    venue.stall();
    client.send(subscribe("btcusdt@trade"));
    assertThat(venue.subscriptions()).isEmpty();
    assertThat(client.received()).isEmpty();
    venue.resume();
    assertThat(client.next().path("id").asInt()).isEqualTo(1);
  }

  @Test
  void refuses_handshakes_with_the_given_response() {
    BinanceSimulator venue = start(QUIET);
    venue.refuseHandshakes(451, Map.of("X-Why", "region"), "{\"code\":0}");
    assertThatThrownBy(() -> connect(venue, "/stream"))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refusal -> {
              HttpResponse<?> answer = refusal.getResponse();
              assertThat(answer.statusCode()).isEqualTo(451);
              assertThat(answer.headers().firstValue("X-Why")).contains("region");
            });
    venue.acceptHandshakes();
    connect(venue, "/stream");
    assertThat(venue.webSocketsOpened()).isEqualTo(1);
  }

  @Test
  void fails_the_given_number_of_rest_calls() {
    BinanceSimulator venue = start(QUIET);
    venue.failRest(429, 7, 1);
    HttpResponse<String> failed = get(venue, "/api/v3/exchangeInfo");
    assertThat(failed.statusCode()).isEqualTo(429);
    assertThat(failed.headers().firstValue("Retry-After")).contains("7");
    assertThat(json(failed.body()).path("code").asInt()).isEqualTo(-1003);
    assertThat(get(venue, "/api/v3/exchangeInfo").statusCode()).isEqualTo(200);
    assertThat(venue.requests()).containsEntry("/api/v3/exchangeInfo", 2L);
  }

  @Test
  void restarts_on_the_same_port() {
    BinanceSimulator venue = start(QUIET);
    int port = venue.port();
    PlainClient before = connect(venue, "/stream");
    venue.stop();
    assertThat(before.end()).isEqualTo("cut off");
    assertThatThrownBy(() -> connect(venue, "/stream")).isInstanceOf(RuntimeException.class);
    venue.start();
    assertThat(venue.port()).isEqualTo(port);
    PlainClient after = connect(venue, "/stream");
    after.send(subscribe("btcusdt@trade"));
    assertThat(after.next().path("id").asInt()).isEqualTo(1);
  }

  @Test
  void disconnects_peers_that_are_not_allowed() {
    BinanceSimulator venue = start(SimulatorOptions.builder().allowedPeer(peer -> false).build());
    assertThatThrownBy(() -> connect(venue, "/stream")).isInstanceOf(RuntimeException.class);
    assertThat(venue.connectionsRefused()).isPositive();
    assertThat(venue.connectionsAccepted()).isZero();
    assertThat(venue.peers()).isEmpty();
  }

  // ---- Limits ----

  @Test
  void pings_and_keeps_a_client_that_responds() {
    BinanceSimulator venue =
        start(
            SimulatorOptions.builder()
                .pingInterval(Duration.ofMillis(250))
                .pongTimeout(Duration.ofSeconds(5))
                .build());
    PlainClient client = connect(venue, "/stream");
    await().until(() -> client.pings() >= 3);
    assertThat(venue.currentWebSockets()).isEqualTo(1);
  }

  @Test
  void disconnects_a_client_that_does_not_respond_to_pings() throws Exception {
    BinanceSimulator venue =
        start(
            SimulatorOptions.builder()
                .pingInterval(Duration.ofMillis(20))
                .pongTimeout(Duration.ofMillis(60))
                .build());
    try (RawWebSocket client = RawWebSocket.connect(venue, "/stream", "")) {
      RawWebSocket.Frame frame = client.next();
      while (frame.opcode() != 8) {
        assertThat(frame.opcode()).isEqualTo(9);
        frame = client.next();
      }
      assertThat(frame.payload().getShort()).isEqualTo((short) 1008);
      // The buffer's position is after the code: the rest is the reason.
      assertThat(frame.text()).isEqualTo("Pong timeout");
    }
    await().until(() -> venue.currentWebSockets() == 0);
  }

  @Test
  void disconnects_a_client_that_sends_more_than_five_frames_a_second() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    for (int i = 0; i < 6; i++) {
      client.send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":" + i + "}");
    }
    assertThat(client.end()).isEqualTo("1008 Too many requests");
  }

  @Test
  void disconnects_a_client_with_more_than_1024_streams() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(
        subscribe(
            IntStream.range(0, 1025).mapToObj(i -> "s" + i + "@trade").toArray(String[]::new)));
    assertThat(client.end()).startsWith("1008");
  }

  @Test
  void closes_a_connection_that_is_too_old() {
    BinanceSimulator venue =
        start(SimulatorOptions.builder().maxAge(Duration.ofMillis(50)).build());
    assertThat(connect(venue, "/stream").end()).startsWith("1000");
  }

  @Test
  void disconnects_a_client_that_does_not_read() {
    BinanceSimulator venue =
        start(SimulatorOptions.builder().tradesPerSecond(200_000).slowClientBytes(2 << 20).build());
    PlainClient client = PlainClient.connectWithoutReading(venue, "/ws/btcusdt@trade");
    open.add(client);
    await().until(() -> venue.webSocketsOpened() == 1 && venue.currentConnections() == 0);
  }

  @Test
  void announces_a_shutdown_in_both_framings() {
    BinanceSimulator venue = start(QUIET);
    PlainClient combined = connect(venue, "/stream");
    PlainClient raw = connect(venue, "/ws");
    await().until(() -> venue.currentWebSockets() == 2);
    venue.announceShutdown();
    JsonNode wrapped = combined.next();
    assertThat(wrapped.path("stream").asText()).isEqualTo("!serverShutdown");
    assertThat(wrapped.at("/data/e").asText()).isEqualTo("serverShutdown");
    assertThat(raw.next().path("e").asText()).isEqualTo("serverShutdown");
  }

  // ---- REST ----

  @Test
  void lists_symbols_with_filters_in_any_order_and_markets_that_do_not_trade() {
    BinanceSimulator venue = start(QUIET);
    JsonNode symbols = getJson(venue, "/api/v3/exchangeInfo").path("symbols");
    Set<String> firstFilters = new HashSet<>();
    Set<String> statuses = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (JsonNode symbol : symbols) {
      firstFilters.add(symbol.at("/filters/0/filterType").asText());
      statuses.add(symbol.path("status").asText());
      names.add(symbol.path("symbol").asText());
    }
    assertThat(names).contains("BTCUSDT", "ETHUSDT").hasSizeGreaterThan(2);
    assertThat(statuses).contains("TRADING", "BREAK");
    assertThat(firstFilters).hasSizeGreaterThan(1);
    JsonNode one = getJson(venue, "/api/v3/exchangeInfo?symbol=BTCUSDT").path("symbols");
    assertThat(one).hasSize(1);
    String two = "/api/v3/exchangeInfo?symbols=%5B%22BTCUSDT%22,%22ETHUSDT%22%5D";
    assertThat(getJson(venue, two).path("symbols")).hasSize(2);
  }

  @Test
  void refuses_an_unknown_symbol() {
    BinanceSimulator venue = start(QUIET);
    HttpResponse<String> answer = get(venue, "/api/v3/depth?symbol=NOSUCH&limit=10");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"code\":-1121,\"msg\":\"Invalid symbol.\"}");
  }

  @Test
  void counts_request_weight_and_refuses_requests_when_it_is_used_up() {
    BinanceSimulator venue = start(QUIET);
    HttpResponse<String> first = get(venue, "/api/v3/depth?symbol=BTCUSDT&limit=1000");
    assertThat(first.headers().firstValue("X-MBX-USED-WEIGHT-1M")).contains("50");
    assertThat(json(first.body()).path("bids")).hasSize(50);
    assertThat(getJson(venue, "/api/v3/depth?symbol=BTCUSDT&limit=5").path("asks")).hasSize(5);
    HttpResponse<String> last = first;
    // The count restarts if a minute ends in between.
    for (int i = 0; i < 60 && last.statusCode() == 200; i++) {
      last = get(venue, "/api/v3/depth?symbol=BTCUSDT&limit=5000");
    }
    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(last.headers().firstValue("Retry-After")).isPresent();
  }

  // ---- Speed ----

  @Test
  void at_full_speed_it_is_as_fast_as_its_client_and_loses_nothing() {
    BinanceSimulator venue = start(SimulatorOptions.builder().keepHistory(false).depth(20).build());
    PlainClient client = connect(venue, "/ws/btcusdt@trade/" + DEPTH);
    await().until(() -> venue.subscriptions().size() == 2);
    venue.firehose(10);
    await().until(() -> client.received().size() > 20_000);
    venue.pauseTrading();
    long count = venue.framesSent();
    await().until(() -> client.received().size() == count);
    long trade = -1;
    long update = -1;
    for (String text : client.received()) {
      JsonNode message = json(text);
      if (message.path("e").asText().equals("trade")) {
        long id = message.path("t").asLong();
        assertThat(trade == -1 || id == trade + 1).isTrue();
        trade = id;
      } else {
        assertThat(update == -1 || message.path("U").asLong() == update + 1).isTrue();
        update = message.path("u").asLong();
      }
    }
    assertThat(update).isEqualTo(venue.updateId("BTC-USDT"));
  }

  // ---- History ----

  @Test
  void the_history_has_every_trade_with_or_without_subscribers() {
    BinanceSimulator venue = start(QUIET);
    venue.trade("BTC-USDT", 600);
    List<TradeTruth> happened = venue.trades("BTC-USDT");

    List<TradeTruth> received = new ArrayList<>();
    while (received.size() < happened.size()) {
      long from = happened.get(0).id() + received.size();
      String path = "/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000&fromId=" + from;
      for (JsonNode row : getJson(venue, path)) {
        received.add(
            new TradeTruth(
                row.path("id").asLong(),
                new BigDecimal(row.path("price").asText()),
                new BigDecimal(row.path("qty").asText()),
                row.path("isBuyerMaker").asBoolean() ? Side.SELL : Side.BUY,
                row.path("time").asLong() * 1_000));
      }
    }
    assertThat(received)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("timeMicros")
        .isEqualTo(happened);
  }

  @Test
  void a_page_of_the_history_starts_at_the_requested_id_and_ends_at_the_limit() {
    BinanceSimulator venue = start(QUIET);
    venue.trade("BTC-USDT", 20);
    long first = venue.trades("BTC-USDT").get(0).id();
    String path = "/api/v3/historicalTrades?symbol=BTCUSDT&limit=3&fromId=";
    assertThat(getJson(venue, path + (first + 5)).findValuesAsText("id"))
        .containsExactly("" + (first + 5), "" + (first + 6), "" + (first + 7));
    assertThat(getJson(venue, path + 0).findValuesAsText("id"))
        .containsExactly("" + first, "" + (first + 1), "" + (first + 2));
    assertThat(getJson(venue, path + (first + 1_000))).isEmpty();
    assertThat(getJson(venue, "/api/v3/historicalTrades?symbol=ETHBTC&fromId=1")).isEmpty();
  }

  @Test
  void the_history_of_aggregates_equals_the_stream() {
    BinanceSimulator venue = start(QUIET);
    PlainClient client = connect(venue, "/stream");
    client.send(subscribe("btcusdt@aggTrade"));
    client.next();
    venue.trade("BTC-USDT", 30);
    List<JsonNode> streamed = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      JsonNode data = client.next().path("data");
      ((ObjectNode) data).remove(List.of("e", "E", "s"));
      streamed.add(data);
    }
    String from = streamed.get(4).path("a").asText();
    assertThat(getJson(venue, "/api/v3/aggTrades?symbol=BTCUSDT&limit=1000&fromId=" + from))
        .containsExactlyElementsOf(streamed.subList(4, 30));
  }

  @Test
  void a_page_of_single_trades_has_more_weight_than_one_of_aggregates() {
    BinanceSimulator venue = start(QUIET);
    HttpResponse<String> aggregates = get(venue, "/api/v3/aggTrades?symbol=BTCUSDT&fromId=1");
    HttpResponse<String> singles = get(venue, "/api/v3/historicalTrades?symbol=BTCUSDT&fromId=1");
    assertThat(aggregates.headers().firstValue("X-MBX-USED-WEIGHT-1M")).contains("4");
    assertThat(singles.headers().firstValue("X-MBX-USED-WEIGHT-1M")).contains("29");
  }
}
