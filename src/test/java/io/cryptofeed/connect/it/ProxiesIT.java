package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.proxy.Tunnel;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The connector on a real worker, through each kind of proxy, to an exchange with TLS that accepts
 * connections from the proxy only.
 */
final class ProxiesIT {

  private static final String USER = "alice";
  private static final String PASSWORD = "p@ss:w/r%d";
  private static final String STREAM_HOST = "stream.binance.test";
  private static final String API_HOST = "api.binance.test";

  @ParameterizedTest(name = "{0}, credentials: {1}")
  @CsvSource({
    "http, true",
    "https, false",
    "socks4, true",
    "socks4a, false",
    "socks5, true",
    "socks5h, false",
  })
  void trades_and_books_come_only_through_the_proxy(String scheme, boolean authenticated) {
    assertThroughProxy(scheme, authenticated);
  }

  @ParameterizedTest(name = "{0}, credentials: {1}")
  @CsvSource({
    "http, false",
    "https, true",
    "socks4, false",
    "socks4a, true",
    "socks5, false",
    "socks5h, true",
  })
  @Tag("long")
  void trades_and_books_come_only_through_the_other_kinds_of_proxy(
      String scheme, boolean authenticated) {
    assertThroughProxy(scheme, authenticated);
  }

  private static void assertThroughProxy(String scheme, boolean authenticated) {
    // SOCKS4 has no host names: the client must know the address.
    boolean byName = !scheme.equals("socks4");
    String streamHost = byName ? STREAM_HOST : "127.0.0.1";
    String apiHost = byName ? API_HOST : "127.0.0.1";
    String name = "proxies-" + scheme + (authenticated ? "-auth" : "");
    try (LocalProxy<?> proxy = proxy(scheme, authenticated).start();
        BinanceSimulator venue = venue(proxy);
        ConnectorScene scene = new ConnectorScene(name, "binance")) {
      resolveNames(proxy, venue);
      pointAt(scene, venue, streamHost, apiHost);
      for (String transport : List.of("rest", "websocket")) {
        scene.with("proxy.default." + transport + ".url", scheme + "://localhost:" + proxy.port());
        if (authenticated) {
          scene.with("proxy.default." + transport + ".username", USER);
          if (!scheme.startsWith("socks4")) {
            scene.with("proxy.default." + transport + ".password", PASSWORD);
          }
        }
      }
      scene.with("proxy.enabled", "true").start().awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 5);
      scene.await("binance.l2_book", records -> records.size() >= 2);
      List<GenericRecord> statuses = scene.await("binance.feed_status", r -> r.size() >= 2);

      assertThat(venue.connectionsRefused()).isZero();
      assertThat(proxy.tunnelsRequested())
          .extracting(Tunnel::host)
          .containsOnly(streamHost, apiHost)
          .contains(streamHost, apiHost);
      assertThat(proxy.tunnelsRequested()).extracting(Tunnel::isByName).containsOnly(byName);
      assertThat(statuses)
          .extracting(status -> String.valueOf(status.get("proxy")))
          .containsOnly(scheme + "://localhost:" + proxy.port());
      assertNoSecret(scene);
    }
  }

  @Test
  void when_the_proxy_stops_the_data_stops_and_nothing_goes_direct() {
    try (LocalSocksProxy proxy = new LocalSocksProxy().start();
        BinanceSimulator venue = venue(proxy);
        ConnectorScene scene = new ConnectorScene("proxy-stops", "binance")) {
      resolveNames(proxy, venue);
      pointAt(scene, venue, STREAM_HOST, API_HOST);
      scene.throughProxy("socks5h://127.0.0.1:" + proxy.port()).start().awaitRunning();
      scene.await("binance.trades", records -> records.size() >= 5);
      scene.await("binance.l2_book", records -> records.size() >= 2);

      proxy.stop();
      List<GenericRecord> down =
          scene.await("binance.feed_status", records -> withStatus(records, "disconnected") == 2);
      assertThat(down.get(down.size() - 1).get("proxy"))
          .hasToString("socks5h://127.0.0.1:" + proxy.port());
      scene.awaitLog("cannot reach proxy socks5h://127.0.0.1:" + proxy.port());
      assertThat(venue.currentWebSockets()).isZero();
      assertThat(venue.connectionsRefused()).isZero();

      int trades = scene.records("binance.trades").size();
      proxy.start();
      scene.await("binance.trades", records -> records.size() > trades + 5);
      scene.await(
          "binance.l2_book",
          records ->
              records.stream()
                  .anyMatch(
                      book -> "reconnect".equals(String.valueOf(book.get("snapshot_reason")))));
      assertThat(venue.connectionsRefused()).isZero();
      assertThat(scene.awaitRunning().trace()).isNull();
    }
  }

  @Test
  void a_wrong_password_is_reported_without_showing_it_and_nothing_goes_direct() {
    String wrong = "wrong-s3cret-canary";
    try (LocalSocksProxy proxy = new LocalSocksProxy().withCredentials(USER, PASSWORD).start();
        BinanceSimulator venue = venue(proxy);
        ConnectorScene scene = new ConnectorScene("proxy-wrong-password", "binance")) {
      resolveNames(proxy, venue);
      pointAt(scene, venue, STREAM_HOST, API_HOST);
      String url = "socks5://127.0.0.1:" + proxy.port();
      scene
          .throughProxy(url)
          .with("proxy.default.rest.username", USER)
          .with("proxy.default.rest.password", wrong)
          .with("proxy.default.websocket.username", USER)
          .with("proxy.default.websocket.password", wrong)
          .start()
          .awaitRunning();
      scene.awaitLog("exchange=binance cannot list instruments");
      scene.awaitLog(url);

      assertThat(venue.connectionsAccepted()).isZero();
      assertThat(venue.connectionsRefused()).isZero();
      assertThat(scene.logs()).doesNotContain(wrong).doesNotContain(base64(USER + ":" + wrong));
    }
  }

  private static void pointAt(
      ConnectorScene scene, BinanceSimulator venue, String streamHost, String apiHost) {
    scene.venue(
        "binance",
        "wss://" + streamHost + ":" + venue.port() + "/stream",
        "https://" + apiHost + ":" + venue.port(),
        "BTC-USDT");
  }

  private static LocalProxy<?> proxy(String scheme, boolean authenticated) {
    LocalProxy<?> proxy =
        switch (scheme) {
          case "http" -> new LocalHttpProxy();
          case "https" ->
              new LocalHttpProxy().overTls(LocalStack.shared().authority().server("localhost"));
          default -> new LocalSocksProxy();
        };
    return authenticated
        ? proxy.withCredentials(USER, scheme.startsWith("socks4") ? "" : PASSWORD)
        : proxy;
  }

  private static BinanceSimulator venue(LocalProxy<?> proxy) {
    return BinanceSimulator.start(
        SimulatorOptions.builder()
            .tls(LocalStack.shared().authority().server(STREAM_HOST, API_HOST, "127.0.0.1"))
            .allowedPeer(proxy::owns)
            .build());
  }

  private static void resolveNames(LocalProxy<?> proxy, BinanceSimulator venue) {
    proxy.withName(STREAM_HOST, venue.address());
    proxy.withName(API_HOST, venue.address());
  }

  private static long withStatus(List<GenericRecord> records, String status) {
    return records.stream().filter(each -> each.get("status").toString().equals(status)).count();
  }

  private static void assertNoSecret(ConnectorScene scene) {
    assertThat(scene.logs())
        .doesNotContain(PASSWORD)
        .doesNotContain("p%40ss%3Aw%2Fr%25d")
        .doesNotContain(base64(USER + ":" + PASSWORD));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
