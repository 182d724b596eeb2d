package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.task.Feeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two instruments share the connections of an exchange, and one of them has a fault. The other gets
 * the same trades as without it, live and on the same connection; of the faulty one nothing is lost
 * silently.
 */
class BlastRadiusTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path profiles;

  /** What is wrong with one message. */
  private enum Damage {
    TRUNCATED(message -> message.substring(0, message.length() / 2)),
    ANOTHER_FORMAT(message -> "<html>maintenance</html>"),
    EMPTY_OBJECT(message -> "{}"),
    ODD_NUMBERS(message -> message.replaceAll("[0-9]+\\.[0-9]+", "0.-10000")),
    NEGATIVE_NUMBERS(message -> message.replaceAll("([0-9]+\\.[0-9]+)", "-$1")),
    NULL_NUMBERS(message -> message.replaceAll("\"?[0-9]+\\.[0-9]+\"?", "null")),
    UNKNOWN_SIDE(message -> message.replaceAll("\"(buy|sell|Buy|Sell|BUY|SELL)\"", "\"hold\"")),
    NO_SIDE(
        message ->
            message
                .replaceAll("\"(buy|sell|Buy|Sell|BUY|SELL)\"", "null")
                .replaceAll("\"m\":(true|false)", "\"m\":null"));

    private final UnaryOperator<String> change;

    Damage(UnaryOperator<String> change) {
      this.change = change;
    }
  }

  @AfterEach
  void nothingIsFatal() {
    assertThat(fatal).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_malformed_message_costs_no_other_stream(TradeExchange kind) {
    TradeVenue venue = closeLater(TradeVenue.start(kind, 7));
    Feeds feeds =
        stream(
            subscription(
                profile(kind.id(), venue.port(), kind.tradesMode()),
                Set.of(Channel.TRADES),
                kind.symbols()));
    awaitSubscriptions(venue);
    long connections = feeds.counters().connections().sum();
    venue.trade(kind.one(), 10);
    venue.trade(kind.other(), 10);
    for (Damage damage : Damage.values()) {
      venue.damageNext(kind.one(), damage.change);
      venue.trade(kind.one(), 1);
      venue.trade(kind.other(), 5);
      venue.trade(kind.one(), 5);
    }
    venue.trade(kind.other(), 5);

    assertArrived(venue, kind.one(), kind.oneKey());
    assertArrived(venue, kind.other(), kind.otherKey());
    await().atMost(LIMIT).untilAsserted(() -> assertComplete(venue, kind.one(), kind.oneKey()));
    assertComplete(venue, kind.other(), kind.otherKey());
    assertThat(recorder.trades(kind.otherKey()))
        .extracting(MarketRecorder.SeenTrade::origin)
        .doesNotContain(Origin.BACKFILL);
    assertThat(feeds.counters().connections().sum()).isEqualTo(connections);
    assertThat(recorder.statuses(Status.DISCONNECTED)).isEmpty();
    assertThat(feeds.counters().malformed().sum()).isPositive();
  }

  /** Not Coinbase: its heartbeats say that a silent stream is alive. */
  @ParameterizedTest
  @EnumSource(names = {"BINANCE", "KRAKEN", "OKX", "BACKPACK", "HTX"})
  void a_silent_stream_is_stale_and_retried_alone_until_it_is_live(TradeExchange kind)
      throws Exception {
    Files.writeString(
        profiles.resolve("own.yaml"),
        """
        venue: own
        extends: %s
        liveness: {stale_after: {trades: 1s}}
        """
            .formatted(kind.id()));
    TradeVenue venue = closeLater(TradeVenue.start(kind, 7));
    Feeds feeds =
        stream(
            subscription(
                Venues.withProfilesOf(profiles, Channels.BUILT_IN)
                    .open("own", at(venue.port(), kind.tradesMode(), null)),
                Set.of(Channel.TRADES),
                kind.symbols()));
    awaitSubscriptions(venue);
    String one = "own" + kind.oneKey().substring(kind.id().length());
    String other = "own" + kind.otherKey().substring(kind.id().length());
    venue.trade(kind.one(), 3);
    venue.trade(kind.other(), 3);
    assertArrived(venue, kind.one(), one);
    int subscribed = venue.subscriptions(kind.other());
    int before = venue.subscriptions(kind.one());

    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              venue.trade(kind.other(), 1);
              return venue.subscriptions(kind.one()) > before;
            });
    venue.trade(kind.one(), 3);

    assertArrived(venue, kind.one(), one);
    assertArrived(venue, kind.other(), other);
    await().atMost(LIMIT).until(() -> statuses(Status.LIVE, one).size() == 1);
    assertThat(statuses(Status.STALE, one)).hasSize(1);
    assertThat(statuses(Status.STALE, other)).isEmpty();
    assertThat(venue.subscriptions(kind.other())).isEqualTo(subscribed);
    assertComplete(venue, kind.other(), other);
    assertThat(feeds.counters().disconnects().sum()).isZero();
    assertThat(recorder.statuses(Status.DISCONNECTED)).isEmpty();
  }

  private List<FeedStatus> statuses(Status status, String key) {
    return recorder.statuses(status).stream()
        .filter(each -> each.stream().instrument().key().equals(key))
        .toList();
  }

  private static void awaitSubscriptions(TradeVenue venue) {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                venue.subscriptions(venue.exchange().one()) >= 1
                    && venue.subscriptions(venue.exchange().other()) >= 1);
  }

  /** The newest trade is delivered. */
  private void assertArrived(TradeVenue venue, String symbol, String key) {
    List<VenueTrade> truth = venue.truth(symbol);
    String newest = truth.get(truth.size() - 1).id();
    await()
        .atMost(LIMIT)
        .until(() -> recorder.trades(key).stream().anyMatch(trade -> trade.text().equals(newest)));
  }

  /** Each trade is delivered once; an aggregate delivers all that it joins. */
  private void assertComplete(TradeVenue venue, String symbol, String key) {
    List<Long> numbers =
        venue.exchange().joinsFills()
            ? recorder.trades(key).stream()
                .flatMapToLong(trade -> LongStream.rangeClosed(trade.first(), trade.id()))
                .boxed()
                .toList()
            : List.of();
    if (venue.exchange().joinsFills()) {
      assertThat(numbers)
          .containsExactlyInAnyOrderElementsOf(
              venue.truth(symbol).stream().map(VenueTrade::number).toList());
    } else {
      assertThat(recorder.trades(key))
          .extracting(MarketRecorder.SeenTrade::text)
          .containsExactlyInAnyOrderElementsOf(
              venue.truth(symbol).stream().map(VenueTrade::id).toList());
    }
  }
}
