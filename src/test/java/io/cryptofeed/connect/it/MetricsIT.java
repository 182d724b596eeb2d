package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.LoopbackPort;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import io.cryptofeed.connect.metrics.PrometheusPage;
import io.cryptofeed.connect.metrics.PrometheusPage.Line;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The metrics of the tasks on a real worker, without proxies. */
final class MetricsIT {

  private static final String NAME = "metrics";

  @Test
  void prometheus_sees_the_feeds_of_all_tasks_while_the_connector_runs() {
    int port = LoopbackPort.free();
    PrometheusReader prometheus = new PrometheusReader(port);
    try (BinanceSimulator binance = BinanceSimulator.start(SimulatorOptions.defaults());
        CoinbaseSimulator coinbase = CoinbaseSimulator.start(SimulatorOptions.defaults());
        ConnectorScene scene = new ConnectorScene(NAME, "binance", "coinbase")) {
      scene
          .venue(
              "binance",
              "ws://127.0.0.1:" + binance.port() + "/stream",
              "http://127.0.0.1:" + binance.port(),
              "BTC-USDT")
          .venue(
              "coinbase",
              "ws://127.0.0.1:" + coinbase.port() + "/",
              "http://127.0.0.1:" + coinbase.port(),
              "BTC-USD")
          .with("tasks.max", "2")
          .with("metrics.prometheus.port", String.valueOf(port))
          .start()
          .awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 5);
      scene.await("coinbase.trades", records -> records.size() >= 5);

      String text = prometheus.await(page -> trades(page, "0") >= 5 && trades(page, "1") >= 5);

      Map<Line, Double> values = PrometheusPage.read(text).values();
      assertThat(values.get(line("cryptofeed_connections_total", "0"))).isPositive();
      assertThat(values.get(line("cryptofeed_messages_total", "1"))).isGreaterThanOrEqualTo(5);
      assertThat(values)
          .containsEntry(line("cryptofeed_reading_paused", "0"), 0.0)
          .containsEntry(
              new Line(
                  "cryptofeed_instrument_lost_trades",
                  Map.of(
                      "connector", NAME,
                      "task", "0",
                      "exchange", "binance",
                      "market_type", "spot",
                      "symbol", "BTC-USDT")),
              0.0);
      assertThat(values.keySet())
          .filteredOn(line -> line.name().equals("proxy_active_connections"))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line.labels()).containsEntry("endpoint", "direct"));
    }
    prometheus.awaitEnd();
  }

  private static double trades(String page, String task) {
    Line trades =
        new Line(
            "cryptofeed_records_total",
            Map.of("connector", NAME, "task", task, "channel", "trades"));
    return Objects.requireNonNullElse(PrometheusPage.read(page).values().get(trades), 0.0);
  }

  private static Line line(String name, String task) {
    return new Line(name, Map.of("connector", NAME, "task", task));
  }
}
