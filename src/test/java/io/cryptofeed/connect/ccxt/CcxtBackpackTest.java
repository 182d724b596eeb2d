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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * CCXT's class of Backpack: books from REST and the stream together, and after a loss in between.
 */
@Tag("ccxt")
class CcxtBackpackTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  private final BookVenue venue = BookVenue.start(new Backpack(), 7, List.of("SOL_USDC"));
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

  /** As Backpack speaks: no answers, books over REST with the worst bid first. */
  private static final class Backpack implements BookVenue.Dialect {

    @Override
    public @Nullable String rest(String path, @Nullable String symbol, BookVenue venue) {
      if (path.endsWith("/markets")) {
        return "[{\"symbol\":\"SOL_USDC\",\"baseSymbol\":\"SOL\",\"quoteSymbol\":\"USDC\","
            + "\"marketType\":\"SPOT\",\"orderBookState\":\"Open\",\"createdAt\":\"2025-01-21T06:34:54.691858\","
            + "\"filters\":{\"price\":{\"tickSize\":\"0.01\",\"minPrice\":\"0.01\",\"maxPrice\":\"1000\"},"
            + "\"quantity\":{\"stepSize\":\"0.001\",\"minQuantity\":\"0.001\",\"maxQuantity\":null}}}]";
      }
      if (path.endsWith("/assets")) {
        return "[]";
      }
      if (symbol == null) {
        return null;
      }
      Market market = venue.market(symbol);
      return "{\"asks\":%s,\"bids\":%s,\"lastUpdateId\":\"%d\",\"timestamp\":1694687965941000}"
          .formatted(texts(market.asks()), texts(market.bids()), market.sequence());
    }

    @Override
    public void text(String message, BookVenue venue, BookVenue.Client client) {
      JsonNode frame = BookVenue.tree(message);
      for (JsonNode stream : frame.path("params")) {
        String symbol = stream.asText().substring(stream.asText().indexOf('.') + 1);
        if (frame.path("method").asText().equals("SUBSCRIBE")) {
          client.subscribe(symbol);
        } else {
          client.unsubscribe(symbol);
        }
      }
    }

    @Override
    public @Nullable String snapshot(Market market) {
      return null;
    }

    @Override
    public String delta(Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      return "{\"stream\":\"depth.%s\",\"data\":{\"e\":\"depth\",\"E\":1694687965941000,\"T\":1694687965940999,\"s\":\"%s\",\"a\":%s,\"b\":%s,\"U\":%d,\"u\":%d}}"
          .formatted(
              market.symbol(),
              market.symbol(),
              texts(asks),
              texts(bids),
              market.sequence(),
              market.sequence());
    }

    private static String texts(Map<Integer, Integer> side) {
      return side.entrySet().stream()
          .map(
              level ->
                  "[\"%s\",\"%s\"]"
                      .formatted(
                          BigDecimal.valueOf(level.getKey(), 2).toPlainString(),
                          BigDecimal.valueOf(level.getValue(), 3).toPlainString()))
          .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public boolean packs() {
      return false;
    }
  }
}
