package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.BookVenue;
import io.cryptofeed.connect.local.venue.BookVenue.Market;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CCXT's class of Kraken: a book of ten levels, of which nobody says what falls out of it. */
@Tag("ccxt")
class CcxtKrakenTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  private final BookVenue venue = BookVenue.start(new Kraken(), 7, List.of("BTC/USD"));
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

  /** As Kraken speaks: objects with JSON numbers. */
  private static final class Kraken implements BookVenue.Dialect {

    private static final int DEPTH = 10;

    @Override
    public String rest(String path, @Nullable String symbol, BookVenue venue) {
      return path.endsWith("/AssetPairs")
          ? "{\"error\":[],\"result\":{\"XXBTZUSD\":{\"altname\":\"XBTUSD\",\"wsname\":\"XBT/USD\","
              + "\"base\":\"XXBT\",\"quote\":\"ZUSD\",\"pair_decimals\":2,\"lot_decimals\":3,"
              + "\"ordermin\":\"0.001\",\"costmin\":\"0.5\",\"status\":\"online\"}}}"
          : "{\"error\":[],\"result\":{\"XXBT\":{\"aclass\":\"currency\",\"altname\":\"XBT\",\"decimals\":10,"
              + "\"status\":\"enabled\"},\"ZUSD\":{\"aclass\":\"currency\",\"altname\":\"USD\",\"decimals\":4,"
              + "\"status\":\"enabled\"}}}";
    }

    @Override
    public void text(String message, BookVenue venue, BookVenue.Client client) {
      JsonNode frame = BookVenue.tree(message);
      for (JsonNode symbol : frame.path("params").path("symbol")) {
        if (frame.path("method").asText().equals("subscribe")) {
          client.subscribe(symbol.asText());
        } else {
          client.unsubscribe(symbol.asText());
        }
      }
    }

    @Override
    public String snapshot(Market market) {
      return message("snapshot", market, market.bids(), market.asks());
    }

    @Override
    public String delta(Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      return message("update", market, bids, asks);
    }

    private static String message(
        String type, Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      boolean whole = type.equals("snapshot");
      return "{\"channel\":\"book\",\"type\":\"%s\",\"data\":[{\"symbol\":\"%s\",\"bids\":%s,\"asks\":%s,\"checksum\":0,\"timestamp\":\"2026-10-06T17:35:55.440295Z\"}]}"
          .formatted(type, market.symbol(), levels(bids, whole), levels(asks, whole));
    }

    private static String levels(Map<Integer, Integer> side, boolean whole) {
      Stream<Map.Entry<Integer, Integer>> rows = side.entrySet().stream();
      return (whole ? rows.limit(DEPTH) : rows)
          .map(
              level ->
                  "{\"price\":%s,\"qty\":%s}"
                      .formatted(
                          BigDecimal.valueOf(level.getKey(), 2).toPlainString(),
                          BigDecimal.valueOf(level.getValue(), 3).toPlainString()))
          .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public boolean packs() {
      return false;
    }

    @Override
    public int depth() {
      return DEPTH;
    }
  }
}
