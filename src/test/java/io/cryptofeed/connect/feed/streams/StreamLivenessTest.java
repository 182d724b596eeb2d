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
          true,
          ConnectionRules.DEFAULT_MESSAGE_ROWS);

  private final StreamLiveness book = new StreamLiveness(RULES, Channel.L2_BOOK);
  private final StreamLiveness trades = new StreamLiveness(RULES, Channel.TRADES);

  @Test
  void a_stream_that_is_not_subscribed_is_not_stale() {
    assertThat(book.staleReason(seconds(1_000))).isNull();
  }

  @Test
  void a_stream_without_a_confirmation_and_without_data_is_stale() {
    trades.onSubscribe(0);
    assertThat(trades.staleReason(seconds(15))).isNull();
    assertThat(trades.staleReason(seconds(15) + 1))
        .isEqualTo("the subscription was not confirmed within 15 s");
  }

  @Test
  void a_confirmed_stream_without_its_first_data_is_stale() {
    book.onSubscribe(0);
    book.onConfirmed();
    assertThat(book.staleReason(seconds(10))).isNull();
    assertThat(book.staleReason(seconds(11)))
        .isEqualTo("no data arrived within 10 s after the subscription");
  }

  @Test
  void a_halted_instrument_is_expected_to_be_silent_until_it_is_resumed() {
    book.onSubscribe(0);
    book.onConfirmed();
    book.onHalted();
    assertThat(book.staleReason(seconds(1_000))).isNull();

    book.onResumed(seconds(1_000));
    assertThat(book.staleReason(seconds(1_010))).isNull();
    assertThat(book.staleReason(seconds(1_011)))
        .isEqualTo("no data arrived within 10 s after the subscription");

    book.onData(seconds(1_011));
    book.onHalted();
    assertThat(book.staleReason(seconds(2_000))).isNull();
    book.onResumed(seconds(2_000));
    assertThat(book.staleReason(seconds(2_031))).isEqualTo("no data arrived for 30 s");
  }

  @Test
  void the_subscription_of_a_halted_instrument_has_to_be_confirmed() {
    trades.onSubscribe(0);
    trades.onHalted();
    assertThat(trades.staleReason(seconds(16)))
        .isEqualTo("the subscription was not confirmed within 15 s");
  }

  @Test
  void a_quiet_market_is_not_stale_if_the_venue_sends_no_snapshot() {
    trades.onSubscribe(0);
    trades.onConfirmed();
    assertThat(trades.staleReason(seconds(10_000))).isNull();
  }

  @Test
  void a_stream_that_is_silent_after_data_is_stale() {
    book.onSubscribe(0);
    book.onData(seconds(5));
    assertThat(book.staleReason(seconds(35))).isNull();
    assertThat(book.staleReason(seconds(36))).isEqualTo("no data arrived for 30 s");
  }

  @Test
  void a_heartbeat_keeps_a_silent_stream_alive_but_does_not_replace_its_first_data() {
    book.onSubscribe(0);
    book.onConfirmed();
    book.onHeartbeat(seconds(9));
    assertThat(book.staleReason(seconds(11))).isNotNull();

    book.onData(seconds(12));
    book.onHeartbeat(seconds(40));
    assertThat(book.staleReason(seconds(60))).isNull();
  }

  @Test
  void time_without_reading_is_not_counted_as_silence() {
    book.onSubscribe(0);
    book.onData(0);
    book.onReadingResumed(seconds(100));
    assertThat(book.staleReason(seconds(101))).isNull();
  }

  @Test
  void reports_the_first_message_of_each_subscription() {
    book.onSubscribe(0);
    assertThat(book.onConfirmed()).isTrue();
    assertThat(book.onData(1)).isFalse();
    book.onDisconnected();
    book.onSubscribe(2);
    assertThat(book.onData(3)).isTrue();
    assertThat(book.onConfirmed()).isFalse();
  }

  private static long seconds(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
