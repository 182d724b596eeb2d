package io.cryptofeed.connect.feed.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.ConnectionRules.RateRule;
import io.cryptofeed.connect.market.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamLivenessTest {

  private static final RateRule ANY = new RateRule(1, Duration.ofSeconds(1));
  private static final ConnectionRules RULES =
      new ConnectionRules(
          10,
          ANY,
          ANY,
          ANY,
          Duration.ZERO,
          Duration.ZERO,
          null,
          Duration.ZERO,
          Map.of(Channel.L2_BOOK, Duration.ofSeconds(10)),
          Map.of(Channel.L2_BOOK, Duration.ofSeconds(30)),
          false,
          true);

  private final StreamLiveness book = new StreamLiveness(RULES, Channel.L2_BOOK);
  private final StreamLiveness trades = new StreamLiveness(RULES, Channel.TRADES);

  @Test
  void nothing_is_wrong_with_a_stream_that_was_not_asked_for() {
    assertThat(book.complaint(seconds(1_000))).isNull();
  }

  @Test
  void complains_when_neither_a_confirmation_nor_data_comes() {
    trades.subscribed(0);
    assertThat(trades.complaint(seconds(15))).isNull();
    assertThat(trades.complaint(seconds(15) + 1))
        .isEqualTo("the subscription was not confirmed within 15 s");
  }

  @Test
  void complains_when_a_confirmed_stream_never_serves() {
    book.subscribed(0);
    book.confirmed();
    assertThat(book.complaint(seconds(10))).isNull();
    assertThat(book.complaint(seconds(11))).isEqualTo("no data came within 10 s of subscribing");
  }

  @Test
  void a_quiet_market_is_no_fault_where_the_venue_replays_nothing() {
    trades.subscribed(0);
    trades.confirmed();
    assertThat(trades.complaint(seconds(10_000))).isNull();
  }

  @Test
  void complains_of_silence_after_data() {
    book.subscribed(0);
    book.alive(seconds(5));
    assertThat(book.complaint(seconds(35))).isNull();
    assertThat(book.complaint(seconds(36))).isEqualTo("no data came for 30 s");
  }

  @Test
  void a_heartbeat_keeps_a_silent_stream_but_does_not_stand_for_its_first_data() {
    book.subscribed(0);
    book.confirmed();
    book.heartbeat(seconds(9));
    assertThat(book.complaint(seconds(11))).isNotNull();

    book.alive(seconds(12));
    book.heartbeat(seconds(40));
    assertThat(book.complaint(seconds(60))).isNull();
  }

  @Test
  void time_without_reading_does_not_count() {
    book.subscribed(0);
    book.alive(0);
    book.excuse(seconds(100));
    assertThat(book.complaint(seconds(101))).isNull();
  }

  @Test
  void tells_the_first_sign_of_life_of_each_subscription() {
    book.subscribed(0);
    assertThat(book.confirmed()).isTrue();
    assertThat(book.alive(1)).isFalse();
    book.disconnected();
    book.subscribed(2);
    assertThat(book.alive(3)).isTrue();
    assertThat(book.confirmed()).isFalse();
  }

  private static long seconds(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
