package io.cryptofeed.connect.feed.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.MarketRecorder;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.TestFeedServices;
import io.cryptofeed.connect.feed.streams.StreamState.Trouble;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.record.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamStateTest {

  private final ProxyInjector injector = new ProxyInjector(ProxySettings.disabled());
  private final MarketRecorder recorder = new MarketRecorder();
  private final StreamState stream =
      new StreamState(
          Events.trades(Events.BTC),
          new StreamLiveness(Duration.ZERO, Duration.ofSeconds(60), false),
          new FeedReports(
              "binance", TestFeedServices.of(injector, recorder), new MessageWarnings("binance")));

  private static long seconds(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1)) + 1;
  }

  private List<Status> reported() {
    List<Status> all = new ArrayList<>();
    for (Status status : Status.values()) {
      for (FeedStatus ignored : recorder.statuses(status)) {
        all.add(status);
      }
    }
    return all;
  }

  @BeforeEach
  void subscribe() {
    stream.liveness().onSubscribe(0);
    stream.onData(1);
    assertThat(reported()).containsExactly(Status.CONNECTED);
  }

  @AfterEach
  void close() {
    injector.close();
  }

  @Test
  void is_stale_once_until_data_arrives() {
    stream.stale(Trouble.SILENT, "no data");
    stream.stale(Trouble.SILENT, "no data");
    assertThat(reported()).containsExactly(Status.CONNECTED, Status.STALE);
    assertThat(stream.isWell()).isFalse();

    stream.onData(seconds(5));
    stream.onData(seconds(6));

    assertThat(reported()).containsExactly(Status.CONNECTED, Status.STALE, Status.LIVE);
    assertThat(stream.isWell()).isTrue();
  }

  @Test
  void a_book_without_a_snapshot_is_not_live_because_deltas_arrive() {
    stream.stale(Trouble.NO_BOOK, "the book is not valid");
    stream.stale(Trouble.SILENT, "no data");
    stream.onData(seconds(5));
    assertThat(recorder.statuses(Status.LIVE)).isEmpty();

    stream.end(Trouble.NO_BOOK);

    assertThat(recorder.statuses(Status.STALE)).hasSize(2);
    assertThat(recorder.statuses(Status.LIVE)).hasSize(1);
  }

  @Test
  void unreadable_messages_are_reported_when_they_last_ten_seconds() {
    for (int tenth = 0; tenth <= 100; tenth++) {
      assertThat(recorder.statuses(Status.STALE)).isEmpty();
      stream.onUnreadable("'x' is not a number", seconds(100 + tenth / 10.0));
    }

    assertThat(recorder.statuses(Status.STALE))
        .singleElement()
        .satisfies(
            status ->
                assertThat(status.reason())
                    .isEqualTo("its messages cannot be read, for example: 'x' is not a number"));

    stream.onData(seconds(200));
    assertThat(recorder.statuses(Status.LIVE)).hasSize(1);
  }

  @Test
  void unreadable_messages_between_good_ones_are_not_reported() {
    for (int second = 0; second < 100; second++) {
      stream.onUnreadable("bad", seconds(second));
      stream.onData(seconds(second + 0.5));
    }

    assertThat(reported()).containsExactly(Status.CONNECTED);
  }

  @Test
  void the_history_is_asked_at_once_and_then_every_ten_seconds() {
    List<Integer> asked = new ArrayList<>();
    for (int second = 0; second < 35; second++) {
      stream.onUnreadable("bad", seconds(second));
      if (stream.isCheckDue(seconds(second))) {
        asked.add(second);
      }
    }

    assertThat(asked).containsExactly(0, 10, 20, 30);
  }

  @Test
  void is_retried_at_growing_intervals() {
    List<Integer> retried = new ArrayList<>();
    for (int second = 0; second < 2_000; second++) {
      if (stream.isRetryDue(seconds(second))) {
        retried.add(second);
      }
    }
    assertThat(retried).containsExactly(0, 15, 45, 105, 225, 465, 945, 1_545);

    stream.onData(seconds(2_000));
    assertThat(stream.failures()).isZero();
    assertThat(stream.isRetryDue(seconds(2_001))).isTrue();
  }

  @Test
  void a_rejected_stream_is_stale_and_waits_longer_each_time() {
    assertThat(stream.refused("rejected")).isEqualTo(TimeUnit.SECONDS.toNanos(60));
    assertThat(stream.refused("rejected")).isEqualTo(TimeUnit.SECONDS.toNanos(120));
    for (int i = 0; i < 20; i++) {
      assertThat(stream.refused("rejected")).isLessThanOrEqualTo(TimeUnit.MINUTES.toNanos(10));
    }
    assertThat(recorder.statuses(Status.STALE)).hasSize(1);
  }

  @Test
  void a_disconnect_ends_what_was_stale() {
    stream.stale(Trouble.SILENT, "no data");
    stream.disconnected("the connection was lost");
    stream.connected();
    stream.onData(seconds(5));

    assertThat(recorder.statuses(Status.LIVE)).isEmpty();
    assertThat(recorder.statuses(Status.CONNECTED)).hasSize(2);
  }
}
