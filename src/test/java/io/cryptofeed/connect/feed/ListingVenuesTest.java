package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.provider.venue.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the lists of instruments of each exchange do to its streams, over real sockets. */
@Timeout(120)
class ListingVenuesTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(40);

  /** The field that shows the state of an instrument, as the simulator writes it. */
  private static final String STATE =
      "\"(status|state|orderBookState|contract_status)\":(\"(TRADING|online|live|Trading|Open)\"|1)";

  @ParameterizedTest
  @EnumSource(TradeExchange.class)
  void a_halt_ends_no_stream_and_is_followed_by_its_end(TradeExchange kind) {
    TradeVenue venue = start(kind);
    stream(subscription(kind, venue, UnlistedSymbols.FAIL, kind.symbols()));
    awaitSubscribed(kind, venue);

    venue.editLists((call, list) -> list.replaceAll(STATE, "\"$1\":" + halted(kind)));
    await().atMost(LIMIT).until(() -> recorder.statuses(Status.HALTED).size() == 2);
    venue.trade(kind.one(), 10);
    awaitNewest(kind, venue);
    venue.editLists((call, list) -> list);
    await().atMost(LIMIT).until(() -> recorder.statuses(Status.RESUMED).size() == 2);

    assertThat(recorder.statuses(Status.DELISTED)).isEmpty();
    assertThat(recorder.statuses(Status.LISTED)).isEmpty();
    assertThat(fatal).isEmpty();
  }

  private static String halted(TradeExchange kind) {
    return switch (kind.id()) {
      case "binance" -> "\"BREAK\"";
      case "binance_futures" -> "\"HALT\"";
      case "coinbase", "coinbase_advanced" -> "\"offline\"";
      case "kraken" -> "\"maintenance\"";
      case "okx", "htx" -> "\"suspend\"";
      case "bybit" -> "\"PreLaunch\"";
      case "htx_swap" -> "3";
      case "backpack" -> "\"Closed\"";
      default -> throw new IllegalArgumentException(kind.id());
    };
  }

  @ParameterizedTest
  @EnumSource(TradeExchange.class)
  void a_state_that_is_missing_or_new_is_no_reason_to_stop(TradeExchange kind) {
    TradeVenue venue = start(kind);
    venue.editLists((call, list) -> list.replaceAll(STATE, "\"x\":0"));
    stream(subscription(kind, venue, UnlistedSymbols.FAIL, List.of("*")));
    awaitSubscribed(kind, venue);

    int before = venue.listings();
    venue.editLists((call, list) -> list.replaceAll(STATE, "\"$1\":\"something_new\""));
    await().atMost(LIMIT).until(() -> venue.listings() > before + 3);
    venue.trade(kind.one(), 10);
    awaitNewest(kind, venue);

    assertThat(statuses()).doesNotContain(Status.HALTED, Status.DELISTED, Status.LISTED);
    assertThat(fatal).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(TradeExchange.class)
  void a_list_that_is_empty_or_missing_for_a_while_ends_no_stream(TradeExchange kind) {
    TradeVenue venue = start(kind);
    venue.editLists((call, list) -> list.replaceFirst("\\[.*\\]", "[]"));
    stream(subscription(kind, venue, UnlistedSymbols.FAIL, kind.symbols()));
    await().atMost(LIMIT).until(() -> venue.listings() > 1);
    venue.editLists((call, list) -> list);
    awaitSubscribed(kind, venue);

    int before = venue.listings();
    venue.editLists((call, list) -> "{\"oops\":true}");
    await().atMost(LIMIT).until(() -> venue.listings() > before + 3);
    venue.trade(kind.one(), 10);
    awaitNewest(kind, venue);

    assertThat(statuses()).doesNotContain(Status.HALTED, Status.DELISTED, Status.LISTED);
    assertThat(fatal).isEmpty();
  }

  @Test
  void an_empty_list_beside_full_ones_is_a_fact() {
    TradeVenue venue = start(TradeExchange.OKX);
    venue.editLists(
        (call, list) ->
            "SPOT".equals(call.parameter("instType"))
                ? "{\"code\":\"0\",\"msg\":\"\",\"data\":[{\"instType\":\"SPOT\",\"instId\":\"BTC-USDT\","
                    + "\"baseCcy\":\"BTC\",\"quoteCcy\":\"USDT\",\"tickSz\":\"0.1\",\"lotSz\":\"0.0001\","
                    + "\"state\":\"live\"}]}"
                : "{\"code\":\"0\",\"msg\":\"\",\"data\":[]}");
    stream(subscription(TradeExchange.OKX, venue, UnlistedSymbols.FAIL, List.of("BTC-USDT")));
    await().atMost(LIMIT).until(() -> venue.subscribers("BTC-USDT") == 1);
    venue.trade("BTC-USDT", 10);
    awaitNewest(TradeExchange.OKX, venue);

    assertThat(fatal).isEmpty();
  }

  @Test
  void a_list_that_always_fails_stops_no_instrument_of_the_others() {
    TradeVenue venue = start(TradeExchange.OKX);
    venue.editLists(
        (call, list) ->
            "FUTURES".equals(call.parameter("instType"))
                ? "{\"code\":\"51000\",\"msg\":\"Parameter instType error\",\"data\":[]}"
                : list);
    stream(
        subscription(
            TradeExchange.OKX,
            venue,
            UnlistedSymbols.FAIL,
            List.of("BTC-USDT", "ETH-USDT-PERP", "BTC-USDT-49Z31")));
    awaitSubscribed(TradeExchange.OKX, venue);

    assertThat(statuses()).doesNotContain(Status.DELISTED, Status.UNLISTED);
    assertThat(fatal).as("the future may be on the list that fails").isEmpty();
  }

  @Test
  void a_row_that_cannot_be_used_costs_that_row() {
    TradeVenue venue = start(TradeExchange.BINANCE);
    venue.editLists(
        (call, list) ->
            list.replace("\"symbols\":[", "\"symbols\":[7,null,{\"symbol\":\"ODD\"},[],"));
    stream(
        subscription(
            TradeExchange.BINANCE, venue, UnlistedSymbols.FAIL, TradeExchange.BINANCE.symbols()));
    awaitSubscribed(TradeExchange.BINANCE, venue);

    assertThat(fatal).isEmpty();
  }

  private TradeVenue start(TradeExchange kind) {
    return closeLater(TradeVenue.start(kind, 7));
  }

  private static Subscription subscription(
      TradeExchange kind, TradeVenue venue, UnlistedSymbols unlisted, List<String> symbols) {
    return new Subscription(
        profile(kind.id(), venue.port(), kind.tradesMode()),
        Set.of(Channel.TRADES),
        symbols,
        "symbols",
        List.of(),
        unlisted,
        Duration.ofSeconds(1));
  }

  private static void awaitSubscribed(TradeExchange kind, TradeVenue venue) {
    await()
        .atMost(LIMIT)
        .until(() -> venue.subscribers(kind.one()) == 1 && venue.subscribers(kind.other()) == 1);
  }

  private void awaitNewest(TradeExchange kind, TradeVenue venue) {
    String newest = venue.truth(kind.one()).get(venue.truth(kind.one()).size() - 1).id();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                recorder.trades(kind.oneKey()).stream()
                    .anyMatch(trade -> trade.text().equals(newest)));
  }

  private List<Status> statuses() {
    return recorder.statuses().stream().map(FeedStatus::status).toList();
  }
}
