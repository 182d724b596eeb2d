package io.cryptofeed.connect.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.metrics.Metric;
import io.cryptofeed.connect.metrics.PrometheusAddress;
import io.cryptofeed.connect.metrics.PrometheusPage;
import io.cryptofeed.connect.metrics.PrometheusPage.Line;
import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.ops.PrometheusEndpoint.Source;
import io.cryptofeed.connect.proxy.monitor.LogLines;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The endpoint for Prometheus, over a real socket. */
class PrometheusEndpointTest {

  private static final Metric METRIC = Metric.gauge("depth", "How deep.", "pool");
  private static final Metric PROXIES = Metric.gauge("proxies", "How many.");

  private final Deque<PrometheusEndpoint> open = new ArrayDeque<>();
  private int port;

  @BeforeEach
  void findAPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void closeAll() {
    open.forEach(PrometheusEndpoint::close);
  }

  private PrometheusEndpoint open(String connector, double value) {
    return open("127.0.0.1", connector, () -> List.of(Sample.of(METRIC, value, "eu")));
  }

  private PrometheusEndpoint open(String host, String connector, Supplier<List<Sample>> samples) {
    return open(host, List.of(new Source(Map.of("connector", connector), samples)));
  }

  private PrometheusEndpoint open(String host, List<Source> sources) {
    PrometheusEndpoint endpoint = PrometheusEndpoint.open(address(host, port), sources);
    open.push(endpoint);
    return endpoint;
  }

  /** One task of the connector "trades", and the proxies that its tasks share. */
  private PrometheusEndpoint openTask(String task, double value, double ofProxies) {
    return open(
        "127.0.0.1",
        List.of(
            new Source(
                Map.of("connector", "trades", "task", task),
                () -> List.of(Sample.of(METRIC, value, "eu"))),
            new Source(
                Map.of("connector", "trades"), () -> List.of(Sample.of(PROXIES, ofProxies)))));
  }

  private static PrometheusAddress address(String host, int port) {
    return new PrometheusAddress(host, port, "metrics.prometheus.host", "metrics.prometheus.port");
  }

  /** The whole response. */
  private String ask(String method, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      socket
          .getOutputStream()
          .write(
              (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private Map<Line, Double> read() throws IOException {
    String answer = ask("GET", "/metrics");
    assertThat(answer).startsWith("HTTP/1.1 200 ");
    return PrometheusPage.read(answer.substring(answer.indexOf("\r\n\r\n") + 4)).values();
  }

  private static Line depth(String connector) {
    return new Line("depth", Map.of("connector", connector, "pool", "eu"));
  }

  @Test
  void shows_the_samples_of_a_connector_with_its_name() throws IOException {
    open("trades", 3);

    assertThat(read()).containsOnly(Map.entry(depth("trades"), 3.0));
  }

  @Test
  void states_the_format_of_the_text() throws IOException {
    open("trades", 3);

    assertThat(ask("GET", "/metrics"))
        .containsIgnoringCase("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
  }

  @Test
  void shows_two_connectors_at_one_port() throws IOException {
    open("trades", 3);
    open("books", 4);

    assertThat(read())
        .containsOnly(Map.entry(depth("trades"), 3.0), Map.entry(depth("books"), 4.0));
  }

  @Test
  void shows_two_connectors_at_one_port_by_two_names_of_the_host() throws IOException {
    open("trades", 3);
    open("localhost", "books", () -> List.of(Sample.of(METRIC, 4, "eu")));

    assertThat(read()).containsKeys(depth("trades"), depth("books"));
  }

  @Test
  void shows_each_task_of_a_connector_and_once_what_its_tasks_share() throws IOException {
    PrometheusEndpoint first = openTask("0", 3, 7);
    openTask("1", 4, 7);
    Line proxies = new Line("proxies", Map.of("connector", "trades"));

    assertThat(read())
        .containsOnly(
            Map.entry(ofTask("0"), 3.0), Map.entry(ofTask("1"), 4.0), Map.entry(proxies, 7.0));
    first.close();
    assertThat(read()).containsOnly(Map.entry(ofTask("1"), 4.0), Map.entry(proxies, 7.0));
  }

  private static Line ofTask(String task) {
    return new Line("depth", Map.of("connector", "trades", "task", task, "pool", "eu"));
  }

  @Test
  void continues_with_the_other_when_one_connector_is_closed() throws IOException {
    PrometheusEndpoint trades = open("trades", 3);
    open("books", 4);
    trades.close();

    assertThat(read()).containsOnly(Map.entry(depth("books"), 4.0));
  }

  @Test
  void frees_the_port_when_the_last_connector_is_closed() throws IOException {
    PrometheusEndpoint trades = open("trades", 3);
    PrometheusEndpoint books = open("books", 4);
    trades.close();
    trades.close();
    books.close();

    assertThatThrownBy(() -> ask("GET", "/metrics")).isInstanceOf(ConnectException.class);
    new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")).close();
  }

  @Test
  void leaves_nothing_behind_after_many_restarts() throws IOException {
    for (int i = 0; i < 50; i++) {
      PrometheusEndpoint endpoint = open("trades", i);
      assertThat(read()).containsOnly(Map.entry(depth("trades"), (double) i));
      endpoint.close();
    }

    await().untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  @Test
  void runs_on_daemon_threads_alone() throws IOException {
    open("trades", 3);
    read();

    assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
  }

  /** Half a request, or a reader that reads nothing, holds neither a thread nor the endpoint. */
  @Test
  void waits_for_no_client() throws IOException {
    open("trades", 3);
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        slow.add(client);
        String sent = i % 2 == 0 ? "GET /met" : "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
        client.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
      }

      assertThat(read()).containsOnly(Map.entry(depth("trades"), 3.0));

      Socket half = slow.get(0);
      half.setSoTimeout((int) PrometheusServer.CONNECTION_LIMIT.multipliedBy(6).toMillis());
      assertThat(half.getInputStream().read()).as("the end of the connection").isEqualTo(-1);
    } finally {
      for (Socket client : slow) {
        client.close();
      }
    }
  }

  @Test
  void accepts_no_more_connections_than_it_has_room_for() throws IOException {
    open("trades", 3);
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i <= PrometheusServer.MAX_CONNECTIONS; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      Socket last = idle.get(PrometheusServer.MAX_CONNECTIONS);
      last.setSoTimeout(5_000);
      assertThat(last.getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket client : idle) {
        client.close();
      }
    }
    await().untilAsserted(() -> assertThat(read()).isNotEmpty());
  }

  @Test
  void shows_only_the_latest_of_a_restarted_connector() throws IOException {
    PrometheusEndpoint abandoned = open("trades", 3);
    open("trades", 4);
    assertThat(read()).containsOnly(Map.entry(depth("trades"), 4.0));
    abandoned.close();

    assertThat(read()).containsOnly(Map.entry(depth("trades"), 4.0));
  }

  @Test
  void allows_only_get() throws IOException {
    open("trades", 3);

    assertThat(ask("POST", "/metrics"))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("\r\nAllow: GET\r\n");
    assertThat(ask("HEAD", "/metrics")).startsWith("HTTP/1.1 405 ");
  }

  @Test
  void has_no_other_page() throws IOException {
    open("trades", 3);

    assertThat(ask("GET", "/")).startsWith("HTTP/1.1 404 ");
    assertThat(ask("GET", "/metrics/x")).startsWith("HTTP/1.1 404 ");
    assertThat(ask("GET", "/metricsx")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void answers_with_an_error_when_the_samples_cannot_be_taken() throws IOException {
    try (LogLines log = LogLines.of(PrometheusServer.class.getName())) {
      open(
          "127.0.0.1",
          "trades",
          () -> {
            throw new IllegalStateException("broken");
          });

      assertThat(ask("GET", "/metrics")).startsWith("HTTP/1.1 500 ").doesNotContain("broken");
      assertThat(log.all()).contains("WARN cannot read the metrics of connector trades");
    }
  }

  @Test
  void names_the_key_and_the_cure_when_another_program_has_the_port() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> PrometheusEndpoint.open(address("127.0.0.1", other.getLocalPort()), List.of()))
          .withMessageStartingWith(
              "metrics.prometheus.port: port "
                  + other.getLocalPort()
                  + " of 127.0.0.1 is in use by another program")
          .withMessageEndingWith("; set a free port, or 0 for no endpoint");
    }
  }

  @Test
  void names_the_connector_that_has_the_port_at_another_address() {
    open("0.0.0.0", "trades", List::of);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> open("books", 4))
        .withMessage(
            "metrics.prometheus.port: port "
                + port
                + " is in use by connector trades at 0.0.0.0; to share it, set the same"
                + " metrics.prometheus.host");
  }

  @Test
  void names_the_key_when_the_host_is_not_an_address_of_the_worker() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrometheusEndpoint.open(address("192.0.2.1", port), List.of()))
        .withMessage(
            "metrics.prometheus.host: 192.0.2.1 is not an address of the worker; set it to one, for"
                + " example 127.0.0.1");
  }

  @Test
  void names_the_key_when_the_host_has_no_address() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrometheusEndpoint.open(address("no host", port), List.of()))
        .withMessage(
            "metrics.prometheus.host: no address found for 'no host'; set it to an address of the"
                + " worker, for example 127.0.0.1");
  }

  private List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread.getName().equals("cryptofeed-prometheus-" + port)
                    || thread.getName().equals("HTTP-Dispatcher"))
        .toList();
  }
}
