package io.cryptofeed.connect.proxy.monitor;

import static io.cryptofeed.connect.proxy.monitor.Scene.DIRECT;
import static io.cryptofeed.connect.proxy.monitor.Scene.EU;
import static io.cryptofeed.connect.proxy.monitor.Scene.TARGET;
import static io.cryptofeed.connect.proxy.settings.Transport.WEBSOCKET;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a route that goes badly is an alert, and when that is over. */
class AlertsTest {

  private static final Duration SLOW = Duration.ofMillis(600);
  private static final Duration FAST = Duration.ofMillis(100);
  private static final String LATENCY =
      "proxy_alert_active{exchange=\"binance\",transport=\"websocket\",route=\"pool:eu\","
          + "kind=\"latency\"}";
  private static final String SUCCESS_RATE = LATENCY.replace("latency", "success_rate");

  private final LogLines log = LogLines.of(ProxyMonitor.class.getName());
  private final Scene scene = Scene.of();

  @AfterEach
  void stopListening() {
    log.close();
  }

  private List<String> alerts() {
    return log.all().stream().filter(line -> line.contains(" alert=")).toList();
  }

  private void connect(int times, Duration took) {
    for (int i = 0; i < times; i++) {
      scene.connect(EU, took);
    }
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      scene.fail(EU);
    }
  }

  @Test
  void begins_when_connections_are_slow_to_open_on_average() {
    connect(1, FAST);
    connect(4, SLOW);
    assertThat(alerts()).isEmpty();
    connect(1, SLOW);

    assertThat(alerts())
        .containsExactly(
            "WARN exchange=binance transport=websocket route=pool:eu alert=latency begins:"
                + " opening a connection takes 516 ms on average, the limit is 500 ms");
    assertThat(scene.numbers()).containsEntry(LATENCY, 1.0).containsEntry(SUCCESS_RATE, 0.0);
  }

  @Test
  void is_over_when_connections_are_quick_to_open_again() {
    connect(3, SLOW);
    connect(1, FAST);

    assertThat(alerts())
        .hasSize(2)
        .last()
        .isEqualTo(
            "INFO exchange=binance transport=websocket route=pool:eu alert=latency is over:"
                + " opening a connection takes 475 ms on average, the limit is 500 ms");
    assertThat(scene.numbers()).containsEntry(LATENCY, 0.0);
  }

  @Test
  void does_not_judge_by_fewer_than_three_connections() {
    connect(2, SLOW);

    assertThat(alerts()).isEmpty();
  }

  @Test
  void begins_when_too_many_attempts_fail() {
    connect(4, FAST);
    fail(1);

    assertThat(alerts())
        .containsExactly(
            "WARN exchange=binance transport=websocket route=pool:eu alert=success_rate begins:"
                + " 4 of 5 attempts went well in the last five minutes, the limit is 95 %");
    assertThat(scene.numbers()).containsEntry(SUCCESS_RATE, 1.0).containsEntry(LATENCY, 0.0);
  }

  @Test
  void does_not_judge_by_fewer_than_five_attempts() {
    fail(4);

    assertThat(alerts()).isEmpty();
  }

  @Test
  void says_only_once_that_it_has_begun() {
    fail(20);

    assertThat(alerts()).hasSize(1);
  }

  @Test
  void is_over_when_nearly_all_attempts_go_well() {
    fail(1);
    connect(18, FAST);
    assertThat(alerts()).hasSize(1);
    connect(1, FAST);

    assertThat(alerts())
        .hasSize(2)
        .last()
        .isEqualTo(
            "INFO exchange=binance transport=websocket route=pool:eu alert=success_rate is over:"
                + " 19 of 20 attempts went well in the last five minutes, the limit is 95 %");
  }

  @Test
  void counts_a_refused_connection_as_a_failed_attempt_of_its_route() {
    for (int i = 0; i < 5; i++) {
      scene.monitor.refused("binance", WEBSOCKET, TARGET, "pool:eu", "no member may be used");
    }

    assertThat(scene.numbers()).containsEntry(SUCCESS_RATE, 1.0);
  }

  @Test
  void is_over_when_nothing_was_tried_for_five_minutes() {
    fail(5);
    scene.pass(Duration.ofMinutes(4));
    scene.monitor.check();
    assertThat(alerts()).hasSize(1);
    scene.pass(Duration.ofMinutes(1));
    scene.monitor.check();

    assertThat(alerts())
        .hasSize(2)
        .last()
        .isEqualTo(
            "INFO exchange=binance transport=websocket route=pool:eu alert=success_rate is over:"
                + " nothing was tried in the last five minutes");
  }

  @Test
  void forgets_what_is_older_than_five_minutes() {
    fail(4);
    scene.pass(Duration.ofMinutes(5));
    fail(4);
    assertThat(alerts()).isEmpty();
    fail(1);

    assertThat(alerts()).hasSize(1);
  }

  @Test
  void begins_again_after_it_was_over() {
    fail(5);
    scene.pass(Duration.ofMinutes(6));
    scene.monitor.check();
    fail(5);

    assertThat(alerts())
        .extracting(line -> line.substring(0, 4))
        .containsExactly("WARN", "INFO", "WARN");
  }

  @Test
  void does_not_mix_the_routes_of_an_exchange() {
    fail(4);
    for (int i = 0; i < 4; i++) {
      scene.fail(DIRECT);
    }

    assertThat(alerts()).isEmpty();
  }
}
