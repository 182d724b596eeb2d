package io.cryptofeed.connect.local.venue.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.PlainClient;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A venue whose trades and faults the test makes, with the messages of Binance. */
class TradeVenueTest {

  private static final String SYMBOL = TradeExchange.BINANCE.one();
  private static final String SUBSCRIBE =
      "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":1}";

  private final TradeVenue venue = TradeVenue.start(TradeExchange.BINANCE, 1);

  @AfterEach
  void close() {
    venue.close();
  }

  private long first() {
    return venue.truth(SYMBOL).get(0).number();
  }

  private static String path(long fromId, int limit) {
    return "/api/v3/historicalTrades?symbol=%s&fromId=%d&limit=%d".formatted(SYMBOL, fromId, limit);
  }

  /** The ids of a page of the history. */
  private List<Long> page(long fromId, int limit) {
    List<Long> ids = new ArrayList<>();
    PlainClient.getJson(venue, path(fromId, limit))
        .forEach(row -> ids.add(row.path("id").asLong()));
    return ids;
  }

  private static List<Long> ids(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private PlainClient subscribed() {
    PlainClient client = PlainClient.connect(venue, "/stream");
    client.send(SUBSCRIBE);
    client.next(message -> message.has("result"));
    return client;
  }

  private static long id(JsonNode message) {
    return message.path("data").path("t").asLong();
  }

  @Test
  void trades_are_sent_unless_they_are_lost_and_the_history_has_them_all() {
    try (PlainClient client = subscribed()) {
      venue.trade(SYMBOL, 2);
      venue.lose(SYMBOL, 3);
      venue.trade(SYMBOL, 1);

      assertThat(List.of(id(client.next()), id(client.next()), id(client.next())))
          .containsExactly(first(), first() + 1, first() + 5);
      assertThat(page(first(), 10)).isEqualTo(ids(first(), first() + 5));
      assertThat(venue.subscriptions(SYMBOL)).isEqualTo(1);
    }
  }

  @Test
  void a_message_is_sent_twice_or_after_the_next_one() {
    try (PlainClient client = subscribed()) {
      venue.duplicateNext(SYMBOL);
      venue.trade(SYMBOL, 1);
      venue.reorderNext(SYMBOL);
      venue.trade(SYMBOL, 2);

      List<Long> received = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        received.add(id(client.next()));
      }
      assertThat(received).containsExactly(first(), first(), first() + 2, first() + 1);
    }
  }

  @Test
  void trades_happen_while_no_client_is_connected() {
    try (PlainClient client = subscribed()) {
      venue.dropConnections();
      assertThat(client.end()).isEqualTo("cut off");
    }
    venue.trade(SYMBOL, 4);

    assertThat(venue.subscribers(SYMBOL)).isZero();
    assertThat(venue.truth(SYMBOL)).hasSize(4);
    assertThat(page(first(), 10)).hasSize(4);
  }

  @Test
  void each_fault_applies_to_one_response_and_requests_are_counted() {
    venue.trade(SYMBOL, 40);
    venue.failHistory(HistoryFault.TOO_MANY_REQUESTS, 2);
    venue.failHistory(HistoryFault.SERVER_ERROR, 1);

    HttpResponse<String> refused = PlainClient.get(venue, path(first(), 10));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(PlainClient.get(venue, path(first(), 10)).statusCode()).isEqualTo(429);
    assertThat(PlainClient.get(venue, path(first(), 10)).statusCode()).isEqualTo(500);
    assertThat(page(first(), 10)).isEqualTo(ids(first(), first() + 9));
    assertThat(venue.historyRequests(SYMBOL)).isEqualTo(4);
    assertThat(venue.historyCalls()).hasSize(4);
  }

  @Test
  void a_page_may_overlap_skip_a_trade_lack_the_newest_or_be_empty() {
    venue.trade(SYMBOL, 40);
    venue.failHistory(HistoryFault.OVERLAPPING, 1);
    venue.failHistory(HistoryFault.WITH_A_GAP, 1);
    venue.failHistory(HistoryFault.STALE, 1);
    venue.failHistory(HistoryFault.EMPTY, 1);
    long from = first() + 30;

    assertThat(page(from, 10)).isEqualTo(ids(from - 3, from + 6));
    assertThat(page(from, 10)).hasSize(9).doesNotContain(from + 5);
    assertThat(page(from, 10)).isEqualTo(ids(from, from + 4));
    assertThat(page(from, 10)).isEmpty();
  }

  @Test
  void a_response_may_be_malformed_or_missing() {
    venue.trade(SYMBOL, 10);
    venue.failHistory(HistoryFault.GARBAGE, 1);
    venue.failHistory(HistoryFault.TRUNCATED, 1);
    venue.failHistory(HistoryFault.SILENCE, 1);

    assertThat(PlainClient.get(venue, path(first(), 10)).body()).startsWith("<html>");
    assertThat(PlainClient.get(venue, path(first(), 10)).body())
        .startsWith("[")
        .doesNotEndWith("]");
    HttpRequest request =
        HttpRequest.newBuilder(PlainClient.uri("http", venue, path(first(), 10)))
            .timeout(Duration.ofMillis(200))
            .build();
    assertThatThrownBy(
            () -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(page(first(), 10)).hasSize(10);
  }

  @Test
  void a_history_may_have_only_the_newest_trades() {
    venue.trade(SYMBOL, 30);
    venue.keepNewest(SYMBOL, 5);

    assertThat(page(first(), 100)).isEqualTo(ids(first() + 25, first() + 29));
  }

  @Test
  void the_same_seed_makes_the_same_trades() {
    venue.trade(SYMBOL, 20);
    try (TradeVenue other = TradeVenue.start(TradeExchange.BINANCE, 1)) {
      other.trade(SYMBOL, 20);

      assertThat(other.truth(SYMBOL))
          .extracting(trade -> trade.id() + " " + trade.price() + " " + trade.size())
          .isEqualTo(
              venue.truth(SYMBOL).stream()
                  .map(trade -> trade.id() + " " + trade.price() + " " + trade.size())
                  .toList());
    }
  }
}
