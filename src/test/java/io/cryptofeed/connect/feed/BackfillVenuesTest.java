package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.MarketRecorder.SeenTrade;
import io.cryptofeed.connect.local.venue.scripted.HistoryFault;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Origin;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Every exchange loses trades on the wire, closes its connections and sends bad responses to
 * history requests, over real sockets: each trade that happened is delivered once and in order.
 */
class BackfillVenuesTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final List<TradeExchange> HISTORIES =
      List.of(
          TradeExchange.BINANCE,
          TradeExchange.COINBASE,
          TradeExchange.KRAKEN,
          TradeExchange.BACKPACK);

  @AfterEach
  void nothingIsFatal() {
    assertThat(fatal).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"BYBIT", "HTX", "HTX_SWAP"})
  void trades_that_the_stream_lost_are_recovered_from_the_history(TradeExchange kind) {
    TradeVenue venue = start(kind);
    stream(venue, Map.of());
    venue.trade(kind.one(), 30);
    venue.lose(kind.one(), 25);
    venue.trade(kind.one(), 10);

    assertComplete(venue);
    assertThat(lossesOf(kind.oneKey())).isEmpty();
    assertThat(recorder.statuses(Status.GAP)).hasSize(1);
    long recovered = sum(kind.oneKey(), Status.BACKFILLED, FeedStatus::recoveredCount);
    assertThat(sum(kind.oneKey(), Status.GAP, FeedStatus::missingCount)).isEqualTo(recovered);
    // Fills of one order may be joined to one trade, and the lost ones with them.
    assertThat(recovered).isGreaterThanOrEqualTo(25);
    assertThat(recorder.trades(kind.oneKey()))
        .filteredOn(trade -> trade.origin() == Origin.BACKFILL)
        .hasSize((int) recovered);
  }

  @ParameterizedTest
  @EnumSource
  void a_disconnect_loses_no_trade(TradeExchange kind) {
    TradeVenue venue = start(kind);
    stream(venue, Map.of());
    for (int cut = 0; cut < 2; cut++) {
      venue.trade(kind.one(), 20);
      venue.trade(kind.other(), 10);
      assertArrived(venue, kind.one(), kind.oneKey());
      venue.dropConnections();
      venue.trade(kind.one(), 8);
      venue.trade(kind.other(), 3);
      awaitSubscribers(venue, cut + 2);
      venue.trade(kind.one(), 2);
      assertArrived(venue, kind.one(), kind.oneKey());
    }
    venue.trade(kind.other(), 1);

    assertComplete(venue);
    assertThat(lossesOf(kind.oneKey())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_resumes_after_the_last_trade_in_kafka(TradeExchange kind) {
    TradeVenue venue = start(kind);
    venue.trade(kind.one(), 50);
    venue.trade(kind.other(), 50);
    Map<String, LastTrade> kept =
        Map.of(
            kind.oneKey(), last(venue, kind.one(), 9),
            kind.otherKey(), last(venue, kind.other(), 0));
    stream(venue, kept);
    venue.trade(kind.one(), 5);

    List<VenueTrade> truth = venue.truth(kind.one());
    assertArrived(venue, kind.one(), kind.oneKey());
    assertSame(
        kind, recorder.trades(kind.oneKey()), truth.subList(truth.size() - 14, truth.size()));
    assertThat(recorder.trades(kind.otherKey())).isEmpty();
    assertThat(lossesOf(kind.oneKey())).isEmpty();
    assertThat(lossesOf(kind.otherKey())).isEmpty();
  }

  private static LastTrade last(TradeVenue venue, String symbol, int before) {
    List<VenueTrade> truth = venue.truth(symbol);
    VenueTrade trade = truth.get(truth.size() - 1 - before);
    long sequence = venue.exchange().numbersTrades() ? trade.number() : -1;
    return new LastTrade(trade.id(), sequence, trade.timeNanos());
  }

  /** Each fault at one exchange, and each exchange with some of them. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SILENCE")
  void a_history_with_bad_responses_is_requested_until_it_responds_well(HistoryFault fault) {
    requestUntilItRespondsWell(fault, HISTORIES.get(fault.ordinal() % HISTORIES.size()));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SILENCE")
  @Tag("long")
  void every_history_with_bad_responses_is_requested_until_it_responds_well(HistoryFault fault) {
    HISTORIES.forEach(kind -> requestUntilItRespondsWell(fault, kind));
  }

  private void requestUntilItRespondsWell(HistoryFault fault, TradeExchange kind) {
    TradeVenue venue = start(kind);
    stream(venue, Map.of());
    venue.trade(kind.one(), 30);
    venue.failHistory(fault, 2);
    venue.lose(kind.one(), 40);
    venue.trade(kind.one(), 10);

    assertArrived(venue, kind.one(), kind.oneKey());
    assertSame(kind, recorder.trades(kind.oneKey()), venue.truth(kind.one()));
    assertThat(lossesOf(kind.oneKey())).isEmpty();
  }

  @Test
  void a_history_that_does_not_respond_is_requested_again() {
    TradeVenue venue = start(TradeExchange.BINANCE);
    stream(venue, Map.of());
    venue.trade("BTCUSDT", 30);
    venue.failHistory(HistoryFault.SILENCE, 1);
    venue.lose("BTCUSDT", 40);
    venue.trade("BTCUSDT", 10);
    // The other instrument is not held.
    venue.trade("ETHUSDT", 10);
    assertArrived(venue, "ETHUSDT", TradeExchange.BINANCE.otherKey());
    assertThat(recorder.trades(TradeExchange.BINANCE.oneKey())).hasSize(30);

    assertArrived(venue, "BTCUSDT", TradeExchange.BINANCE.oneKey());
    assertComplete(venue);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"BYBIT", "HTX", "HTX_SWAP"})
  void trades_that_the_history_lacks_are_reported_as_lost_id_by_id(TradeExchange kind) {
    TradeVenue venue = start(kind);
    stream(venue, Map.of());
    venue.trade(kind.one(), 30);
    assertArrived(venue, kind.one(), kind.oneKey());
    venue.keepNewest(kind.one(), 60);
    long before = venue.truth(kind.one()).get(29).number();
    venue.lose(kind.one(), 130);
    venue.trade(kind.one(), 1);
    assertArrived(venue, kind.one(), kind.oneKey());

    List<VenueTrade> truth = venue.truth(kind.one());
    List<Long> delivered = numbers(recorder.trades(kind.oneKey()));
    List<Long> lost = lossesOf(kind.oneKey());
    assertThat(lost.get(0)).isEqualTo(before + 1);
    // One page more or less of the newest trades may have been in time.
    assertThat(lost.size()).isBetween(60, 80);
    List<Long> all = new ArrayList<>(delivered);
    all.addAll(lost);
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(truth.stream().map(VenueTrade::number).toList());
    assertThat(sum(kind.oneKey(), Status.GAP, FeedStatus::missingCount))
        .isEqualTo(
            sum(kind.oneKey(), Status.BACKFILLED, FeedStatus::recoveredCount)
                + sum(kind.oneKey(), Status.LOST, FeedStatus::lostCount));
  }

  @ParameterizedTest
  @EnumSource(names = {"BYBIT", "HTX", "HTX_SWAP"})
  void without_consecutive_ids_the_trades_around_the_missing_ones_are_reported(TradeExchange kind) {
    TradeVenue venue = start(kind);
    stream(venue, Map.of());
    venue.trade(kind.one(), 30);
    assertArrived(venue, kind.one(), kind.oneKey());
    String before = venue.truth(kind.one()).get(29).id();
    venue.keepNewest(kind.one(), 20);
    venue.dropConnections();
    venue.trade(kind.one(), 50);
    awaitSubscribers(venue, 2);
    venue.trade(kind.one(), 1);
    assertArrived(venue, kind.one(), kind.oneKey());

    FeedStatus lost = recorder.statuses(Status.LOST).get(0);
    assertThat(lost.fromId()).isEqualTo(before);
    assertThat(lost.lostCount()).isNull();
    assertThat(lost.reason()).contains("does not reach back");
    List<SeenTrade> seen = recorder.trades(kind.oneKey());
    assertThat(seen.get(30).text()).isEqualTo(lost.toId());
    List<VenueTrade> truth = venue.truth(kind.one());
    assertSame(
        kind,
        seen.subList(30, seen.size()),
        truth.subList(truth.size() - (seen.size() - 30), truth.size()));
    assertThat(seen).hasSizeBetween(49, 52);
  }

  @ParameterizedTest
  @EnumSource(names = {"BINANCE", "COINBASE", "KRAKEN", "BACKPACK"})
  void with_few_held_trades_every_trade_is_delivered(TradeExchange kind) {
    TradeVenue venue = start(kind);
    stream(
        venue,
        Map.of(),
        new BackfillOptions(true, Duration.ofDays(1), null, null, Duration.ofMinutes(5), 10));
    venue.trade(kind.one(), 5);
    venue.trade(kind.other(), 5);
    venue.failHistory(HistoryFault.SERVER_ERROR, 2);
    venue.lose(kind.one(), 1_500);
    venue.lose(kind.other(), 1_500);
    for (int i = 0; i < 50; i++) {
      venue.trade(kind.one(), 20);
      venue.trade(kind.other(), 20);
    }

    assertComplete(venue);
    assertThat(recorder.statuses(Status.LOST)).isEmpty();
  }

  @Test
  void duplicate_and_out_of_order_messages_are_put_in_order() {
    TradeVenue venue = start(TradeExchange.BINANCE);
    stream(venue, Map.of());
    venue.trade("BTCUSDT", 1);
    for (int i = 0; i < 50; i++) {
      if (i % 3 == 0) {
        venue.reorderNext("BTCUSDT");
      } else if (i % 3 == 1) {
        venue.duplicateNext("BTCUSDT");
      }
      venue.trade("BTCUSDT", 2);
    }
    venue.trade("BTCUSDT", 1);

    assertComplete(venue);
    assertThat(recorder.statuses(Status.GAP)).isEmpty();
  }

  @Test
  void disconnects_losses_and_bad_responses_at_once_lose_no_trade() {
    TradeVenue venue = start(TradeExchange.COINBASE);
    stream(venue, Map.of());
    venue.trade("ETH-USD", 1);
    for (int round = 0; round < 4; round++) {
      venue.trade("BTC-USD", 50);
      venue.lose("ETH-USD", 5);
      venue.failHistory(
          HistoryFault.values()[round % HistoryFault.SILENCE.ordinal()], 1 + round % 2);
      venue.dropConnections();
      venue.lose("BTC-USD", 400);
      venue.trade("ETH-USD", 5);
      awaitSubscribers(venue, round + 2);
      venue.reorderNext("BTC-USD");
      venue.trade("BTC-USD", 50);
    }
    venue.trade("ETH-USD", 1);

    assertComplete(venue);
    assertThat(recorder.statuses(Status.LOST)).isEmpty();
  }

  private TradeVenue start(TradeExchange kind) {
    TradeVenue venue = TradeVenue.start(kind, 7);
    closeLater(venue);
    return venue;
  }

  private void stream(TradeVenue venue, Map<String, LastTrade> kept) {
    stream(venue, kept, BackfillOptions.DEFAULT);
  }

  private void stream(TradeVenue venue, Map<String, LastTrade> kept, BackfillOptions options) {
    resume = instrument -> kept.get(instrument.key());
    backfill = options;
    stream(subscription(exchange(venue), Set.of(Channel.TRADES), venue.exchange().symbols()));
    awaitSubscribers(venue, 1);
  }

  private static void awaitSubscribers(TradeVenue venue, int times) {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                venue.subscriptions(venue.exchange().one()) >= times
                    && venue.subscriptions(venue.exchange().other()) >= times);
  }

  private static Exchange exchange(TradeVenue venue) {
    return profile(venue.exchange().id(), venue.port(), venue.exchange().tradesMode());
  }

  private void assertComplete(TradeVenue venue) {
    TradeExchange kind = venue.exchange();
    assertArrived(venue, kind.one(), kind.oneKey());
    assertArrived(venue, kind.other(), kind.otherKey());
    assertSame(kind, recorder.trades(kind.oneKey()), venue.truth(kind.one()));
    assertSame(kind, recorder.trades(kind.otherKey()), venue.truth(kind.other()));
  }

  /** The newest trade is delivered. */
  private void assertArrived(TradeVenue venue, String symbol, String key) {
    List<VenueTrade> truth = venue.truth(symbol);
    if (truth.isEmpty()) {
      return;
    }
    String newest = truth.get(truth.size() - 1).id();
    await()
        .atMost(LIMIT)
        .until(() -> recorder.trades(key).stream().anyMatch(trade -> trade.text().equals(newest)));
  }

  private static void assertSame(TradeExchange kind, List<SeenTrade> seen, List<VenueTrade> truth) {
    if (kind.joinsFills()) {
      // Fills of one order have one price; the exchange decides which of them are joined.
      assertThat(numbers(seen))
          .containsExactlyElementsOf(truth.stream().map(VenueTrade::number).toList());
      assertThat(total(seen))
          .isEqualByComparingTo(
              truth.stream().map(VenueTrade::size).reduce(BigDecimal.ZERO, BigDecimal::add));
      return;
    }
    assertThat(seen)
        .extracting(
            trade -> line(trade.text(), trade.price(), trade.size(), trade.side(), trade.eventNs()))
        .containsExactlyElementsOf(
            truth.stream()
                .map(t -> line(t.id(), t.price(), t.size(), t.taker(), t.timeNanos()))
                .toList());
  }

  private static BigDecimal total(List<SeenTrade> seen) {
    return seen.stream().map(SeenTrade::size).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static List<Long> numbers(List<SeenTrade> seen) {
    return seen.stream()
        .flatMapToLong(trade -> LongStream.rangeClosed(trade.first(), trade.id()))
        .boxed()
        .toList();
  }

  private static String line(
      String id, BigDecimal price, BigDecimal size, Object side, long timeNs) {
    return String.join(
        " ",
        id,
        price.stripTrailingZeros().toPlainString(),
        size.stripTrailingZeros().toPlainString(),
        side.toString(),
        Long.toString(timeNs));
  }

  /** The ids that were reported as lost, in order. */
  private List<Long> lossesOf(String key) {
    return recorder.statuses(Status.LOST).stream()
        .filter(status -> status.stream().instrument().key().equals(key))
        .flatMapToLong(
            status ->
                LongStream.rangeClosed(
                    Long.parseLong(String.valueOf(status.fromId())),
                    Long.parseLong(String.valueOf(status.toId()))))
        .boxed()
        .toList();
  }

  private interface Count {
    @Nullable Long of(FeedStatus status);
  }

  private long sum(String key, Status status, Count count) {
    return recorder.statuses(status).stream()
        .filter(each -> each.stream().instrument().key().equals(key))
        .mapToLong(
            each -> {
              Long counted = count.of(each);
              return counted == null ? 0 : counted;
            })
        .sum();
  }
}
