package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.consumer.ConsumedBook;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.SnapshotReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Books whose exchange has more levels than a snapshot, over real sockets. */
class LimitedSnapshotsTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<String> SYMBOLS = List.of("BTC-USDT", "ETH-USDT");

  @Test
  void falling_markets_never_run_out_of_bids_and_each_book_has_its_turn() {
    BinanceSimulator binance =
        closeLater(
            BinanceSimulator.start(
                SimulatorOptions.builder()
                    .depth(3_000)
                    .tradesPerSecond(0)
                    .bookChangesPerSecond(0)
                    .build()));
    stream(
        subscription(profile("binance", binance.port(), null), Set.of(Channel.L2_BOOK), SYMBOLS));
    for (String symbol : SYMBOLS) {
      // The first change makes the book request its snapshot.
      await().atMost(LIMIT).until(() -> binance.subscriptions().size() == SYMBOLS.size());
      binance.fall(symbol, 1);
      await().atMost(LIMIT).until(() -> !recorder.books(key(symbol)).isEmpty());
    }
    for (int refreshes = 1; refreshes <= 6; refreshes++) {
      // More than a quarter of a snapshot, and less than half.
      SYMBOLS.forEach(symbol -> binance.fall(symbol, 52));
      int expected = refreshes + 1;
      for (String symbol : SYMBOLS) {
        await().atMost(LIMIT).until(() -> recorder.snapshotReasons(key(symbol)).size() == expected);
      }
    }

    for (String symbol : SYMBOLS) {
      await()
          .atMost(LIMIT)
          .until(() -> last(symbol).getInt64("sequence") == binance.updateId(symbol));
      recorder.compareBooks(
          key(symbol), record -> binance.bookAt(symbol, record.getInt64("sequence")), 0);
      assertThat(recorder.bookStructs(key(symbol)))
          .allSatisfy(record -> assertThat(record.get("bids_known_to")).isNotNull())
          .allSatisfy(record -> assertThat(record.get("asks_known_to")).isNotNull());
      assertThat(recorder.snapshotReasons(key(symbol)))
          .startsWith(SnapshotReason.INITIAL)
          .endsWith(Collections.nCopies(6, SnapshotReason.DEPTH).toArray(SnapshotReason[]::new));
    }
    assertThat(binance.requests().get("/api/v3/depth")).isEqualTo(14);
    assertThat(recorder.statuses(Status.GAP)).isEmpty();
    assertThat(recorder.statuses(Status.RESYNC)).isEmpty();
    assertThat(fatal).isEmpty();
  }

  private BinanceSimulator start(String... symbols) {
    BinanceSimulator venue =
        closeLater(
            BinanceSimulator.start(
                SimulatorOptions.builder()
                    .symbols(symbols)
                    .depth(3_000)
                    .tradesPerSecond(0)
                    .bookChangesPerSecond(0)
                    .build()));
    stream(
        subscription(
            profile("binance", venue.port(), null), Set.of(Channel.L2_BOOK), List.of(symbols)));
    await().atMost(LIMIT).until(() -> venue.subscriptions().size() == symbols.length);
    for (String symbol : symbols) {
      venue.changeBook(symbol, 1);
      await().atMost(LIMIT).until(() -> !recorder.books(key(symbol)).isEmpty());
    }
    return venue;
  }

  private static String[] symbols(int count) {
    String[] symbols = new String[count];
    Arrays.setAll(symbols, i -> "C" + i + "-USDT");
    return symbols;
  }

  /** Waits for the last change, and compares the book at every record. */
  private void assertConsumed(BinanceSimulator venue, String symbol) {
    await().atMost(LIMIT).until(() -> last(symbol).getInt64("sequence") == venue.updateId(symbol));
    recorder.compareBooks(
        key(symbol), record -> venue.bookAt(symbol, record.getInt64("sequence")), books.depth());
  }

  @ParameterizedTest
  @CsvSource({"DELTA, 0", "DELTA, 20", "SNAPSHOT, 20"})
  void a_falling_price_never_leaves_the_known_levels(BookOptions.Mode mode, int depth) {
    books = new BookOptions(mode, depth, Duration.ZERO);
    BinanceSimulator venue = start("BTC-USDT");
    for (int i = 0; i < 30; i++) {
      venue.fall("BTC-USDT", 10);
      await()
          .atMost(LIMIT)
          .until(() -> last("BTC-USDT").getInt64("sequence") == venue.updateId("BTC-USDT"));
    }

    assertConsumed(venue, "BTC-USDT");
    if (depth == 0) {
      assertThat(fewestKnownBids(recorder.bookStructs(key("BTC-USDT"))))
          .isGreaterThanOrEqualTo(500);
    }
    assertThat(recorder.snapshotReasons(key("BTC-USDT")))
        .filteredOn(reason -> reason == SnapshotReason.DEPTH)
        .hasSizeBetween(3, 7);
  }

  /** Of all records. */
  private static int fewestKnownBids(List<Struct> records) {
    ConsumedBook consumer = new ConsumedBook();
    int fewest = Integer.MAX_VALUE;
    for (Struct record : records) {
      consumer.accept(record);
      fewest = Math.min(fewest, consumer.bids().headMap(consumer.bidsKnownTo(), true).size());
    }
    return fewest;
  }

  @Test
  void a_request_that_fails_is_retried_and_every_book_has_its_turn() {
    String[] symbols = symbols(12);
    BinanceSimulator venue = start(symbols);
    venue.failRest(503, null, 2);
    for (String symbol : symbols) {
      venue.fall(symbol, 52);
    }
    for (String symbol : symbols) {
      await().atMost(LIMIT).until(() -> recorder.snapshotReasons(key(symbol)).size() == 2);
      assertConsumed(venue, symbol);
      assertThat(recorder.snapshotReasons(key(symbol)))
          .containsExactly(SnapshotReason.INITIAL, SnapshotReason.DEPTH);
    }
    assertThat(venue.requests()).containsEntry("/api/v3/depth", 2L * symbols.length + 2);
  }

  @Test
  void a_gap_while_a_newer_snapshot_is_requested_resynchronises_the_book_once() {
    BinanceSimulator venue = start("BTC-USDT");
    venue.delayRest(Duration.ofSeconds(1));
    venue.fall("BTC-USDT", 52);
    await().atMost(LIMIT).until(() -> venue.requests().getOrDefault("/api/v3/depth", 0L) == 2);
    venue.skipNextUpdate("BTC-USDT");
    venue.changeBook("BTC-USDT", 2);
    venue.changeBook("BTC-USDT", 2);
    await().atMost(LIMIT).until(() -> recorder.snapshotReasons(key("BTC-USDT")).size() == 2);
    venue.changeBook("BTC-USDT", 2);

    assertConsumed(venue, "BTC-USDT");
    assertThat(recorder.snapshotReasons(key("BTC-USDT")))
        .containsExactly(SnapshotReason.INITIAL, SnapshotReason.GAP);
  }

  @Test
  void a_book_that_is_not_valid_does_not_wait_for_books_that_need_a_newer_snapshot() {
    String[] symbols = symbols(8);
    String broken = symbols[7];
    BinanceSimulator venue = start(symbols);
    venue.delayRest(Duration.ofSeconds(1));
    for (int i = 0; i < 7; i++) {
      venue.fall(symbols[i], 52);
    }
    venue.skipNextUpdate(broken);
    venue.changeBook(broken, 2);
    venue.changeBook(broken, 2);
    await().atMost(LIMIT).until(() -> recorder.snapshotReasons(key(broken)).size() == 2);
    assertThat(symbols)
        .filteredOn(symbol -> recorder.snapshotReasons(key(symbol)).size() == 1)
        .hasSizeGreaterThan(3);

    for (String symbol : symbols) {
      await().atMost(LIMIT).until(() -> recorder.snapshotReasons(key(symbol)).size() == 2);
      assertConsumed(venue, symbol);
    }
  }

  private Struct last(String symbol) {
    List<Struct> records = recorder.bookStructs(key(symbol));
    return records.get(records.size() - 1);
  }

  private static String key(String symbol) {
    return "binance.spot." + symbol;
  }
}
