package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.BookVenue;
import io.cryptofeed.connect.local.venue.KrakenBooks;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CCXT's class of Kraken: a book of ten levels, of which nobody says what falls out of it. */
@Tag("ccxt")
class CcxtKrakenTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  private final BookVenue venue = BookVenue.start(new KrakenBooks(), 7, List.of("BTC/USD"));
  private final CcxtWorld world = new CcxtWorld();
  private final SeenEvents seen = new SeenEvents();
  private final CcxtExchange exchange =
      world.start(
          CcxtWorld.options(
              "kraken",
              null,
              Map.of(
                  "https://api.kraken.com", "http://127.0.0.1:" + venue.port(),
                  "wss://ws.kraken.com", "ws://127.0.0.1:" + venue.port())),
          seen);

  @AfterEach
  void stop() {
    exchange.close();
    world.close();
    venue.close();
    assertThat(seen.broken).isEmpty();
  }

  @Test
  void levels_that_fall_out_of_the_book_are_removed() throws Exception {
    CcxtWorld.await(exchange.loadMarkets());
    exchange.watch(CcxtChannel.BOOK, "BTC/USD");
    await().atMost(PATIENT).until(() -> !seen.books.isEmpty());

    venue.change(500);

    await()
        .atMost(PATIENT)
        .untilAsserted(
            () ->
                assertThat(
                        BookOfChanges.of(seen.books).sameAs(venue.truth("BTC/USD", BigDecimal.ONE)))
                    .isTrue());
    assertThat(seen.books).filteredOn(CcxtBook::isSnapshot).hasSize(1);
    assertThat(seen.errors).isEmpty();
  }
}
