package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.local.LoopbackPort;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Pools, files and metrics of the proxy layer on a real worker. */
final class ProxyPoolsIT {

  private static final String STREAM_HOST = "stream.binance.test";
  private static final String API_HOST = "api.binance.test";

  private static BinanceSimulator venueBehind(List<LocalProxy<?>> proxies) {
    BinanceSimulator venue =
        BinanceSimulator.start(
            SimulatorOptions.builder()
                .tls(LocalStack.shared().authority().server(STREAM_HOST, API_HOST))
                .allowedPeer(peer -> proxies.stream().anyMatch(proxy -> proxy.owns(peer)))
                .build());
    for (LocalProxy<?> proxy : proxies) {
      proxy.withName(STREAM_HOST, venue.address()).withName(API_HOST, venue.address());
    }
    return venue;
  }

  private static ConnectorScene scene(String name, BinanceSimulator venue) {
    return new ConnectorScene(name, "binance")
        .venue(
            "binance",
            "wss://" + STREAM_HOST + ":" + venue.port() + "/stream",
            "https://" + API_HOST + ":" + venue.port(),
            "BTC-USDT")
        .with("proxy.enabled", "true")
        .with("proxy.default.rest.pool", "eu")
        .with("proxy.default.websocket.pool", "eu");
  }

  private static String proxyOf(List<GenericRecord> statuses) {
    return String.valueOf(statuses.get(statuses.size() - 1).get("proxy"));
  }

  @Test
  void when_a_member_fails_the_data_comes_through_another_and_never_direct() {
    try (LocalSocksProxy one = new LocalSocksProxy().start();
        LocalHttpProxy other = new LocalHttpProxy().start();
        BinanceSimulator venue = venueBehind(List.of(one, other));
        ConnectorScene scene = scene("pool-failover", venue)) {
      String first = "socks5://127.0.0.1:" + one.port();
      String second = "http://127.0.0.1:" + other.port();
      scene
          .with("proxy.pools.eu.members", first + "," + second)
          .with("proxy.pools.eu.strategy", "failover")
          .start()
          .awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 5);
      assertThat(proxyOf(scene.await("binance.feed_status", r -> r.size() >= 2))).isEqualTo(first);

      one.stop();
      int before = scene.records("binance.trades").size();
      scene.await("binance.trades", records -> records.size() > before + 5);

      scene.await("binance.feed_status", records -> proxyOf(records).equals(second));
      assertThat(other.tunnelsRequested()).isNotEmpty();
      assertThat(venue.connectionsRefused()).isZero();
    }
  }

  @Test
  void secrets_of_pools_files_rules_and_headers_are_never_shown() throws IOException {
    String secret = "sEcr3t/c4nary:7391";
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    int port = LoopbackPort.free();
    PrometheusReader prometheus = new PrometheusReader(port);
    Path file = LocalStack.shared().secrets().resolve("proxies.yaml");
    Files.writeString(
        file,
        "proxy:\n  pools:\n    spare:\n      members:\n        - {url: 'http://127.0.0.1:1', username: u, password: '"
            + secret
            + "'}\n");
    try (LocalHttpProxy proxy = new LocalHttpProxy().withCredentials("alice", secret).start();
        BinanceSimulator venue = venueBehind(List.of(proxy));
        ConnectorScene scene = scene("pool-secrets", venue)) {
      scene
          .with("proxy.config.file", file.toString())
          .with(
              "proxy.pools.eu.members.1.url",
              "http://alice:" + encoded + "@127.0.0.1:" + proxy.port())
          .with("proxy.connect.headers.X-Token", secret)
          .with("proxy.regional.fallback.url", "http://bob:" + encoded + "@127.0.0.1:2")
          .with("proxy.monitoring.detailed.logging", "true")
          .with("proxy.prometheus.port", String.valueOf(port))
          .start()
          .awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 5);
      Map<String, String> wrong = new HashMap<>(scene.config());
      wrong.put("proxy.pools.eu.members.1.url", "http://alice:" + encoded + "@127.0.0.1");
      wrong.put("proxy.pools.eu.membres.1.url", "http://alice:" + encoded + "@127.0.0.1:1");
      wrong.put("proxy.connect.headers.X-Token", secret + "\u0007");

      String metrics = prometheus.await(page -> page.contains("proxy_bytes_total"));
      String errors = scene.stack().connect().validate(wrong).toString();

      assertThat(metrics)
          .contains("proxy_active_connections{", "endpoint=\"http://127.0.0.1:" + proxy.port())
          .contains("cryptofeed_records_total{connector=\"pool-secrets\",task=\"0\"");
      assertThat(errors).contains("port is missing", "unknown key", "control character");
      assertThat(
              List.of(
                  metrics,
                  errors,
                  scene.logs(),
                  String.valueOf(scene.stack().connect().status(scene.name()))))
          .allSatisfy(
              text ->
                  assertThat(text)
                      .doesNotContain(secret, encoded, base64(secret), base64("alice:" + secret)));
    }
    prometheus.awaitEnd();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
