package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.SnapshotReason;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

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

  private Struct last(String symbol) {
    List<Struct> records = recorder.bookStructs(key(symbol));
    return records.get(records.size() - 1);
  }

  private static String key(String symbol) {
    return "binance.spot." + symbol;
  }
}
