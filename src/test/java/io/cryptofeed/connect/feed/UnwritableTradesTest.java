package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.task.Feeds;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A trade with more decimals than a record can hold is lost by name; the feed goes on. */
class UnwritableTradesTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOO_FINE = "1.0000000000000000001";

  @ParameterizedTest
  @EnumSource
  void a_trade_that_no_record_can_hold_is_lost_with_its_id(TradeExchange kind) {
    TradeVenue venue = closeLater(TradeVenue.start(kind, 7));
    Feeds feeds =
        stream(
            subscription(
                profile(kind.id(), venue.port(), kind.tradesMode()),
                Set.of(Channel.TRADES),
                kind.symbols()));
    await().atMost(LIMIT).until(() -> venue.subscriptions(kind.one()) >= 1);
    venue.trade(kind.one(), 3);
    venue.damageNext(
        kind.one(), message -> message.replaceAll("[0-9]+\\.[0-9]+(?=[\",}])", TOO_FINE));
    venue.trade(kind.one(), 1);
    venue.trade(kind.one(), 3);

    List<VenueTrade> truth = venue.truth(kind.one());
    await()
        .atMost(LIMIT)
        .until(
            () ->
                recorder.trades(kind.oneKey()).stream()
                    .anyMatch(trade -> trade.text().equals(truth.get(6).id())));
    await().atMost(LIMIT).until(() -> !recorder.statuses(Status.LOST).isEmpty());
    assertThat(recorder.statuses(Status.LOST))
        .singleElement()
        .satisfies(
            lost -> {
              assertThat(lost.stream().instrument().key()).isEqualTo(kind.oneKey());
              assertThat(lost.fromId()).isEqualTo(truth.get(3).id());
              assertThat(lost.toId()).isEqualTo(truth.get(3).id());
              assertThat(lost.lostCount()).isEqualTo(1);
              assertThat(lost.reason()).contains(TOO_FINE, "decimal.mode=string");
            });
    assertThat(delivered(kind)).hasSize(truth.size() - 1).doesNotContain(truth.get(3).number());
    assertThat(feeds.counters().lostTrades().sum()).isEqualTo(1);
    assertThat(feeds.counters().missingTrades().sum()).isEqualTo(1);
    assertThat(recorder.statuses(Status.DISCONNECTED)).isEmpty();
    assertThat(fatal).isEmpty();
  }

  private List<Long> delivered(TradeExchange kind) {
    return recorder.trades(kind.oneKey()).stream()
        .flatMapToLong(
            trade ->
                kind.joinsFills()
                    ? LongStream.rangeClosed(trade.first(), trade.id())
                    : LongStream.of(trade.id()))
        .boxed()
        .toList();
  }
}
