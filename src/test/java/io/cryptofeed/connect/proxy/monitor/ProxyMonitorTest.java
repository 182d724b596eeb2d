package io.cryptofeed.connect.proxy.monitor;

import static io.cryptofeed.connect.proxy.monitor.Scene.DIRECT;
import static io.cryptofeed.connect.proxy.monitor.Scene.EGRESS;
import static io.cryptofeed.connect.proxy.monitor.Scene.EU;
import static io.cryptofeed.connect.proxy.monitor.Scene.TARGET;
import static io.cryptofeed.connect.proxy.monitor.Scene.member;
import static io.cryptofeed.connect.proxy.settings.Transport.REST;
import static io.cryptofeed.connect.proxy.settings.Transport.WEBSOCKET;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.metrics.PrometheusPage;
import io.cryptofeed.connect.metrics.PrometheusPage.Line;
import io.cryptofeed.connect.metrics.PrometheusText;
import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.proxy.pool.MemberState;
import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.pool.MemberState.OfExchange;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Step;
import io.cryptofeed.connect.proxy.pool.TestMembers;
import io.cryptofeed.connect.proxy.settings.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which numbers change when something happens in the proxy layer. */
class ProxyMonitorTest {

  /** The labels of a connection. */
  private static final String LABELS =
      "exchange=\"binance\",transport=\"websocket\",pool=\"eu\",endpoint=\"" + EGRESS + "\"";

  private static final String OF_MEMBER = "{pool=\"eu\",endpoint=\"" + EGRESS + "\"";

  private final Scene scene = Scene.of();
  private final ProxyMonitor monitor = scene.monitor;

  @Test
  void counts_an_open_connection_and_the_time_of_each_step() {
    Map<Step, Duration> steps =
        Map.of(
            Step.DNS, Duration.ofMillis(1),
            Step.TCP, Duration.ofMillis(20),
            Step.PROXY_TLS, Duration.ofMillis(30),
            Step.TUNNEL, Duration.ofMillis(199));

    assertThat(scene.changes(() -> monitor.connected("binance", WEBSOCKET, TARGET, EU, steps)))
        .containsOnly(
            Map.entry("proxy_connect_total{" + LABELS + ",result=\"success\",class=\"none\"}", 1.0),
            Map.entry("proxy_active_connections{" + LABELS + "}", 1.0),
            Map.entry("proxy_tunnel_seconds_count{" + LABELS + "}", 1.0),
            Map.entry("proxy_tunnel_seconds_sum{" + LABELS + "}", 0.25),
            Map.entry("proxy_connect_seconds_count{" + LABELS + ",stage=\"dns\"}", 1.0),
            Map.entry("proxy_connect_seconds_sum{" + LABELS + ",stage=\"dns\"}", 0.001),
            Map.entry("proxy_connect_seconds_count{" + LABELS + ",stage=\"tcp\"}", 1.0),
            Map.entry("proxy_connect_seconds_sum{" + LABELS + ",stage=\"tcp\"}", 0.02),
            Map.entry("proxy_connect_seconds_count{" + LABELS + ",stage=\"tls\"}", 1.0),
            Map.entry("proxy_connect_seconds_sum{" + LABELS + ",stage=\"tls\"}", 0.03),
            Map.entry("proxy_connect_seconds_count{" + LABELS + ",stage=\"tunnel\"}", 1.0),
            Map.entry("proxy_connect_seconds_sum{" + LABELS + ",stage=\"tunnel\"}", 0.199));
  }

  @Test
  void counts_a_failed_attempt_by_who_is_to_blame() {
    assertThat(scene.changes(() -> scene.fail(EU)))
        .containsOnly(
            Map.entry(
                "proxy_connect_total{" + LABELS + ",result=\"failure\",class=\"proxy_down\"}",
                1.0));
  }

  @Test
  void counts_the_bytes_of_a_connection_that_is_closed() {
    scene.connect(EU);

    assertThat(scene.changes(() -> scene.close(EU)))
        .containsOnly(
            Map.entry("proxy_active_connections{" + LABELS + "}", -1.0),
            Map.entry("proxy_bytes_total{" + LABELS + ",direction=\"read\"}", 2000.0),
            Map.entry("proxy_bytes_total{" + LABELS + ",direction=\"written\"}", 300.0));
  }

  @Test
  void shows_a_route_without_a_pool_with_an_empty_label() {
    scene.connect(DIRECT);

    assertThat(scene.numbers())
        .containsEntry(
            "proxy_active_connections{exchange=\"binance\",transport=\"websocket\",pool=\"\","
                + "endpoint=\"direct\"}",
            1.0);
  }

  @Test
  void counts_a_refused_connection() {
    assertThat(
            scene.changes(
                () -> monitor.refused("okx", REST, "www.okx.com:443", "none", "no route")))
        .containsOnly(Map.entry("proxy_refused_total{exchange=\"okx\",transport=\"rest\"}", 1.0));
  }

  @Test
  void counts_a_failover_at_the_proxy_that_failed() {
    assertThat(scene.changes(() -> monitor.failover("binance", WEBSOCKET, EU, "it is down")))
        .containsOnly(Map.entry("proxy_failover_total{" + LABELS + "}", 1.0));
  }

  @Test
  void counts_a_connection_that_goes_without_its_proxy() {
    assertThat(
            scene.changes(
                () -> monitor.directFallback("binance", WEBSOCKET, TARGET, "pool:eu", "all down")))
        .containsOnly(
            Map.entry(
                "proxy_direct_fallback_total{exchange=\"binance\",transport=\"websocket\"}", 1.0));
  }

  @Test
  void counts_a_connection_without_a_route() {
    assertThat(scene.changes(() -> monitor.unmatched("binance", REST, TARGET)))
        .containsOnly(
            Map.entry("proxy_unmatched_total{exchange=\"binance\",transport=\"rest\"}", 1.0));
  }

  @Test
  void counts_the_answer_to_a_request_and_its_time() {
    String labels = "exchange=\"binance\",transport=\"rest\",pool=\"eu\",endpoint=\"" + EGRESS;
    String ofRequest = "exchange=\"binance\",pool=\"eu\",endpoint=\"" + EGRESS + "\"";

    assertThat(
            scene.changes(() -> monitor.answered("binance", REST, EU, 429, Duration.ofMillis(45))))
        .containsOnly(
            Map.entry("proxy_http_status_total{" + labels + "\",status=\"429\"}", 1.0),
            Map.entry("proxy_request_seconds_count{" + ofRequest + "}", 1.0),
            Map.entry("proxy_request_seconds_sum{" + ofRequest + "}", 0.045));
  }

  @Test
  void counts_the_answer_to_a_handshake_as_no_request() {
    assertThat(
            scene.changes(
                () -> monitor.answered("binance", WEBSOCKET, EU, 101, Duration.ofMillis(45))))
        .containsOnly(Map.entry("proxy_http_status_total{" + LABELS + ",status=\"101\"}", 1.0));
  }

  @Test
  void counts_numbers_that_are_no_status_in_one_series() {
    monitor.answered("binance", WEBSOCKET, EU, 9999, Duration.ZERO);
    monitor.answered("binance", WEBSOCKET, EU, -1, Duration.ZERO);

    assertThat(scene.numbers())
        .containsEntry("proxy_http_status_total{" + LABELS + ",status=\"other\"}", 2.0);
  }

  @Test
  void counts_the_round_trip_of_a_ping() {
    String labels = "exchange=\"binance\",pool=\"eu\",endpoint=\"" + EGRESS + "\"";

    assertThat(scene.changes(() -> monitor.roundTrip("binance", EU, Duration.ofMillis(12))))
        .containsOnly(
            Map.entry("proxy_ws_rtt_seconds_count{" + labels + "}", 1.0),
            Map.entry("proxy_ws_rtt_seconds_sum{" + labels + "}", 0.012));
  }

  @Test
  void counts_a_choice() {
    assertThat(scene.changes(() -> monitor.selected("eu", "round_robin", false)))
        .containsOnly(
            Map.entry("proxy_selection_total{pool=\"eu\",strategy=\"round_robin\"}", 1.0));
  }

  @Test
  void counts_a_choice_without_regard_to_health_as_panic_too() {
    assertThat(scene.changes(() -> monitor.selected("eu", "latency", true)))
        .containsOnly(
            Map.entry("proxy_selection_total{pool=\"eu\",strategy=\"latency\"}", 1.0),
            Map.entry("proxy_panic_total{pool=\"eu\"}", 1.0));
  }

  @Test
  void counts_a_proxy_that_is_found_down_as_ejected() {
    assertThat(scene.changes(() -> monitor.healthChanged("eu", EGRESS, false, "3 probes failed")))
        .containsOnly(Map.entry("proxy_ejections_total" + OF_MEMBER + ",reason=\"health\"}", 1.0));
  }

  @Test
  void counts_an_open_circuit_as_an_ejection() {
    assertThat(
            scene.changes(
                () -> monitor.circuitChanged("eu", EGRESS, Circuit.OPEN, Duration.ofSeconds(10))))
        .containsOnly(Map.entry("proxy_ejections_total" + OF_MEMBER + ",reason=\"circuit\"}", 1.0));
  }

  @Test
  void counts_a_cooldown_as_an_ejection() {
    assertThat(
            scene.changes(
                () ->
                    monitor.coolingDown(
                        "eu", EGRESS, "binance", 429, Duration.ofSeconds(60), false)))
        .containsOnly(
            Map.entry("proxy_ejections_total" + OF_MEMBER + ",reason=\"cooldown\"}", 1.0));
  }

  @Test
  void counts_no_ejection_when_a_proxy_comes_back() {
    assertThat(
            scene.changes(
                () -> {
                  monitor.healthChanged("eu", EGRESS, true, "2 probes went well");
                  monitor.circuitChanged("eu", EGRESS, Circuit.HALF_OPEN, Duration.ZERO);
                  monitor.circuitChanged("eu", EGRESS, Circuit.CLOSED, Duration.ZERO);
                }))
        .isEmpty();
  }

  @Test
  void counts_probes_by_their_result() {
    assertThat(
            scene.changes(
                () -> {
                  monitor.probed("eu", EGRESS, true, Duration.ofMillis(3), "tunnel is open");
                  monitor.probed("eu", EGRESS, false, Duration.ofMillis(3), "refused");
                  monitor.probed("eu", EGRESS, false, Duration.ofMillis(3), "refused");
                }))
        .containsOnly(
            Map.entry("proxy_health_checks_total" + OF_MEMBER + ",result=\"success\"}", 1.0),
            Map.entry("proxy_health_checks_total" + OF_MEMBER + ",result=\"failure\"}", 2.0));
  }

  @Test
  void counts_proxies_that_join_and_leave_a_pool() {
    assertThat(scene.changes(() -> monitor.membersChanged("eu", 2, 1, 5)))
        .containsOnly(
            Map.entry("proxy_member_changes_total{pool=\"eu\",change=\"added\"}", 2.0),
            Map.entry("proxy_member_changes_total{pool=\"eu\",change=\"drained\"}", 1.0));
  }

  @Test
  void shows_how_long_ago_the_manager_answered() {
    monitor.managerRefreshed("eu", 3, null);
    scene.pass(Duration.ofSeconds(30));
    monitor.managerRefreshed("eu", 0, "no answer");

    assertThat(scene.numbers())
        .containsOnly(
            Map.entry("proxy_manager_refresh_total{pool=\"eu\",result=\"success\"}", 1.0),
            Map.entry("proxy_manager_refresh_total{pool=\"eu\",result=\"failure\"}", 1.0),
            Map.entry("proxy_manager_age_seconds{pool=\"eu\"}", 30.0));
  }

  @Test
  void counts_a_key_that_is_not_pinned() {
    assertThat(scene.changes(() -> monitor.pinMismatch("proxy-1")))
        .containsOnly(Map.entry("proxy_pin_mismatch_total{host=\"proxy-1\"}", 1.0));
  }

  @Test
  void shows_the_route_of_an_exchange_and_the_source_that_won() {
    monitor.configured(
        "binance", REST, "pool:eu", new Source("proxy.default.rest.pool", "proxies.yaml"));

    assertThat(scene.numbers())
        .containsOnly(
            Map.entry(
                "proxy_config_info{exchange=\"binance\",transport=\"rest\",route=\"pool:eu\","
                    + "source=\"proxies.yaml\"}",
                1.0));
  }

  @Test
  void shows_how_a_proxy_that_is_well_is_doing() {
    scene.pool(
        "eu",
        new MemberState(
            TestMembers.of(EGRESS),
            true,
            Circuit.CLOSED,
            3,
            Duration.ofMillis(25).toNanos(),
            0.75,
            false,
            List.of()));

    assertThat(scene.numbers())
        .containsOnly(
            Map.entry("proxy_healthy" + OF_MEMBER + "}", 1.0),
            Map.entry("proxy_circuit_state" + OF_MEMBER + "}", 0.0),
            Map.entry("proxy_success_ratio" + OF_MEMBER + "}", 0.75),
            Map.entry("proxy_ewma_seconds" + OF_MEMBER + "}", 0.025),
            Map.entry("proxy_member_connections" + OF_MEMBER + "}", 3.0),
            Map.entry("proxy_pool_members{pool=\"eu\",state=\"healthy\"}", 1.0),
            Map.entry("proxy_pool_members{pool=\"eu\",state=\"unhealthy\"}", 0.0),
            Map.entry("proxy_pool_members{pool=\"eu\",state=\"draining\"}", 0.0));
  }

  @Test
  void shows_the_budgets_of_an_exchange_and_when_its_cooldown_ends() {
    scene.pool(
        "eu",
        member(EGRESS, new OfExchange("binance", Duration.ofSeconds(60).toNanos(), 429, 12, 4800)));
    String labels = "exchange=\"binance\",pool=\"eu\",endpoint=\"" + EGRESS + "\"";

    assertThat(scene.numbers())
        .containsEntry("proxy_connect_budget_used{" + labels + "}", 12.0)
        .containsEntry("proxy_weight_used{" + labels + "}", 4800.0)
        .containsEntry(
            "proxy_cooldown_until_seconds{" + labels + ",status=\"429\"}", 1_800_000_060.0);
  }

  @Test
  void shows_no_cooldown_where_there_is_none() {
    scene.pool("eu", member(EGRESS, new OfExchange("binance", 0, null, 1, 1)));

    assertThat(scene.numbers().keySet())
        .noneMatch(series -> series.startsWith("proxy_cooldown_until_seconds"));
  }

  @Test
  void shows_the_worst_of_members_that_differ_in_credentials_alone() {
    scene.pool(
        "eu",
        member("socks5://alice:one@proxy-1:1080", true, false, 2),
        member("socks5://bob:two@proxy-1:1080", false, false, 3));

    assertThat(scene.numbers())
        .containsEntry("proxy_healthy" + OF_MEMBER + "}", 0.0)
        .containsEntry("proxy_circuit_state" + OF_MEMBER + "}", 2.0)
        .containsEntry("proxy_success_ratio" + OF_MEMBER + "}", 0.25)
        .containsEntry("proxy_member_connections" + OF_MEMBER + "}", 5.0)
        .containsEntry("proxy_pool_members{pool=\"eu\",state=\"unhealthy\"}", 1.0);
  }

  @Test
  void shows_only_the_connections_of_a_proxy_that_drains() {
    scene.pool("eu", member(EGRESS, true, true, 1));

    assertThat(scene.numbers())
        .containsOnly(
            Map.entry("proxy_member_connections" + OF_MEMBER + "}", 1.0),
            Map.entry("proxy_pool_members{pool=\"eu\",state=\"healthy\"}", 0.0),
            Map.entry("proxy_pool_members{pool=\"eu\",state=\"unhealthy\"}", 0.0),
            Map.entry("proxy_pool_members{pool=\"eu\",state=\"draining\"}", 1.0));
  }

  @Test
  void forgets_every_number_of_a_proxy_that_has_left_its_pool() {
    scene.pool("eu", member(EGRESS));
    scene.connect(EU);
    scene.fail(EU);
    monitor.failover("binance", WEBSOCKET, EU, "it is down");
    monitor.answered("binance", REST, EU, 200, Duration.ofMillis(4));
    monitor.roundTrip("binance", EU, Duration.ofMillis(4));
    monitor.probed("eu", EGRESS, true, Duration.ofMillis(4), "well");
    monitor.healthChanged("eu", EGRESS, false, "not well");
    scene.close(EU);
    assertThat(endpoints()).containsExactly(EGRESS);

    scene.pool("eu", member("socks5://proxy-2:1080"));

    assertThat(endpoints()).containsExactly("socks5://proxy-2:1080");
  }

  @Test
  void forgets_what_has_left_when_the_members_change_though_nobody_looks() {
    scene.pool("eu", member(EGRESS));
    scene.fail(EU);
    scene.pool("eu", member("socks5://proxy-2:1080"));
    monitor.membersChanged("eu", 1, 1, 1);
    scene.pool("eu", member(EGRESS));

    assertThat(scene.numbers().keySet()).noneMatch(series -> series.startsWith("proxy_connect_"));
  }

  @Test
  void keeps_the_numbers_of_a_proxy_that_drains() {
    scene.connect(EU);
    scene.pool("eu", member(EGRESS, true, true, 1));

    assertThat(scene.numbers()).containsEntry("proxy_active_connections{" + LABELS + "}", 1.0);
  }

  @Test
  void does_not_forget_connections_that_are_open_still() {
    scene.connect(EU);
    scene.pool("eu", member("socks5://proxy-2:1080"));

    assertThat(scene.numbers()).containsEntry("proxy_active_connections{" + LABELS + "}", 1.0);
  }

  @Test
  void keeps_the_numbers_of_what_belongs_to_no_pool() {
    scene.pool("eu", member(EGRESS));
    scene.connect(DIRECT);

    assertThat(endpoints()).containsExactlyInAnyOrder(EGRESS, "direct");
  }

  @Test
  void shows_only_metrics_of_the_catalog_with_the_labels_it_names() {
    assertThat(everything().samples())
        .allSatisfy(
            sample -> {
              assertThat(MetricCatalog.all()).contains(sample.metric());
              assertThat(sample.labels().keySet())
                  .filteredOn(label -> !label.equals("le"))
                  .containsExactlyElementsOf(sample.metric().labels());
            });
  }

  @Test
  void shows_every_metric_of_the_catalog_in_the_end() {
    assertThat(everything().samples().stream().map(Sample::metric).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(MetricCatalog.all());
  }

  @Test
  void shows_the_samples_of_a_metric_together() {
    List<String> names =
        everything().samples().stream().map(sample -> sample.metric().name()).toList();

    assertThat(names).isSorted();
  }

  @Test
  void writes_for_prometheus_what_its_samples_are() {
    scene.pool("eu", member(EGRESS));
    scene.connect(EU);
    scene.fail(EU);
    monitor.roundTrip("binance", EU, Duration.ofMillis(12));
    List<Sample> samples = monitor.samples();
    PrometheusPage page = PrometheusPage.read(PrometheusText.of(samples));

    assertThat(page.values()).hasSameSizeAs(samples);
    assertThat(samples)
        .allSatisfy(
            sample ->
                assertThat(page.values())
                    .containsEntry(
                        new Line(sample.name(), new TreeMap<>(sample.labels())), sample.value()));
    assertThat(page.types())
        .containsEntry("proxy_connect_total", "counter")
        .containsEntry("proxy_healthy", "gauge")
        .containsEntry("proxy_ws_rtt_seconds", "histogram");
  }

  /** The monitor, after one of everything. */
  private ProxyMonitor everything() {
    scene.pool(
        "eu",
        new MemberState(
            TestMembers.of(EGRESS),
            true,
            Circuit.CLOSED,
            1,
            1,
            1,
            false,
            List.of(new OfExchange("binance", 1, 418, 1, 1))));
    scene.connect(EU);
    scene.close(EU);
    monitor.refused("okx", REST, TARGET, "none", "no route");
    monitor.answered("binance", REST, EU, 200, Duration.ofMillis(4));
    monitor.roundTrip("binance", EU, Duration.ofMillis(4));
    monitor.failover("binance", WEBSOCKET, EU, "it is down");
    monitor.directFallback("binance", WEBSOCKET, TARGET, "pool:eu", "all down");
    monitor.unmatched("binance", REST, TARGET);
    monitor.selected("eu", "random", true);
    monitor.selected("eu", "random", false);
    monitor.membersChanged("eu", 1, 0, 1);
    monitor.probed("eu", EGRESS, true, Duration.ofMillis(4), "well");
    monitor.healthChanged("eu", EGRESS, false, "not well");
    monitor.managerRefreshed("eu", 1, null);
    monitor.pinMismatch("proxy-1");
    monitor.configured("binance", REST, "pool:eu", new Source("proxy.default.rest.pool", "x"));
    return monitor;
  }

  private Set<String> endpoints() {
    return monitor.samples().stream()
        .map(sample -> sample.labels().getOrDefault("endpoint", ""))
        .filter(endpoint -> !endpoint.isEmpty())
        .collect(Collectors.toSet());
  }
}
