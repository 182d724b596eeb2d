package io.cryptofeed.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cryptofeed.connect.metrics.PrometheusPage;
import io.cryptofeed.connect.metrics.PrometheusPage.Line;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a task whose exchange cannot be reached. */
@Timeout(60)
class CryptofeedSourceTaskTest {

  private static final String THREADS = "cryptofeed-lifecycle-3";

  private final CryptofeedSourceTask task = new CryptofeedSourceTask();
  private Map<String, String> properties = Map.of();

  @BeforeEach
  void configureAnExchangeThatIsDown() throws IOException {
    int port = freePort();
    properties =
        Map.of(
            "name", "lifecycle",
            "exchanges", "binance",
            "symbols", "BTC-USDT",
            "channels", "trades,l2_book",
            "exchange.binance.websocket.url", "ws://127.0.0.1:" + port,
            "exchange.binance.rest.url", "http://127.0.0.1:" + port,
            "poll.timeout.ms", "50",
            "task.index", "3",
            "task.plan", "binance=BTC-USDT");
  }

  @AfterEach
  void stop() {
    task.stop();
  }

  @Test
  void starts_and_polls_while_the_exchange_is_down() throws Exception {
    start(TaskContext.of(properties));

    for (int i = 0; i < 5; i++) {
      List<SourceRecord> records = task.poll();
      assertThat(records == null || !records.isEmpty()).as("null, or some records").isTrue();
    }
  }

  @Test
  void leaves_no_thread_behind() throws Exception {
    start(TaskContext.of(properties));
    task.poll();
    Awaitility.await().until(() -> !ownThreads().isEmpty());

    task.stop();

    awaitNoThreads();
  }

  @Test
  void its_threads_are_daemons_with_the_class_loader_of_the_plugin() {
    ClassLoader plugin = new ClassLoader(getClass().getClassLoader()) {};
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(plugin);
    try {
      start(TaskContext.of(properties));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }

    Awaitility.await().until(() -> !ownThreads().isEmpty());
    assertThat(ownThreads())
        .allSatisfy(
            thread -> {
              assertThat(thread.isDaemon()).isTrue();
              assertThat(thread.getContextClassLoader()).isSameAs(plugin);
            });
  }

  @Test
  void stops_twice_and_without_having_been_started() {
    task.stop();
    start(TaskContext.of(properties));
    task.stop();
    task.stop();
    assertThatExceptionOfType(ConnectException.class).isThrownBy(task::poll);
  }

  @Test
  void starts_again_after_it_was_stopped() throws Exception {
    start(TaskContext.of(properties));
    task.stop();
    start(TaskContext.of(properties));
    task.poll();
  }

  @Test
  void stops_after_a_start_that_failed() {
    properties = with("task.plan", "kraken=BTC-USD");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> start(TaskContext.of(properties)))
        .withMessageContaining("kraken");
    task.stop();
    awaitNoThreads();
  }

  @Test
  void reports_what_to_install_for_an_exchange_served_by_ccxt() {
    properties =
        Map.of(
            "exchanges", "ccxt:bitrue",
            "symbols", "BTC-USDT",
            "channels", "trades",
            "exchange.bitrue.api.key", "canary",
            "poll.timeout.ms", "50",
            "task.plan", "bitrue=BTC-USDT");
    start(TaskContext.of(properties));

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(task::poll)
                    .withMessageContaining("bitrue")
                    .withMessageContaining("install the component kafka-connect-cryptofeed-ccxt")
                    .withMessageNotContaining("canary"));
  }

  @Test
  void shows_its_metrics_in_those_of_the_worker_and_removes_them() {
    TaskContext context = TaskContext.of(properties);
    start(context);

    assertThat(context.metrics())
        .containsEntry("records-total{channel=trades}", 0L)
        .containsEntry("records-total{channel=l2_book}", 0L)
        .containsKeys("queue-records{}", "queue-bytes{}", "malformed-messages-total{}")
        .containsEntry("reading-paused{}", 0L);

    task.stop();
    assertThat(context.metrics()).isEmpty();
  }

  @Test
  void stops_after_the_worker_has_removed_the_metrics() {
    TaskContext context = TaskContext.of(properties);
    start(context);
    context.closeMetrics();
    task.stop();
    awaitNoThreads();
  }

  @Test
  void shows_its_metrics_in_an_mbean_on_an_old_worker() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName bean = new ObjectName("io.cryptofeed:type=task,connector=\"lifecycle\",task=3");
    start(TaskContext.ofOldWorker(properties));

    assertThat(server.getAttribute(bean, "records-total-trades")).isEqualTo(0L);
    assertThat(server.getMBeanInfo(bean).getAttributes())
        .extracting(attribute -> attribute.getName())
        .contains("queue-records", "records-total-l2_book", "lost-trades-total");

    task.stop();
    assertThat(server.isRegistered(bean)).isFalse();
  }

  @Test
  void replaces_the_mbean_of_a_task_that_was_abandoned() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName bean = new ObjectName("io.cryptofeed:type=task,connector=\"lifecycle\",task=3");
    start(TaskContext.ofOldWorker(properties));
    CryptofeedSourceTask second = new CryptofeedSourceTask();
    second.initialize(TaskContext.ofOldWorker(properties));
    second.start(properties);

    assertThat(server.isRegistered(bean)).isTrue();
    second.stop();
    assertThat(server.isRegistered(bean)).isFalse();
  }

  @Test
  void serves_its_metrics_for_prometheus_without_proxies() throws Exception {
    int port = freePort();
    properties = with("metrics.prometheus.port", Integer.toString(port));
    start(TaskContext.of(properties));

    assertThat(PrometheusPage.read(metrics(port)).values())
        .containsEntry(
            new Line(
                "cryptofeed_records_total",
                Map.of("connector", "lifecycle", "task", "3", "channel", "trades")),
            0.0)
        .containsEntry(
            new Line("cryptofeed_reading_paused", Map.of("connector", "lifecycle", "task", "3")),
            0.0);

    task.stop();
    assertThatExceptionOfType(java.net.ConnectException.class).isThrownBy(() -> metrics(port));
  }

  @Test
  void fails_when_the_port_for_prometheus_is_in_use_and_leaves_nothing_behind() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      properties = with("metrics.prometheus.port", Integer.toString(other.getLocalPort()));
      TaskContext context = TaskContext.of(properties);

      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> start(context))
          .withMessageStartingWith(
              "metrics.prometheus.port: port "
                  + other.getLocalPort()
                  + " of 127.0.0.1 is in use by another program");
      assertThat(context.metrics()).isEmpty();
      awaitNoThreads();
    }
  }

  private static String metrics(int port) throws IOException {
    try (InputStream page =
        URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
      return new String(page.readAllBytes(), UTF_8);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return closedSoon.getLocalPort();
    }
  }

  private void start(TaskContext context) {
    task.initialize(context);
    task.start(properties);
  }

  private Map<String, String> with(String key, String value) {
    Map<String, String> changed = new HashMap<>(properties);
    changed.put(key, value);
    return changed;
  }

  /** A thread is still seen for a moment after the event loop has said that it is done. */
  private static void awaitNoThreads() {
    Awaitility.await().untilAsserted(() -> assertThat(ownThreads()).isEmpty());
  }

  private static List<Thread> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(THREADS))
        .toList();
  }
}
