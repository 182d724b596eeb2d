package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.BackpackBooks;
import io.cryptofeed.connect.local.venue.BookVenue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * CCXT's class of Backpack: books from REST and the stream together, and after a loss in between.
 */
@Tag("ccxt")
class CcxtBackpackTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  private final BookVenue venue = BookVenue.start(new BackpackBooks(), 7, List.of("SOL_USDC"));
  private final CcxtWorld world = new CcxtWorld();
  private final SeenEvents seen = new SeenEvents();
  private final CcxtExchange exchange =
      world.start(
          CcxtWorld.options(
              "backpack",
              null,
              Map.of(
                  "https://api.backpack.exchange", "http://127.0.0.1:" + venue.port(),
                  "wss://ws.backpack.exchange", "ws://127.0.0.1:" + venue.port())),
          seen);

  @AfterEach
  void stop() {
    exchange.close();
    world.close();
    venue.close();
    assertThat(seen.broken).isEmpty();
  }

  @Test
  void a_book_is_the_exchanges_after_many_changes_and_after_a_loss() throws Exception {
    CcxtWorld.await(exchange.loadMarkets());
    exchange.watch(CcxtChannel.BOOK, "SOL/USDC");
    await().atMost(PATIENT).until(() -> venue.subscriptions("SOL_USDC") == 1);
    changeUntilSnapshots(1);
    venue.change(200);
    awaitTheBook();

    venue.dropConnections();

    await().atMost(PATIENT).until(() -> venue.subscriptions("SOL_USDC") == 2);
    changeUntilSnapshots(2);
    venue.change(200);
    awaitTheBook();
  }

  /** CCXT asks for the full book when it has seen some changes. */
  private void changeUntilSnapshots(int count) {
    await()
        .atMost(PATIENT)
        .until(
            () -> {
              venue.change(1);
              return seen.books.stream().filter(CcxtBook::isSnapshot).count() == count;
            });
  }

  private void awaitTheBook() {
    await()
        .atMost(PATIENT)
        .untilAsserted(
            () ->
                assertThat(
                        BookOfChanges.of(seen.books)
                            .sameAs(venue.truth("SOL_USDC", BigDecimal.ONE)))
                    .isTrue());
  }
}
