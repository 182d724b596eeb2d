package io.cryptofeed.connect.proxy.monitor;

import static io.cryptofeed.connect.proxy.monitor.Scene.EGRESS;
import static io.cryptofeed.connect.proxy.monitor.Scene.EU;
import static io.cryptofeed.connect.proxy.monitor.Scene.member;
import static io.cryptofeed.connect.proxy.settings.Transport.REST;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.metrics.PrometheusPage;
import io.cryptofeed.connect.metrics.PrometheusText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is lost when many threads tell at once, while others look. */
class ProxyMonitorConcurrencyTest {

  private static final int THREADS = 8;
  private static final int ROUNDS = 5_000;
  private static final double ALL = THREADS * (double) ROUNDS;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
  private final Scene scene = Scene.of();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void counts_exactly() throws Exception {
    scene.pool("eu", member(EGRESS));
    tellWhileSomebodyLooks();
    Map<String, Double> numbers = scene.numbers();
    String labels = "exchange=\"binance\",transport=\"websocket\",pool=\"eu\",endpoint=\"" + EGRESS;
    String ofRequest = "exchange=\"binance\",pool=\"eu\",endpoint=\"" + EGRESS + "\"";

    assertThat(numbers)
        .containsEntry(
            "proxy_connect_total{" + labels + "\",result=\"success\",class=\"none\"}", ALL)
        .containsEntry("proxy_tunnel_seconds_count{" + labels + "\"}", ALL)
        .containsEntry("proxy_active_connections{" + labels + "\"}", 0.0)
        .containsEntry("proxy_bytes_total{" + labels + "\",direction=\"read\"}", ALL * 2000)
        .containsEntry("proxy_request_seconds_count{" + ofRequest + "}", ALL)
        .containsEntry("proxy_request_seconds_sum{" + ofRequest + "}", ALL / 1000)
        .containsEntry("proxy_selection_total{pool=\"eu\",strategy=\"latency\"}", ALL);
  }

  private void tellWhileSomebodyLooks() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS + 1);
    List<Future<?>> done = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      done.add(
          threads.submit(
              () -> {
                start.await();
                tell();
                return null;
              }));
    }
    start.await();
    while (!done.stream().allMatch(Future::isDone)) {
      PrometheusPage.read(PrometheusText.of(scene.monitor.samples()));
    }
    for (Future<?> each : done) {
      each.get();
    }
  }

  private void tell() {
    for (int i = 0; i < ROUNDS; i++) {
      scene.connect(EU);
      scene.monitor.answered("binance", REST, EU, 200, Duration.ofMillis(1));
      scene.monitor.selected("eu", "latency", false);
      scene.close(EU);
    }
  }
}
