package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Scheme;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.settings.Via;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the way to the destination can't be opened, and what is said about it. */
class RefusedConnectionTest {

  private static final LocalCertificates AUTHORITY = LocalCertificates.create();
  private static final Duration SOON = Duration.ofMillis(300);

  private final TestNames names = new TestNames();
  private final Client client = new Client(names, AUTHORITY);
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    client.close();
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private ConnectFailure failure(String proxyUrl) throws Exception {
    return Client.failureOf(client.open(proxyUrl, "exchange.test", 443));
  }

  private ConnectFailure failureSoon(String proxyUrl) throws Exception {
    return Client.failureOf(client.open(proxyUrl, SOON, "exchange.test", 443));
  }

  private static int portWithoutListener() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SOCKS4")
  void a_proxy_that_is_not_there(Scheme scheme) throws Exception {
    String url = scheme.code() + "://127.0.0.1:" + portWithoutListener();

    ConnectFailure failure = failure(url);

    assertThat(failure.stage()).isEqualTo(Stage.TCP);
    assertThat(failure.egress()).isEqualTo(url);
    assertThat(failure)
        .hasMessageStartingWith("cannot reach proxy " + url + " (")
        .hasMessageContaining("refused")
        .hasMessageEndingWith("check that it runs there and " + Client.KEY);
    assertThat(client.events()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SOCKS4", "HTTPS"})
  void a_proxy_that_says_nothing(Scheme scheme) throws Exception {
    ScriptedProxy proxy = opened(ScriptedProxy.silent());

    ConnectFailure failure = failureSoon(proxy.url(scheme.code()));

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure)
        .hasMessageContaining("did not open a tunnel to exchange.test:443 within 300 ms")
        .hasMessageContaining("check that its protocol is " + scheme.code() + ", not one of [");
    assertThat(client.events()).isEmpty();
    await().until(() -> proxy.accepted() == 1 && proxy.open() == 0);
  }

  @Test
  void a_plain_http_proxy_under_https_that_says_nothing() throws Exception {
    ScriptedProxy proxy = opened(ScriptedProxy.silent());

    ConnectFailure failure = failureSoon(proxy.url("https"));

    assertThat(failure.stage()).isEqualTo(Stage.PROXY_TLS);
    assertThat(failure)
        .hasMessageEndingWith(
            "did not finish the TLS handshake within 300 ms; if this proxy uses plain HTTP,"
                + " write http:// in "
                + Client.KEY);
    await().until(() -> proxy.accepted() == 1 && proxy.open() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "http, socks5",
    "http, socks4a",
    "socks5, http",
    "socks5, socks4a",
    "socks4a, socks5"
  })
  void a_proxy_that_speaks_something_else(String scheme, String spoken) throws Exception {
    String answer =
        switch (spoken) {
          case "http" -> "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
          case "socks4a" -> "\0\133\0\0\0\0\0\0";
          default -> "\5\377";
        };
    ScriptedProxy proxy = opened(ScriptedProxy.answering(answer));

    ConnectFailure failure = failureSoon(proxy.url(scheme));

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure)
        .hasMessageContaining("check that its protocol is " + scheme + ", not one of [");
  }

  @Test
  void a_proxy_that_allows_port_443_only_is_told_from_one_that_forbids_the_host() throws Exception {
    LocalProxy<?> proxy = opened(new LocalHttpProxy().refusing(403).start());

    ConnectFailure failure =
        Client.failureOf(
            client.open("http://127.0.0.1:" + proxy.port(), "stream.exchange.test", 9443));

    assertThat(failure).hasMessageEndingWith("or use an endpoint on port 443");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks4a", "socks5"})
  void a_destination_that_the_proxy_does_not_know(String scheme) throws Exception {
    LocalProxy<?> proxy =
        opened(scheme.equals("http") ? new LocalHttpProxy() : new LocalSocksProxy());
    proxy.withName("exchange.test", InetSocketAddress.createUnresolved("exchange.test", 0));
    proxy.start();

    ConnectFailure failure = failure(scheme + "://127.0.0.1:" + proxy.port());

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure).hasMessageContaining("could not reach exchange.test:443 (");
  }

  @Test
  void an_exchange_without_a_route_is_refused_and_nothing_is_looked_up() throws Exception {
    ProxyInjector injector = Settings.injector(ProxySettings.refusing(), AUTHORITY.client(), names);

    ConnectFailure failure =
        Client.failureOf(
            injector.connect(
                client.loop(),
                new Destination("kraken", Transport.REST, "localhost", 443),
                channel -> {}));

    assertThat(failure.stage()).isEqualTo(Stage.ROUTE);
    assertThat(failure)
        .hasMessage(
            "exchange=kraken has no proxy for its rest connections; set"
                + " proxy.exchanges.kraken.rest.url, or write 'direct' there");
    assertThat(injector.egress("kraken", Transport.REST)).isEqualTo("none");
    assertThat(names.askedFor()).isEmpty();
  }

  @Test
  void a_destination_that_is_no_host_name() throws Exception {
    ConnectFailure failure =
        Client.failureOf(client.open("socks5://127.0.0.1:1080", "a".repeat(64) + ".test", 443));

    assertThat(failure.stage()).isEqualTo(Stage.ROUTE);
    assertThat(failure).hasMessageEndingWith("' is not a host name");
  }

  @Test
  void a_failed_proxy_is_never_gone_around() throws Exception {
    EchoOrigin origin = opened(new EchoOrigin("127.0.0.1", peer -> true));
    String url = "socks5://127.0.0.1:" + portWithoutListener();

    Client.failureOf(client.open(url, "127.0.0.1", origin.port()));

    assertThat(origin.accepted()).isEmpty();
  }

  @Test
  void cancelling_closes_the_connection_to_the_proxy() {
    ScriptedProxy proxy = opened(ScriptedProxy.silent());
    Future<ProxiedChannel> opening = client.open(proxy.url("socks5"), "exchange.test", 443);
    await().until(() -> proxy.open() == 1);

    assertThat(opening.cancel(false)).isTrue();

    await().until(() -> proxy.open() == 0);
    assertThat(client.events()).isEmpty();
  }

  @Test
  void cancelling_during_the_look_up_opens_nothing() throws Exception {
    LocalProxy<?> proxy = opened(new LocalSocksProxy().start());
    names.with("proxy.test", "127.0.0.1").silent();
    Future<ProxiedChannel> opening =
        client.open("socks5://proxy.test:" + proxy.port(), "exchange.test", 443);
    await().until(() -> names.askedFor().contains("proxy.test"));

    opening.cancel(false);
    names.answer();
    client.open("socks5://127.0.0.1:" + proxy.port(), "127.0.0.1", portWithoutListener()).await();

    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @Test
  void a_pipeline_that_can_not_be_built_fails_the_attempt_and_leaves_no_channel() throws Exception {
    LocalProxy<?> proxy = opened(new LocalSocksProxy().start());
    EchoOrigin origin = opened(new EchoOrigin("127.0.0.1", proxy::owns));
    ProxySettings settings =
        Settings.of(
            new Via.Proxy(ProxyUrl.parse("socks5://127.0.0.1:" + proxy.port())),
            Client.KEY,
            Duration.ofSeconds(30));

    Future<ProxiedChannel> opening =
        Settings.injector(settings, AUTHORITY.client(), names)
            .connect(
                client.loop(),
                new Destination("binance", Transport.WEBSOCKET, "127.0.0.1", origin.port()),
                channel -> {
                  throw new IllegalStateException("no such protocol");
                })
            .await();

    assertThat(opening.cause()).hasMessage("no such protocol");
    await().until(() -> origin.accepted().size() == 1 && !origin.accepted().get(0).isActive());
  }
}
