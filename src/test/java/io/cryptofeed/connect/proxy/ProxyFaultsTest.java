package io.cryptofeed.connect.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.proxy.BadLine.Trouble;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proxies that fail, and recover. Whatever happens, the attempt ends with a message that says what,
 * no socket is left open, nothing reaches the exchange, and the same injector connects as soon as
 * the proxy is well again.
 */
class ProxyFaultsTest {

  private static final LocalCertificates AUTHORITY = LocalCertificates.create();
  private static final String KEY = "proxy.default.rest.url";
  private static final String USER = "alice";
  private static final String PASSWORD = "S3CRET-word";
  private static final String TARGET = "exchange.test:443";

  /** For attempts that end by themselves: the test fails long before. */
  private static final Duration LATE = Duration.ofSeconds(60);

  /** The shortest that can be configured. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Where trouble happens. */
  private enum Place {
    HTTP("http"),
    TLS_WITH_THE_PROXY("https"),
    WITHIN_THAT_TLS("https"),
    SOCKS4A("socks4a"),
    SOCKS5("socks5");

    private final String scheme;

    Place(String scheme) {
      this.scheme = scheme;
    }

    Stage stage() {
      return this == TLS_WITH_THE_PROXY ? Stage.PROXY_TLS : Stage.TUNNEL;
    }
  }

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final TestNames names = new TestNames();
  private final LocalSocksProxy socks = new LocalSocksProxy().withCredentials(USER, PASSWORD);
  private final LocalHttpProxy http = new LocalHttpProxy().withCredentials(USER, PASSWORD);
  private final EchoOrigin origin =
      new EchoOrigin("127.0.0.1", peer -> socks.owns(peer) || http.owns(peer));
  private final AtomicInteger pipelines = new AtomicInteger();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private @Nullable BadLine line;
  private @Nullable InjectorUnderTest injector;

  @BeforeEach
  void start() throws UnknownHostException {
    names.with("proxy.test", "127.0.0.1");
    InetSocketAddress exchange = origin.address();
    socks.withName(TARGET, exchange).start();
    http.withName(TARGET, exchange).start();
  }

  @AfterEach
  void stop() {
    stopLine();
    socks.close();
    http.close();
    origin.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void stopLine() {
    if (injector != null) {
      injector.close();
    }
    if (line != null) {
      line.close();
    }
  }

  // ---- A proxy that is killed ----

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks4a", "socks5"})
  void killed_and_started_again(String scheme) throws Exception {
    LocalProxy<?> proxy = scheme.equals("http") ? http : socks;
    through(scheme, proxy.port(), LATE);
    Channel tunnel = talk();

    proxy.stop();

    assertThat(tunnel.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
    await().until(() -> origin.accepted().stream().noneMatch(Channel::isOpen));
    ConnectFailure failure = failure();
    assertThat(failure.stage()).isEqualTo(Stage.TCP);
    assertThat(failure)
        .hasMessageStartingWith("cannot reach proxy " + egress(scheme, proxy.port()) + " (")
        .hasMessageEndingWith("; check that it runs there and " + KEY);

    proxy.start();
    assertRecovers();
  }

  // ---- A line that fails ----

  @ParameterizedTest
  @CsvSource({
    "HTTP, 12",
    "TLS_WITH_THE_PROXY, 200",
    "WITHIN_THAT_TLS, 0",
    "SOCKS4A, 4",
    "SOCKS5, 2",
    "SOCKS5, 4",
    "SOCKS5, 8",
  })
  void frozen_after_some_bytes(Place place, int bytes) throws Exception {
    trouble(place, SOON, BadLine.silenceAfter(bytes));

    ConnectFailure failure = failure();

    assertThat(failure.stage()).isEqualTo(place.stage());
    assertThat(failure).hasMessageContaining(tooSlow(place));
    assertNothingIsLeft();
    assertLineRecovers();
  }

  @ParameterizedTest
  @CsvSource({"HTTP", "TLS_WITH_THE_PROXY", "SOCKS5"})
  void answers_that_drip_too_slowly(Place place) throws Exception {
    trouble(place, SOON, BadLine.drip(Duration.ofMillis(200)));

    ConnectFailure failure = failure();

    assertThat(failure.stage()).isEqualTo(place.stage());
    assertThat(failure).hasMessageContaining(tooSlow(place));
    assertNothingIsLeft();
    assertLineRecovers();
  }

  @ParameterizedTest
  @CsvSource({"HTTP", "TLS_WITH_THE_PROXY", "WITHIN_THAT_TLS", "SOCKS4A", "SOCKS5"})
  void answers_that_drip_in_time(Place place) throws Exception {
    trouble(place, LATE, BadLine.drip(Duration.ZERO));

    talk();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP, 0",
    "HTTP, 12",
    "TLS_WITH_THE_PROXY, 0",
    "TLS_WITH_THE_PROXY, 200",
    "WITHIN_THAT_TLS, 0",
    "SOCKS4A, 0",
    "SOCKS5, 0",
    "SOCKS5, 2",
    "SOCKS5, 4",
  })
  void reset_after_some_bytes(Place place, int bytes) throws Exception {
    trouble(place, LATE, BadLine.resetAfter(bytes));

    assertBrokeOff(place, "Connection reset( by peer)?");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP, 0",
    "HTTP, 12",
    "TLS_WITH_THE_PROXY, 0",
    "TLS_WITH_THE_PROXY, 200",
    "WITHIN_THAT_TLS, 0",
    "WITHIN_THAT_TLS, 12",
    "SOCKS4A, 0",
    "SOCKS4A, 3",
    "SOCKS5, 0",
    "SOCKS5, 1",
    "SOCKS5, 2",
    "SOCKS5, 4",
    "SOCKS5, 7",
  })
  void cut_off_after_some_bytes(Place place, int bytes) throws Exception {
    trouble(place, LATE, BadLine.endAfter(bytes));

    assertBrokeOff(place, "disconnected");
  }

  private void assertBrokeOff(Place place, String how) throws Exception {
    ConnectFailure failure = failure();

    assertThat(failure.stage()).isEqualTo(place.stage());
    assertThat(failure)
        .hasMessageStartingWith("proxy " + egress(place.scheme, line().port()))
        .message()
        .containsPattern(
            place == Place.TLS_WITH_THE_PROXY
                ? " closed the connection during the TLS handshake \\(.+\\); if it uses plain HTTP, write http:// in "
                    + KEY
                : " closed the connection \\("
                    + how
                    + "\\) instead of opening a tunnel to "
                    + TARGET);
    assertNothingIsLeft();
    assertLineRecovers();
  }

  // ---- A proxy that says no ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 Unauthorized|rejected the credentials (401 Unauthorized); check the user name and the password of "
            + KEY,
        "403 Forbidden|forbids a tunnel to exchange.test:443 (403 Forbidden); allow CONNECT to this"
            + " host and port there",
        "405 Method Not Allowed|did not open a tunnel to exchange.test:443 (405 Method Not Allowed);"
            + " check that its protocol is ",
        "407 Proxy Authentication Required|rejected the credentials (407 Proxy"
            + " Authentication Required); check the user name and the password of "
            + KEY,
        "500 Internal Server Error|could not reach exchange.test:443 (500 Internal Server Error)",
        "502 Bad Gateway|could not reach exchange.test:443 (502 Bad Gateway)",
        "503 Service Unavailable|could not reach exchange.test:443 (503 Service Unavailable)",
        "504 Gateway Timeout|could not reach exchange.test:443 (504 Gateway Timeout)",
        "302 Found|did not open a tunnel to exchange.test:443 (302 Found)",
      })
  void an_http_status_other_than_success(String status, String message) throws Exception {
    for (Place place : List.of(Place.HTTP, Place.WITHIN_THAT_TLS)) {
      trouble(
          place,
          LATE,
          BadLine.forgeryAfter(0, ascii("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")));

      assertRefused(place, message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|could not reach exchange.test:443 (FAILURE)",
        "2|forbids a tunnel to exchange.test:443 (FORBIDDEN); allow it in the proxy's rules",
        "3|could not reach exchange.test:443 (NETWORK_UNREACHABLE)",
        "4|could not reach exchange.test:443 (HOST_UNREACHABLE)",
        "5|exchange.test:443 refused the connection of proxy ",
        "6|could not reach exchange.test:443 (TTL_EXPIRED)",
        "7|does not open tunnels (COMMAND_UNSUPPORTED); allow CONNECT in the proxy's rules",
        "8|does not accept exchange.test:443 (ADDRESS_UNSUPPORTED): it does not support IPv6, or host names",
        "9|could not reach exchange.test:443 (UNKNOWN 9)",
      })
  void a_reply_of_socks5_other_than_success(int code, String message) throws Exception {
    byte[] reply = {5, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0};
    trouble(Place.SOCKS5, LATE, BadLine.forgeryAfter(4, reply));

    assertRefused(Place.SOCKS5, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "91|rejected or could not reach exchange.test:443 (REJECTED_OR_FAILED)",
        "92|rejected the credentials (IDENTD_UNREACHABLE)",
        "93|rejected the credentials (IDENTD_AUTH_FAILURE)",
      })
  void a_reply_of_socks4_other_than_success(int code, String message) throws Exception {
    byte[] reply = {0, (byte) code, 0, 0, 0, 0, 0, 0};
    trouble(Place.SOCKS4A, LATE, BadLine.forgeryAfter(0, reply));

    assertRefused(Place.SOCKS4A, message);
  }

  @Test
  void a_socks5_proxy_that_accepts_no_way_to_log_in() throws Exception {
    trouble(Place.SOCKS5, LATE, BadLine.forgeryAfter(0, new byte[] {5, (byte) 0xff}));

    assertRefused(Place.SOCKS5, "rejected the credentials (UNACCEPTED)");
  }

  private void assertRefused(Place place, String message) throws Exception {
    ConnectFailure failure = failure();

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure)
        .hasMessageContaining("proxy " + egress(place.scheme, line().port()))
        .hasMessageContaining(message);
    assertNothingIsLeft();
    assertLineRecovers();
  }

  // ---- A proxy that talks nonsense ----

  @ParameterizedTest
  @CsvSource({
    "HTTP, '\u0000\u0001 no answer\r\n\r\n'",
    "HTTP, 'SSH-2.0-OpenSSH_9.2\r\n'",
    "WITHIN_THAT_TLS, 'SSH-2.0-OpenSSH_9.2\r\n'",
    "SOCKS4A, 'SSH-2.0-OpenSSH_9.2\r\n'",
    "SOCKS5, 'SSH-2.0-OpenSSH_9.2\r\n'",
  })
  void garbage(Place place, String words) throws Exception {
    trouble(place, LATE, BadLine.lastWordsAfter(0, ascii(words)));

    assertRefused(place, "; check that its protocol is " + place.scheme + ", not one of [");
  }

  @ParameterizedTest
  @CsvSource({"HTTP", "WITHIN_THAT_TLS"})
  void a_header_without_end(Place place) throws Exception {
    trouble(
        place,
        LATE,
        BadLine.flood(
            ascii("HTTP/1.1 200 OK\r\n"), ascii("x-padding: " + "x".repeat(500) + "\r\n")));

    assertRefused(
        place, " sent a response head of more than 65536 bytes instead of opening a tunnel");
  }

  @ParameterizedTest
  @CsvSource({"HTTP", "WITHIN_THAT_TLS"})
  void a_status_line_without_end(Place place) throws Exception {
    trouble(place, LATE, BadLine.flood(ascii("HTTP/1.1 200 "), ascii("x".repeat(500))));

    assertRefused(place, "; check that its protocol is " + place.scheme + ", not one of [");
  }

  // ---- TLS with the proxy ----

  @ParameterizedTest
  @ValueSource(strings = {"other.test", "127.0.0.9"})
  void a_certificate_for_another_host(String host) throws Exception {
    assertTlsFails(AUTHORITY.server(host), "its certificate must be for the host in " + KEY);
  }

  @Test
  void a_certificate_that_has_run_out() throws Exception {
    assertTlsFails(AUTHORITY.expiredServer("proxy.test"), "NotAfter");
  }

  @Test
  void a_certificate_of_nobody_whom_we_trust() throws Exception {
    assertTlsFails(
        LocalCertificates.create().server("proxy.test"),
        "from an issuer that the worker's JVM trusts (javax.net.ssl.trustStore)");
  }

  @Test
  void plain_http_where_tls_was_expected() throws Exception {
    through("https", http.port(), LATE);

    ConnectFailure failure = failure();

    assertThat(failure.stage()).isEqualTo(Stage.PROXY_TLS);
    assertThat(failure)
        .hasMessage(
            "proxy "
                + egress("https", http.port())
                + " does not use TLS; if it uses plain HTTP, write http:// in "
                + KEY);
    assertProxyRecovers(AUTHORITY.server("proxy.test"));
  }

  @Test
  void tls_where_plain_http_was_expected() throws Exception {
    restart(AUTHORITY.server("proxy.test"));
    through("http", http.port(), LATE);

    ConnectFailure failure = failure();

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure)
        .hasMessageContaining("check that its protocol is http, not one of [https, ");
    assertProxyRecovers(null);
  }

  private void assertTlsFails(SslContext tls, String message) throws Exception {
    restart(tls);
    through("https", http.port(), LATE);

    ConnectFailure failure = failure();

    assertThat(failure.stage()).isEqualTo(Stage.PROXY_TLS);
    assertThat(failure)
        .hasMessageStartingWith("TLS with proxy " + egress("https", http.port()) + " failed (")
        .hasMessageContaining(message);
    assertThat(http.tunnelsRequested()).isEmpty();
    assertProxyRecovers(AUTHORITY.server("proxy.test"));
  }

  // ---- The name of the proxy ----

  @Test
  void a_name_that_nobody_knows() throws Exception {
    through("socks5", "new.test", socks.port(), LATE);

    assertNoAddress(failure());

    names.with("new.test", "127.0.0.1");
    assertRecovers();
  }

  @Test
  void a_name_without_addresses() throws Exception {
    names.with("new.test");
    through("socks5", "new.test", socks.port(), LATE);

    assertNoAddress(failure());

    names.with("new.test", "127.0.0.1");
    assertRecovers();
  }

  @Test
  void name_servers_that_do_not_answer() throws Exception {
    names.silent();
    through("socks5", socks.port(), SOON);

    ConnectFailure failure = failure();

    assertThat(failure.stage()).isEqualTo(Stage.DNS);
    assertThat(failure)
        .hasMessage(
            "no response from the name servers for the route through proxy "
                + egress("socks5", socks.port())
                + " within 1000 ms; check them and "
                + KEY);
    names.speaking();
    assertRecovers();
  }

  private void assertNoAddress(ConnectFailure failure) {
    assertThat(failure.stage()).isEqualTo(Stage.DNS);
    assertThat(failure)
        .hasMessage(
            "no address found for 'new.test' for the route through proxy socks5://new.test:"
                + socks.port()
                + "; check the name and "
                + KEY);
  }

  // ---- How it is done ----

  private void trouble(Place place, Duration timeout, Trouble trouble) {
    stopLine();
    if (place == Place.TLS_WITH_THE_PROXY) {
      restart(AUTHORITY.server("proxy.test"));
    }
    line =
        new BadLine(
            place.scheme.startsWith("http") ? http : socks,
            place == Place.WITHIN_THAT_TLS ? AUTHORITY.server("proxy.test") : null);
    line().gets(trouble);
    through(place.scheme, line().port(), timeout);
  }

  private void restart(@Nullable SslContext tls) {
    http.stop();
    http.overTls(tls).start();
  }

  private void through(String scheme, int port, Duration timeout) {
    through(scheme, "proxy.test", port, timeout);
  }

  private void through(String scheme, String host, int port, Duration timeout) {
    String password = scheme.startsWith("socks4") ? "" : ":" + PASSWORD;
    injector =
        new InjectorUnderTest(
            Map.of(
                "proxy.enabled",
                "true",
                KEY,
                scheme + "://" + USER + password + "@" + host + ":" + port,
                "proxy.default.rest.timeout.ms",
                Long.toString(timeout.toMillis()),
                "proxy.default.websocket.url",
                "socks5://another.test:1080"),
            names,
            AUTHORITY);
  }

  private static String egress(String scheme, int port) {
    return scheme + "://proxy.test:" + port;
  }

  private String tooSlow(Place place) {
    String proxy = "proxy " + egress(place.scheme, line().port());
    return place == Place.TLS_WITH_THE_PROXY
        ? proxy + " did not finish the TLS handshake within 1000 ms"
        : proxy
            + " did not open a tunnel to "
            + TARGET
            + " within 1000 ms; check that its protocol is "
            + place.scheme
            + ", not one of [";
  }

  private ConnectFailure failure() throws Exception {
    int before = pipelines.get();
    ConnectFailure failure = Client.failureOf(open());
    assertThat(Client.allTextOf(failure)).doesNotContain(USER, PASSWORD);
    assertThat(pipelines).hasValue(before);
    return failure;
  }

  private Future<ProxiedChannel> open() {
    return requireNonNull(injector)
        .open(
            loop,
            "exchange.test",
            443,
            opened -> {
              pipelines.incrementAndGet();
              opened.channel().pipeline().addLast(new Ear());
            });
  }

  /** Opens a connection and waits for the exchange's echo. */
  private Channel talk() throws Exception {
    Channel channel = open().get(20, TimeUnit.SECONDS).channel();
    heard.clear();
    channel.writeAndFlush(Unpooled.copiedBuffer("hello", UTF_8)).sync();
    await().until(() -> String.join("", heard).equals("hello"));
    return channel;
  }

  private void assertNothingIsLeft() {
    await()
        .until(
            () ->
                line().clientsConnected() == 0
                    && http.clientsConnected() == 0
                    && socks.clientsConnected() == 0
                    && origin.accepted().stream().noneMatch(Channel::isOpen));
  }

  private void assertLineRecovers() {
    line().gets(BadLine.none());
    assertRecovers();
  }

  private void assertProxyRecovers(@Nullable SslContext tls) {
    await().until(() -> http.clientsConnected() == 0);
    restart(tls);
    assertRecovers();
  }

  /** Not at once: a busy machine may need more than one attempt of a second. */
  private void assertRecovers() {
    await().ignoreExceptionsInstanceOf(ExecutionException.class).until(() -> talk().isActive());
  }

  /** In small steps, for there are many tests. */
  private static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5));
  }

  private BadLine line() {
    return requireNonNull(line);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private final class Ear extends SimpleChannelInboundHandler<ByteBuf> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      heard.add(message.toString(UTF_8));
    }
  }
}
