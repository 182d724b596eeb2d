package io.cryptofeed.connect.proxy.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.metrics.Metric;
import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.proxy.monitor.PrometheusPage.Line;
import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The place where Prometheus reads, over a real socket. */
class PrometheusEndpointTest {

  private static final Metric METRIC = Metric.gauge("depth", "How deep.", "pool");

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
    PrometheusEndpoint endpoint =
        PrometheusEndpoint.open(settings(host, port), connector, samples).orElseThrow();
    open.push(endpoint);
    return endpoint;
  }

  private static MonitoringSettings settings(String host, int port) {
    return new MonitoringSettings(Duration.ofMillis(500), 95, false, host, port);
  }

  /** The whole answer. */
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
  void says_which_form_the_text_has() throws IOException {
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
  void goes_on_with_the_other_when_one_connector_is_closed() throws IOException {
    PrometheusEndpoint trades = open("trades", 3);
    open("books", 4);
    trades.close();

    assertThat(read()).containsOnly(Map.entry(depth("books"), 4.0));
  }

  @Test
  void frees_the_port_with_the_last_connector() throws IOException {
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

  @Test
  void shows_of_a_restarted_connector_only_the_latest() throws IOException {
    PrometheusEndpoint abandoned = open("trades", 3);
    open("trades", 4);
    assertThat(read()).containsOnly(Map.entry(depth("trades"), 4.0));
    abandoned.close();

    assertThat(read()).containsOnly(Map.entry(depth("trades"), 4.0));
  }

  @Test
  void answers_nothing_but_get() throws IOException {
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
      assertThat(log.all()).contains("WARN cannot show the metrics of connector trades");
    }
  }

  @Test
  void opens_nothing_when_no_endpoint_is_wanted() {
    assertThat(PrometheusEndpoint.open(settings("127.0.0.1", 0), "trades", List::of)).isEmpty();
  }

  @Test
  void names_the_key_and_the_cure_when_another_program_has_the_port() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  PrometheusEndpoint.open(
                      settings("127.0.0.1", other.getLocalPort()), "trades", List::of))
          .withMessageStartingWith(
              "proxy.prometheus.port: port "
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
            "proxy.prometheus.port: port "
                + port
                + " is in use by connector trades at 0.0.0.0; to share it, set the same"
                + " proxy.prometheus.host");
  }

  @Test
  void names_the_key_when_the_host_is_no_address_of_this_machine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrometheusEndpoint.open(settings("192.0.2.1", port), "trades", List::of))
        .withMessage(
            "proxy.prometheus.host: 192.0.2.1 is no address of this machine; write one that is,"
                + " for example 127.0.0.1");
  }

  @Test
  void names_the_key_when_the_host_has_no_address() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrometheusEndpoint.open(settings("no host", port), "trades", List::of))
        .withMessage(
            "proxy.prometheus.host: no address found for 'no host'; write an address of this"
                + " machine, for example 127.0.0.1");
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
