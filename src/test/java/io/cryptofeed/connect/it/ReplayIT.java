package io.cryptofeed.connect.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.capture.BinanceReplay;
import io.cryptofeed.connect.local.venue.capture.BinanceStreams;
import io.cryptofeed.connect.local.venue.capture.Capture;
import io.cryptofeed.connect.local.venue.capture.CaptureTruth;
import io.cryptofeed.connect.local.venue.capture.CoinbaseReplay;
import io.cryptofeed.connect.local.venue.capture.RecordedTruth;
import io.cryptofeed.connect.local.venue.capture.RecordedVenue;
import io.cryptofeed.connect.local.venue.capture.Recording;
import io.cryptofeed.connect.local.venue.market.BookHistory;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Recorded sessions of real exchanges, replayed over real sockets through a SOCKS5 proxy, the
 * connector, the worker's Avro converter and the broker. At the end Kafka must contain what an
 * independent parser reads from the raw recording.
 */
final class ReplayIT {

  private Path captures;

  @BeforeEach
  void findCaptures() {
    Optional<Path> directory = Capture.directory();
    assumeTrue(directory.isPresent(), "no recorded sessions: set -Dcaptures.dir to replay them");
    captures = directory.get();
  }

  @Test
  void the_recorded_session_of_binance_arrives_completely() {
    Capture capture = Capture.read(captures, "BINANCE");
    CaptureTruth expected = CaptureTruth.ofBinance(capture);
    try (LocalSocksProxy proxy = new LocalSocksProxy().start();
        BinanceReplay venue = BinanceReplay.start(capture, only(proxy));
        ConnectorScene scene = new ConnectorScene("replay-binance", "binance")) {
      scene
          .venue(
              "binance",
              url("ws", venue.port(), "/stream"),
              url("http", venue.port(), ""),
              symbols(capture))
          .with("exchange.binance.trades.mode", "aggregate");
      through(proxy, scene).start().awaitRunning();

      List<GenericRecord> books =
          scene.await(
              "binance.l2_book",
              records -> BookReader.of(records).books().equals(expected.books()));
      List<GenericRecord> trades =
          scene.await("binance.trades", records -> records.size() >= tradeCount(expected));

      BookReader book = BookReader.of(books);
      assertThat(book.snapshots()).isEqualTo(4);
      assertThat(book.deltas()).isBetween(172, 177);
      book.compareWith(symbol -> requireNonNull(expected.histories().get(symbol)).walk());
      assertThat(trades).hasSize(2);
      assertTrades(trades, expected, false);
      assertNoGap(scene, "binance.feed_status");
      assertThat(venue.connectionsRefused()).isZero();
      assertThat(proxy.tunnelsOpened()).isPositive();
    }
  }

  @Test
  void the_recorded_session_of_coinbase_arrives_completely() {
    Capture capture = Capture.read(captures, "COINBASE");
    CaptureTruth expected = CaptureTruth.ofCoinbase(capture);
    try (LocalSocksProxy proxy = new LocalSocksProxy().start();
        CoinbaseReplay venue = CoinbaseReplay.start(capture, only(proxy));
        ConnectorScene scene = new ConnectorScene("replay-coinbase", "coinbase")) {
      scene.venue(
          "coinbase",
          url("ws", venue.port(), "/"),
          url("http", venue.port(), ""),
          symbols(capture));
      through(proxy, scene).start().awaitRunning();

      List<GenericRecord> books =
          scene.await("coinbase.l2_book", records -> records.size() >= 10 + 9_719);
      List<GenericRecord> trades =
          scene.await("coinbase.trades", records -> records.size() >= 97 + 10);

      BookReader book = BookReader.of(books);
      assertThat(book.snapshots()).isEqualTo(10);
      assertThat(book.deltas()).isEqualTo(9_719);
      assertThat(book.records().keySet()).isEqualTo(expected.histories().keySet());
      book.compareWith(symbol -> requireNonNull(expected.histories().get(symbol)).walk());
      assertThat(trades).hasSize(107);
      assertThat(trades)
          .filteredOn(trade -> trade.get("origin").toString().equals("snapshot"))
          .hasSize(10);
      assertThat(trades)
          .extracting(trade -> trade.get("symbol") + "/" + trade.get("trade_id"))
          .doesNotHaveDuplicates();
      assertTrades(trades, expected, true);
      assertNoGap(scene, "coinbase.feed_status");
      assertThat(venue.connectionsRefused()).isZero();
    }
  }

  @Test
  void the_recorded_session_of_binance_futures_arrives_completely() {
    Recording recording = Recording.read(captures, "BINANCE_FUTURES");
    RecordedTruth expected = RecordedTruth.ofBinance(recording);
    List<String> coins = List.of("SUSHI", "AKRO", "KEEP", "CTK");
    try (RecordedVenue venue =
            RecordedVenue.start(
                recording,
                new BinanceStreams(),
                12,
                frame ->
                    frame
                        .json()
                        .path("data")
                        .path("e")
                        .asText()
                        .matches("aggTrade|depthUpdate|bookTicker"));
        ConnectorScene scene = new ConnectorScene("replay-futures", "binance_futures")) {
      scene
          .venue(
              "binance_futures",
              url("ws", venue.port(), ""),
              url("http", venue.port(), ""),
              coins.stream().map(coin -> coin + "-USDT-PERP").collect(Collectors.joining(",")))
          .with("channels", "trades,l2_book,quotes")
          .start()
          .awaitRunning();

      List<GenericRecord> books =
          scene.await(
              "binance_futures.l2_book",
              records -> BookReader.of(records).books().equals(expected.lastBooks()));
      List<GenericRecord> trades =
          scene.await(
              "binance_futures.trades",
              records ->
                  records.size() >= expected.trades().values().stream().mapToInt(List::size).sum());
      List<GenericRecord> quotes =
          scene.await(
              "binance_futures.quotes",
              records ->
                  records.size() >= expected.quotes().values().stream().mapToInt(n -> n).sum());

      assertThat(books)
          .allSatisfy(
              book -> {
                assertThat(book.get("integrity")).hasToString("sequence");
                assertThat(book.get("market_type")).hasToString("perpetual");
              });
      assertThat(books)
          .hasSize(expected.books().values().stream().mapToInt(BookHistory::size).sum());
      BookReader.of(books)
          .compareWith(symbol -> requireNonNull(expected.books().get(symbol)).walk());
      for (String coin : coins) {
        assertThat(trades)
            .filteredOn(trade -> trade.get("exchange_symbol").toString().equals(coin + "USDT"))
            .extracting(trade -> line(trade).substring(coin.length() + 5))
            .containsExactlyElementsOf(expected.trades().getOrDefault(coin + "USDT", List.of()));
      }
      assertThat(quotes).allSatisfy(quote -> assertThat(quote.get("bid_price")).isNotNull());
      assertNoGap(scene, "binance_futures.feed_status");
    }
  }

  private static void assertTrades(
      List<GenericRecord> trades, CaptureTruth capture, boolean withReplayedTrades) {
    List<String> expected = new ArrayList<>();
    capture
        .trades()
        .forEach((symbol, all) -> all.forEach(trade -> expected.add(line(symbol, trade))));
    if (withReplayedTrades) {
      capture.lastTrades().forEach((symbol, trade) -> expected.add(line(symbol, trade)));
    }
    assertThat(trades).extracting(ReplayIT::line).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static String line(String symbol, TradeTruth trade) {
    return String.join(
        " ",
        symbol,
        Long.toString(trade.id()),
        trade.price().toPlainString(),
        trade.size().toPlainString(),
        trade.taker().code());
  }

  private static String line(GenericRecord trade) {
    return String.join(
        " ",
        trade.get("exchange_symbol").toString(),
        trade.get("trade_id").toString(),
        ((BigDecimal) trade.get("price")).stripTrailingZeros().toPlainString(),
        ((BigDecimal) trade.get("size")).stripTrailingZeros().toPlainString(),
        trade.get("side").toString());
  }

  private static int tradeCount(CaptureTruth capture) {
    return capture.trades().values().stream().mapToInt(List::size).sum();
  }

  private static void assertNoGap(ConnectorScene scene, String topic) {
    scene.read();
    assertThat(scene.records(topic))
        .isNotEmpty()
        .extracting(status -> status.get("status").toString())
        .containsOnly("connected");
  }

  private static ConnectorScene through(LocalSocksProxy proxy, ConnectorScene scene) {
    return scene.throughProxy("socks5h://127.0.0.1:" + proxy.port());
  }

  private static SimulatorOptions only(LocalSocksProxy proxy) {
    return SimulatorOptions.builder().allowedPeer(proxy::owns).build();
  }

  private static String symbols(Capture capture) {
    return String.join(",", capture.configuration().getOrDefault("l2_book", List.of()));
  }

  private static String url(String scheme, int port, String path) {
    return scheme + "://127.0.0.1:" + port + path;
  }
}
