package io.cryptofeed.connect.proxy.monitor;

import static io.cryptofeed.connect.proxy.monitor.Scene.EGRESS;
import static io.cryptofeed.connect.proxy.monitor.Scene.EU;
import static io.cryptofeed.connect.proxy.monitor.Scene.TARGET;
import static io.cryptofeed.connect.proxy.settings.Transport.REST;
import static io.cryptofeed.connect.proxy.settings.Transport.WEBSOCKET;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Step;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which changes of state the log tells, and how often. */
class StateLogTest {

  private final LogLines log = LogLines.of(ProxyMonitor.class.getName());
  private final Scene scene = Scene.of();
  private final ProxyMonitor monitor = scene.monitor;

  @AfterEach
  void stopListening() {
    log.close();
  }

  @Test
  void says_nothing_while_connections_come_and_go() {
    scene.connect(EU);
    scene.fail(EU);
    scene.close(EU);
    monitor.answered("binance", REST, EU, 200, Duration.ofMillis(4));
    monitor.roundTrip("binance", EU, Duration.ofMillis(4));
    monitor.selected("eu", "latency", false);
    monitor.probed("eu", EGRESS, true, Duration.ofMillis(4), "tunnel is open");
    monitor.managerRefreshed("eu", 3, null);

    assertThat(log.all()).isEmpty();
  }

  @Test
  void says_when_a_proxy_goes_down_and_comes_back() {
    monitor.healthChanged("eu", EGRESS, false, "3 probes failed");
    monitor.healthChanged("eu", EGRESS, true, "2 probes went well");

    assertThat(log.all())
        .containsExactly(
            "WARN pool=eu proxy=socks5://proxy-1:1080 is no longer healthy: 3 probes failed",
            "INFO pool=eu proxy=socks5://proxy-1:1080 is healthy again: 2 probes went well");
  }

  @Test
  void says_how_a_circuit_changes() {
    monitor.circuitChanged("eu", EGRESS, Circuit.OPEN, Duration.ofSeconds(10));
    monitor.circuitChanged("eu", EGRESS, Circuit.HALF_OPEN, Duration.ZERO);
    monitor.circuitChanged("eu", EGRESS, Circuit.CLOSED, Duration.ZERO);

    assertThat(log.all())
        .containsExactly(
            "WARN pool=eu proxy=socks5://proxy-1:1080 circuit open: not used for 10000 ms",
            "INFO pool=eu proxy=socks5://proxy-1:1080 circuit half open: on trial",
            "INFO pool=eu proxy=socks5://proxy-1:1080 circuit closed: used again");
  }

  @Test
  void says_for_how_long_a_proxy_cools_down() {
    monitor.coolingDown("eu", EGRESS, "binance", 429, Duration.ofSeconds(60), false);
    monitor.coolingDown("eu", EGRESS, "binance", 403, Duration.ofSeconds(60), true);

    assertThat(log.all())
        .containsExactly(
            "WARN exchange=binance pool=eu proxy=socks5://proxy-1:1080 was answered 429: not used"
                + " for this exchange for 60000 ms",
            "WARN exchange=binance pool=eu proxy=socks5://proxy-1:1080 was answered 403: not used"
                + " for this exchange for 60000 ms, another is taken");
  }

  @Test
  void tells_the_first_failover_at_once_and_the_others_a_minute_later() {
    for (int i = 0; i < 4; i++) {
      monitor.failover("binance", WEBSOCKET, EU, "cannot reach it");
    }
    scene.pass(Duration.ofSeconds(59));
    monitor.check();
    assertThat(log.all())
        .containsExactly(
            "WARN exchange=binance transport=websocket route=pool:eu proxy=socks5://proxy-1:1080"
                + " failed, another is tried: cannot reach it");
    scene.pass(Duration.ofSeconds(1));
    monitor.check();

    assertThat(log.all())
        .hasSize(2)
        .last()
        .isEqualTo(
            "WARN exchange=binance transport=websocket route=pool:eu proxy=socks5://proxy-1:1080"
                + " failed 3 more times, and others were tried");
  }

  @Test
  void tells_a_failover_at_once_again_after_a_quiet_minute() {
    monitor.failover("binance", WEBSOCKET, EU, "first");
    scene.pass(Duration.ofMinutes(1));
    monitor.check();
    monitor.failover("binance", WEBSOCKET, EU, "second");

    assertThat(log.all())
        .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
        .containsExactly("first", "second");
  }

  @Test
  void warns_each_time_that_a_connection_goes_without_its_proxy() {
    monitor.directFallback("binance", WEBSOCKET, TARGET, "pool:eu", "all proxies failed");
    monitor.directFallback("binance", WEBSOCKET, TARGET, "pool:eu", "all proxies failed");

    assertThat(log.all())
        .hasSize(2)
        .containsOnly(
            "WARN FALLBACK DIRECT binance websocket: the connection to stream.binance.com:443 goes"
                + " without a proxy, which proxy.fallback=direct allows, and its host name is"
                + " resolved by the worker: all proxies failed");
  }

  @Test
  void warns_once_for_each_exchange_and_transport_without_a_route() {
    monitor.unmatched("binance", REST, TARGET);
    monitor.unmatched("binance", REST, TARGET);
    monitor.unmatched("binance", WEBSOCKET, TARGET);

    assertThat(log.all())
        .containsExactly(
            "WARN exchange=binance transport=rest has no route and goes without a proxy, which"
                + " proxy.unmatched=direct allows; set proxy.exchanges.binance.rest.url, or write"
                + " 'direct' there",
            "WARN exchange=binance transport=websocket has no route and goes without a proxy, which"
                + " proxy.unmatched=direct allows; set proxy.exchanges.binance.websocket.url, or"
                + " write 'direct' there");
  }

  @Test
  void says_when_a_panic_begins_and_ends() {
    monitor.selected("eu", "latency", true);
    monitor.selected("eu", "latency", true);
    monitor.selected("us", "latency", false);
    monitor.selected("eu", "latency", false);
    monitor.selected("eu", "latency", false);

    assertThat(log.all())
        .containsExactly(
            "WARN pool=eu too few proxies are healthy: all are used, healthy or not",
            "INFO pool=eu enough proxies are healthy again: the others are left out");
  }

  @Test
  void says_once_that_a_manager_fails_and_how_often_when_it_answers_again() {
    monitor.managerRefreshed("eu", 0, "no answer within 5000 ms");
    monitor.managerRefreshed("eu", 0, "no answer within 5000 ms");
    monitor.managerRefreshed("eu", 3, null);
    monitor.managerRefreshed("eu", 3, null);

    assertThat(log.all())
        .containsExactly(
            "WARN pool=eu the manager has no proxies to offer, the last known ones stay: no answer"
                + " within 5000 ms",
            "INFO pool=eu the manager responds again after 2 failures: 3 proxies");
  }

  @Test
  void says_how_the_members_of_a_pool_change() {
    monitor.membersChanged("eu", 2, 1, 5);

    assertThat(log.all()).containsExactly("INFO pool=eu has 5 proxies now: 2 added, 1 draining");
  }

  @Test
  void says_once_a_minute_which_key_is_not_pinned() {
    monitor.pinMismatch("proxy-1");
    monitor.pinMismatch("proxy-1");
    scene.pass(Duration.ofMinutes(1));
    monitor.check();

    assertThat(log.all())
        .containsExactly(
            "WARN host=proxy-1 showed a key that is not pinned, and is not spoken to; if its key"
                + " has been changed on purpose, change the pins in proxy.tls.pins or"
                + " proxy.pins.proxy-1",
            "WARN host=proxy-1 showed a key that is not pinned 1 more times");
  }

  @Test
  void has_a_line_for_every_step_of_a_connection_when_that_is_wanted() {
    Scene detailed = Scene.detailed();
    detailed.monitor.connected(
        "binance",
        WEBSOCKET,
        TARGET,
        EU,
        Map.of(Step.TUNNEL, Duration.ofMillis(30), Step.DNS, Duration.ofNanos(1_240_000)));
    detailed.fail(EU);
    detailed.close(EU);
    detailed.monitor.probed("eu", EGRESS, false, Duration.ofMillis(4), "refused");

    assertThat(log.all())
        .containsExactly(
            "INFO exchange=binance transport=websocket proxy=socks5://proxy-1:1080 opened a"
                + " connection to stream.binance.com:443: dns_ms=1.2 tunnel_ms=30",
            "INFO exchange=binance transport=websocket proxy=socks5://proxy-1:1080"
                + " class=proxy_down no connection to stream.binance.com:443: cannot reach proxy",
            "INFO exchange=binance transport=websocket proxy=socks5://proxy-1:1080 the connection"
                + " to stream.binance.com:443 is closed after 90000 ms",
            "INFO pool=eu proxy=socks5://proxy-1:1080 probe failed after 4 ms: refused");
  }

  @Test
  void keeps_the_words_of_others_on_one_line() {
    monitor.healthChanged("eu", EGRESS, false, "HTTP 502\r\nERROR all is lost");

    assertThat(log.all())
        .singleElement()
        .asString()
        .endsWith(": HTTP 502\\u000d\\u000aERROR all is lost");
  }
}
