package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Trade;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulated exchanges and the profiles agree on live and historical trades. */
class TradeVenueProfilesTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @ParameterizedTest
  @EnumSource(TradeExchange.class)
  void live_trades_are_what_happened(TradeExchange kind) {
    TradeVenue venue = start(kind);
    stream(subscription(exchange(kind, venue), Set.of(Channel.TRADES), kind.symbols()));
    await()
        .atMost(LIMIT)
        .until(() -> venue.subscribers(kind.one()) == 1 && venue.subscribers(kind.other()) == 1);
    venue.trade(kind.one(), 200);
    venue.trade(kind.other(), 200);

    assertLive(kind, venue, kind.one(), kind.oneKey());
    assertLive(kind, venue, kind.other(), kind.otherKey());
    assertThat(fatal).isEmpty();
  }

  private void assertLive(TradeExchange kind, TradeVenue venue, String symbol, String key) {
    List<VenueTrade> truth = venue.truth(symbol);
    String newest = truth.get(truth.size() - 1).id();
    await()
        .atMost(LIMIT)
        .until(() -> recorder.trades(key).stream().anyMatch(t -> t.text().equals(newest)));
    if (kind.joinsFills()) {
      assertThat(recorder.trades(key)).hasSizeLessThan(truth.size());
      return;
    }
    assertThat(recorder.trades(key))
        .extracting(t -> line(t.text(), t.price(), t.size(), t.side()))
        .containsExactlyElementsOf(truth.stream().map(TradeVenueProfilesTest::line).toList());
  }

  @ParameterizedTest
  @EnumSource(TradeExchange.class)
  void historical_trades_are_what_happened(TradeExchange kind) throws Exception {
    TradeVenue venue = start(kind);
    venue.trade(kind.one(), 2_500);
    venue.trade(kind.other(), 2_500);
    Exchange exchange = exchange(kind, venue);

    assertPast(exchange, venue, kind.one(), kind.oneKey());
    assertPast(exchange, venue, kind.other(), kind.otherKey());
  }

  private static void assertPast(Exchange exchange, TradeVenue venue, String symbol, String key)
      throws Exception {
    Instrument instrument = instrument(exchange, key);
    assumeTrue(exchange.tradeHistory(instrument).isPresent(), "the profile names no history");
    TradeHistory history = exchange.tradeHistory(instrument).orElseThrow();
    List<VenueTrade> truth = venue.truth(symbol);
    List<Trade> past = walk(exchange, history, instrument, truth);

    List<VenueTrade> reachable =
        history.paging() == TradeHistory.Paging.NEWEST
            ? truth.subList(truth.size() - history.pageTrades(), truth.size())
            : truth;
    assertThat(past)
        .extracting(
            trade -> line(trade.id(), trade.price(), trade.size(), trade.side()) + trade.eventNs())
        .containsExactlyElementsOf(
            reachable.stream().map(trade -> line(trade) + trade.timeNanos()).toList());
  }

  /** All trades of the history, the oldest first. */
  private static List<Trade> walk(
      Exchange exchange, TradeHistory history, Instrument instrument, List<VenueTrade> truth)
      throws Exception {
    List<Trade> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    boolean backwards =
        history.paging() == TradeHistory.Paging.BEFORE_ID
            || history.paging() == TradeHistory.Paging.OFFSET;
    while (true) {
      List<Trade> page = new ArrayList<>(page(exchange, instrument, cursor(history, all, truth)));
      page.removeIf(trade -> !seen.add(trade.id()));
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(backwards ? 0 : all.size(), page);
    }
  }

  private static long cursor(TradeHistory history, List<Trade> all, List<VenueTrade> truth) {
    return switch (history.paging()) {
      case FROM_ID ->
          all.isEmpty() ? truth.get(0).number() : all.get(all.size() - 1).sequence() + 1;
      case BEFORE_ID ->
          all.isEmpty() ? truth.get(truth.size() - 1).number() + 1 : all.get(0).sequence();
      // Several trades may have one time.
      case FROM_TIME ->
          (all.isEmpty() ? truth.get(0).timeNanos() : all.get(all.size() - 1).eventNs())
              - 1_000_000;
      case OFFSET -> all.size();
      case NEWEST -> 0;
    };
  }

  private static List<Trade> page(Exchange exchange, Instrument instrument, long cursor)
      throws Exception {
    return exchange.readTrades(
        instrument,
        answer(exchange, exchange.tradesRequest(instrument, cursor)),
        1,
        malformed -> {
          throw new AssertionError(malformed);
        });
  }

  private static Instrument instrument(Exchange exchange, String key) throws Exception {
    for (InstrumentRequest request : exchange.instrumentRequests()) {
      for (Instrument instrument :
          exchange.readInstruments(request, answer(exchange, request.request())).instruments()) {
        if (instrument.key().equals(key)) {
          return instrument;
        }
      }
    }
    throw new AssertionError("no " + key);
  }

  private static byte[] answer(Exchange exchange, RestRequest request) throws Exception {
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(exchange.restUrl() + request.pathAndQuery()))
                    .timeout(LIMIT)
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(request.pathAndQuery()).isEqualTo(200);
    return answer.body();
  }

  private static String line(VenueTrade trade) {
    return line(trade.id(), trade.price(), trade.size(), trade.taker());
  }

  private static String line(String id, BigDecimal price, BigDecimal size, Object side) {
    return String.join(
        " ",
        id,
        price.stripTrailingZeros().toPlainString(),
        size.stripTrailingZeros().toPlainString(),
        side.toString(),
        "");
  }

  private TradeVenue start(TradeExchange kind) {
    TradeVenue venue = TradeVenue.start(kind, 7);
    closeLater(venue);
    return venue;
  }

  private static Exchange exchange(TradeExchange kind, TradeVenue venue) {
    return profile(kind.id(), venue.port(), kind.tradesMode());
  }
}
