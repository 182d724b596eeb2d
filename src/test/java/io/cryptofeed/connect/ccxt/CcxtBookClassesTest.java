package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.scripted.BackpackBooks;
import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import io.cryptofeed.connect.local.venue.scripted.KrakenBooks;
import io.cryptofeed.connect.market.Channel;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Books by CCXT's classes are those of their exchanges, whichever way these tell them. */
@Tag("ccxt")
class CcxtBookClassesTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  @Test
  void a_book_from_rest_and_a_stream_is_the_exchanges_after_many_changes_and_after_a_loss()
      throws Exception {
    try (Scene scene = new Scene("backpack", new BackpackBooks(), "SOL_USDC")) {
      scene.watch("SOL/USDC");
      await().atMost(PATIENT).until(() -> scene.venue.subscriptions("SOL_USDC") == 1);
      scene.changeUntilSnapshots(1);
      scene.venue.change(200);
      scene.awaitTheBook();

      scene.venue.dropConnections();

      await().atMost(PATIENT).until(() -> scene.venue.subscriptions("SOL_USDC") == 2);
      scene.changeUntilSnapshots(2);
      scene.venue.change(200);
      scene.awaitTheBook();
    }
  }

  @Test
  void levels_that_fall_out_of_a_book_of_ten_are_removed() throws Exception {
    try (Scene scene = new Scene("kraken", new KrakenBooks(), "BTC/USD")) {
      scene.watch("BTC/USD");
      await().atMost(PATIENT).until(() -> !scene.seen.books.isEmpty());

      scene.venue.change(500);

      scene.awaitTheBook();
      assertThat(scene.seen.books).filteredOn(CcxtBook::isSnapshot).hasSize(1);
      assertThat(scene.seen.errors).isEmpty();
    }
  }

  /** An exchange with one book, and the class that reads it. */
  private static final class Scene implements AutoCloseable {

    private final String symbol;
    private final BookVenue venue;
    private final CcxtWorld world = new CcxtWorld();
    private final SeenEvents seen = new SeenEvents();
    private final CcxtExchange exchange;

    Scene(String id, BookVenue.Dialect words, String symbol) {
      this.symbol = symbol;
      venue = BookVenue.start(words, 7, List.of(symbol));
      exchange = world.start(CcxtWorld.options(id, venue.port()), seen);
    }

    void watch(String ccxtSymbol) throws Exception {
      CcxtWorld.await(exchange.loadMarkets());
      exchange.watch(Channel.L2_BOOK, ccxtSymbol);
    }

    /** Where a class asks for the full book, it does so when it has seen some changes. */
    void changeUntilSnapshots(int count) {
      await()
          .atMost(PATIENT)
          .until(
              () -> {
                venue.change(1);
                return seen.books.stream().filter(CcxtBook::isSnapshot).count() == count;
              });
    }

    void awaitTheBook() {
      await()
          .atMost(PATIENT)
          .untilAsserted(
              () ->
                  assertThat(
                          BookOfChanges.of(seen.books).sameAs(venue.truth(symbol, BigDecimal.ONE)))
                      .isTrue());
    }

    @Override
    public void close() {
      exchange.close();
      world.close();
      venue.close();
      assertThat(seen.broken).isEmpty();
    }
  }
}
