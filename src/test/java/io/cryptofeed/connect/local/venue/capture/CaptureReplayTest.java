package io.cryptofeed.connect.local.venue.capture;

import static io.cryptofeed.connect.local.venue.PlainClient.getJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.local.venue.PlainClient;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The recorded sessions of both venues: their content, and that a replay sends it unchanged. */
class CaptureReplayTest {

  private static Path captures = Path.of("");

  @BeforeAll
  static void findCaptures() {
    assumeTrue(
        Capture.directory().isPresent(),
        "no recordings: name their folder with -Dcaptures.dir to run these tests");
    captures = Capture.directory().orElseThrow();
  }

  @Test
  void binance_has_four_books_without_a_gap() {
    CaptureTruth expected = CaptureTruth.ofBinance(Capture.read(captures, "BINANCE"));
    assertThat(expected.books()).containsOnlyKeys("NKNUSDT", "BLZETH", "LRCBTC", "RUNEEUR");
    assertThat(expected.updates()).isEqualTo(177);
    assertThat(expected.appliedUpdates()).isBetween(172, 177);
    assertThat(expected.gaps()).isZero();
    assertThat(expected.trades().values().stream().mapToInt(List::size).sum()).isEqualTo(2);
    assertThat(expected.books().values())
        .allSatisfy(
            book -> {
              assertThat(book.isCrossed()).isFalse();
              assertThat(book.bids()).isNotEmpty();
              assertThat(book.asks()).isNotEmpty();
            });
  }

  @Test
  void coinbase_has_ten_books_and_consecutive_trades() {
    CaptureTruth expected = CaptureTruth.ofCoinbase(Capture.read(captures, "COINBASE"));
    assertThat(expected.snapshots()).isEqualTo(10);
    assertThat(expected.updates()).isEqualTo(9_719);
    assertThat(expected.appliedUpdates()).isEqualTo(9_719);
    assertThat(expected.trades().values().stream().mapToInt(List::size).sum()).isEqualTo(97);
    assertThat(expected.lastTrades()).hasSize(10);
    expected
        .lastTrades()
        .forEach(
            (product, last) -> {
              long next = last.id() + 1;
              for (TradeTruth trade : expected.trades().getOrDefault(product, List.of())) {
                assertThat(trade.id()).isEqualTo(next++);
              }
            });
    assertThat(expected.books().values()).noneMatch(BookTruth::isCrossed);
  }

  @Test
  void a_binance_replay_sends_every_frame_as_it_was_recorded() {
    Capture capture = Capture.read(captures, "BINANCE");
    try (BinanceReplay venue = BinanceReplay.start(capture, SimulatorOptions.defaults());
        PlainClient client = PlainClient.connect(venue, "/stream")) {
      client.send(
          "{\"method\":\"SUBSCRIBE\",\"params\":[\"nknusdt@depth@100ms\",\"blzeth@depth@100ms\","
              + "\"lrcbtc@depth@100ms\",\"runeeur@depth@100ms\"],\"id\":1}");
      assertThat(client.next().path("id").asInt()).isEqualTo(1);
      assertThat(getJson(venue, "/api/v3/depth?symbol=NKNUSDT&limit=5000").path("bids").size())
          .isPositive();
      assertThat(getJson(venue, "/api/v3/exchangeInfo").path("symbols")).hasSize(1_695);
      assertThat(venue.framesReplayed()).isZero();

      client.send(
          "{\"method\":\"SUBSCRIBE\",\"params\":[\"nknusdt@aggTrade\",\"blzeth@aggTrade\","
              + "\"lrcbtc@aggTrade\",\"runeeur@aggTrade\"],\"id\":2}");

      await().until(venue::isFinished);
      await().until(() -> client.received().size() == capture.received().size() + 2);
      assertThat(client.received().subList(2, client.received().size()))
          .isEqualTo(capture.received().stream().map(Capture.Frame::text).toList());
    }
  }

  @Test
  void a_coinbase_replay_sends_every_frame_but_the_recorded_acknowledgements() {
    Capture capture = Capture.read(captures, "COINBASE");
    String products =
        String.join("\",\"", capture.configuration().getOrDefault("trades", List.of()));
    try (CoinbaseReplay venue = CoinbaseReplay.start(capture, SimulatorOptions.defaults());
        PlainClient client = PlainClient.connect(venue, "/")) {
      client.send(
          "{\"type\":\"subscribe\",\"product_ids\":[\""
              + products
              + "\"],\"channels\":[\"matches\",\"level2_batch\"]}");
      assertThat(client.next().path("type").asText()).isEqualTo("subscriptions");
      List<String> recorded =
          capture.received().stream()
              .map(Capture.Frame::text)
              .filter(text -> !text.contains("\"type\":\"subscriptions\""))
              .toList();
      await().until(venue::isFinished);
      await().until(() -> client.received().size() == recorded.size() + 1);
      assertThat(client.received().subList(1, client.received().size())).isEqualTo(recorded);
    }
  }

  @Test
  void two_connections_share_a_replay_by_their_subscriptions() {
    Capture capture = Capture.read(captures, "COINBASE");
    String products =
        String.join("\",\"", capture.configuration().getOrDefault("trades", List.of()));
    String request = "{\"type\":\"subscribe\",\"product_ids\":[\"" + products + "\"],\"channels\":";
    try (CoinbaseReplay venue =
            CoinbaseReplay.start(
                capture, SimulatorOptions.defaults(), Set.of("trades", "l2_book"), 1_000);
        PlainClient books = PlainClient.connect(venue, "/");
        PlainClient trades = PlainClient.connect(venue, "/")) {
      books.send(request + "[\"level2_batch\"]}");
      books.next();
      trades.send(request + "[\"matches\"]}");
      await().until(venue::isFinished);
      await().until(() -> trades.received().size() == 1 + 10 + 97);
      await().until(() -> books.received().size() == 1 + 10 + 9_719 + 107);
    }
  }
}
