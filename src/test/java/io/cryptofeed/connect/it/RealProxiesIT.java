package io.cryptofeed.connect.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.LoopbackPort;
import io.cryptofeed.connect.local.proxy.real.RealProxy;
import io.cryptofeed.connect.net.GuardedExchange;
import io.cryptofeed.connect.net.HttpAnswer;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.Loopback;
import io.cryptofeed.connect.net.OriginTls;
import io.cryptofeed.connect.net.RecordingListener;
import io.cryptofeed.connect.net.TestTls;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.net.WebSocketConnection;
import io.cryptofeed.connect.net.WebSocketOptions;
import io.cryptofeed.connect.proxy.InjectorUnderTest;
import io.cryptofeed.connect.proxy.TestNames;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Connections through proxy servers that others wrote: {@code mvn -Preal-proxies verify}. Where a
 * program cannot be started, its tests are skipped and say why, with the name of the package. Only
 * the proxies know the exchange's name.
 */
@Tag("real-proxies")
final class RealProxiesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int LIMIT = 1 << 16;
  private static final String NAME = "exchange.test";
  private static final String EXCHANGE = InjectorUnderTest.EXCHANGE;

  @TempDir private Path folder;

  private final LocalCertificates authority = LocalCertificates.create();
  private final OriginTls originTls = TestTls.trusting(authority.trustStore());
  private final Loopback loopback = new Loopback();
  private final TestNames names = new TestNames();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable GuardedExchange exchange;

  /** What is tried. */
  private enum Server {
    DANTE("danted", "socks5", false),
    MICROSOCKS("microsocks", "socks5", false),
    MICROSOCKS_WITH_PASSWORD("microsocks", "socks5h", true),
    TINYPROXY("tinyproxy", "http", false),
    TINYPROXY_WITH_PASSWORD("tinyproxy", "http", true),
    SQUID("squid", "http", true),
    SQUID_OVER_TLS("squid", "https", true),
    HAPROXY_BEFORE_TINYPROXY("haproxy", "https", true);

    private final String program;
    private final String scheme;
    private final boolean asksForCredentials;

    Server(String program, String scheme, boolean asksForCredentials) {
      this.program = program;
      this.scheme = scheme;
      this.asksForCredentials = asksForCredentials;
    }

    /** tinyproxy takes letters and digits only. */
    String password() {
      return program.equals("microsocks") || program.equals("squid") ? "p@ss:w/r%d" : "p4ssw0rd";
    }
  }

  @BeforeEach
  void start() throws IOException {
    assumeTrue(
        RealProxy.hasPrivateNames(),
        "this machine lets nobody have a hosts file of his own (unshare -rm): real proxies are not tried");
    exchange =
        new GuardedExchange(
            loopback,
            InetAddress.getLoopbackAddress(),
            authority.server(NAME, "127.0.0.1"),
            peer -> true);
    // Squid drops the rights of root, and has to find its files then.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    write("hosts", "127.0.0.1 localhost " + NAME + "\n");
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
    loopback.close();
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    return file.toString();
  }

  private static String program(String name) {
    Optional<Path> program = RealProxy.program(name);
    assumeTrue(program.isPresent(), () -> RealProxy.absence(name));
    return program.orElseThrow().toString();
  }

  private RealProxy opened(RealProxy proxy) {
    opened.add(proxy);
    return proxy;
  }

  // The servers.

  private RealProxy start(Server server) throws Exception {
    int port = LoopbackPort.free();
    return switch (server) {
      case DANTE -> dante(port);
      case MICROSOCKS, MICROSOCKS_WITH_PASSWORD -> microsocks(server, port);
      case TINYPROXY, TINYPROXY_WITH_PASSWORD -> tinyproxy(server, port);
      case SQUID, SQUID_OVER_TLS -> squid(server, port);
      case HAPROXY_BEFORE_TINYPROXY -> haproxy(port, tinyproxy(server, LoopbackPort.free()), NAME);
    };
  }

  private RealProxy dante(int port) throws IOException {
    String config =
        write(
            "danted.conf",
            """
            logoutput: stdout
            internal: 127.0.0.1 port = %d
            external: lo
            clientmethod: none
            socksmethod: none
            user.privileged: root
            user.unprivileged: root
            client pass {
              from: 127.0.0.0/8 to: 0/0
              log: error
            }
            socks pass {
              from: 127.0.0.0/8 to: 0/0
              protocol: tcp
              log: error connect
            }
            """
                .formatted(port));
    return opened(
        RealProxy.startWithNames(
            folder,
            port,
            List.of(
                program("danted"), "-f", config, "-p", folder.resolve("danted.pid").toString())));
  }

  private RealProxy microsocks(Server server, int port) {
    List<String> command =
        new ArrayList<>(
            List.of(program("microsocks"), "-i", "127.0.0.1", "-p", String.valueOf(port)));
    if (server.asksForCredentials) {
      command.addAll(List.of("-u", "alice", "-P", server.password()));
    }
    return opened(RealProxy.startWithNames(folder, port, command));
  }

  private RealProxy tinyproxy(Server server, int port) throws IOException {
    String config =
        write(
            "tinyproxy.conf",
            """
            Port %d
            Listen 127.0.0.1
            Timeout 600
            MaxClients 50
            LogLevel Connect
            Allow 127.0.0.1
            %s
            """
                .formatted(
                    port, server.asksForCredentials ? "BasicAuth alice " + server.password() : ""));
    return opened(
        RealProxy.startWithNames(folder, port, List.of(program("tinyproxy"), "-d", "-c", config)));
  }

  private RealProxy squid(Server server, int port) throws Exception {
    String helper = program("basic_ncsa_auth");
    String listen =
        server == Server.SQUID
            ? "http_port 127.0.0.1:" + port
            : "https_port 127.0.0.1:"
                + port
                + " tls-cert="
                + write("squid.pem", authority.serverPem("localhost", "127.0.0.1"));
    String config =
        write(
            "squid.conf",
            """
            visible_hostname proxy.test
            %s
            auth_param basic program %s %s
            auth_param basic realm proxy
            auth_param basic children 2 startup=1 idle=1
            acl authed proxy_auth REQUIRED
            http_access deny !authed
            http_access allow authed
            hosts_file %s
            dns_nameservers 127.0.0.1
            cache deny all
            cache_mem 8 MB
            pid_filename none
            pinger_enable off
            unlinkd_program /bin/true
            memory_cache_shared off
            mime_table %s
            icon_directory %s
            error_directory %s
            access_log stdio:%s
            cache_log %s
            coredump_dir %s
            shutdown_lifetime 1 seconds
            cache_effective_user nobody
            workers 1
            """
                .formatted(
                    listen,
                    helper,
                    write("squid.passwd", "alice:" + hashed(server.password()) + "\n"),
                    folder.resolve("hosts"),
                    RealProxy.share("usr/share/squid").resolve("mime.conf"),
                    RealProxy.share("usr/share/squid").resolve("icons"),
                    RealProxy.share("usr/share/squid-langpack").resolve("templates"),
                    folder.resolve("access.log"),
                    folder.resolve("cache.log"),
                    folder));
    write("access.log", "");
    write("cache.log", "");
    return opened(
        RealProxy.start(
            folder, port, List.of(program("squid"), "-N", "-n", "test" + port, "-f", config)));
  }

  private static String hashed(String password) throws Exception {
    Process openssl = new ProcessBuilder(program("openssl"), "passwd", "-apr1", password).start();
    return new String(openssl.getInputStream().readAllBytes()).strip();
  }

  private RealProxy haproxy(int port, RealProxy behind, String certificateFor) throws IOException {
    String names = certificateFor.equals(NAME) ? "localhost" : certificateFor;
    String config =
        write(
            "haproxy.cfg",
            """
            global
                maxconn 100
                nbthread 1
            defaults
                mode tcp
                timeout connect 5s
                timeout client 1h
                timeout server 1h
            frontend tls
                bind 127.0.0.1:%d ssl crt %s alpn http/1.1
                default_backend plain
            backend plain
                server one 127.0.0.1:%d
            """
                .formatted(port, write("haproxy.pem", authority.serverPem(names)), behind.port()));
    return opened(RealProxy.start(folder, port, List.of(program("haproxy"), "-db", "-f", config)));
  }

  // The clients.

  private InjectorUnderTest injector(
      Server server, RealProxy proxy, String scheme, @Nullable String password) {
    Map<String, String> properties = new HashMap<>();
    properties.put("proxy.enabled", "true");
    for (String transport : List.of("rest", "websocket")) {
      String place = "proxy.default." + transport;
      properties.put(place + ".url", scheme + "://localhost:" + proxy.port());
      properties.put(place + ".timeout.ms", "5000");
      if (password != null) {
        properties.put(place + ".username", "alice");
        properties.put(place + ".password", password);
      }
    }
    InjectorUnderTest injector = new InjectorUnderTest(properties, names, authority);
    opened.add(injector);
    return injector;
  }

  private InjectorUnderTest injector(Server server, RealProxy proxy) throws IOException {
    names.with("localhost", "127.0.0.1");
    return injector(
        server, proxy, server.scheme, server.asksForCredentials ? server.password() : null);
  }

  private Future<HttpAnswer> get(HttpClient client, String host) {
    URI uri = URI.create("https://" + host + ":" + requireNonNull(exchange).port() + "/book");
    return client.get(loopback.loop(), EXCHANGE, uri, 1, PATIENCE, LIMIT);
  }

  private String echoed(InjectorUnderTest injector, String host, String word)
      throws InterruptedException {
    URI uri =
        URI.create(
            "wss://" + host + ":" + requireNonNull(exchange).port() + GuardedExchange.STREAM);
    RecordingListener listener = new RecordingListener();
    WebSocketConnection connection =
        Loopback.await(
            new WebSocketClient(injector.injector(), originTls)
                .connect(
                    loopback.loop(),
                    EXCHANGE,
                    "a session",
                    uri,
                    new WebSocketOptions(true, LIMIT, PATIENCE),
                    listener));
    connection.send(word);
    String echo = listener.text();
    connection.close(1000, "done");
    return echo;
  }

  private ConnectFailure failure(InjectorUnderTest injector) {
    try (HttpClient client = new HttpClient(injector.injector(), originTls)) {
      return (ConnectFailure) requireNonNull(Loopback.failure(get(client, NAME)));
    }
  }

  // The proof.

  @ParameterizedTest
  @EnumSource
  void carries_rest_and_websocket_by_name(Server server) throws Exception {
    RealProxy proxy = start(server);
    InjectorUnderTest injector = injector(server, proxy);

    try (HttpClient client = new HttpClient(injector.injector(), originTls)) {
      for (int i = 0; i < 3; i++) {
        assertThat(Loopback.await(get(client, NAME)).status()).isEqualTo(200);
      }
      assertThat(requireNonNull(exchange).accepted()).isEqualTo(1);
    }
    assertThat(echoed(injector, NAME, "hello")).isEqualTo("hello");

    assertThat(names.askedFor()).doesNotContain(NAME);
    String trace = trace(server);
    await().untilAsserted(() -> assertThat(proxy.log()).contains(trace));
  }

  /** What a tunnel leaves in the log: the name, where the proxy writes it down. */
  private static String trace(Server server) {
    return switch (server.program) {
      case "danted" -> "pass(1): tcp/connect";
      case "microsocks" -> "connected to " + NAME;
      default -> NAME;
    };
  }

  @ParameterizedTest
  @EnumSource
  void reaches_an_address(Server server) throws Exception {
    assertThat(echoed(injector(server, start(server)), "127.0.0.1", "hello")).isEqualTo("hello");
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "MICROSOCKS_WITH_PASSWORD",
        "TINYPROXY_WITH_PASSWORD",
        "SQUID",
        "SQUID_OVER_TLS",
        "HAPROXY_BEFORE_TINYPROXY"
      })
  void says_that_credentials_are_wrong_or_missing(Server server) throws Exception {
    RealProxy proxy = start(server);
    names.with("localhost", "127.0.0.1");

    ConnectFailure wrong = failure(injector(server, proxy, server.scheme, "wr0ngS3CRET"));
    ConnectFailure missing = failure(injector(server, proxy, server.scheme, null));

    assertThat(List.of(wrong, missing))
        .allSatisfy(
            failure -> {
              assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
              assertThat(failure.kind()).isEqualTo(FailureKind.PROXY_AUTH);
              assertThat(failure).hasMessageNotContaining("S3CRET");
            });
    assertThat(wrong).hasMessageContaining("rejected the credentials");
    assertThat(missing).hasMessageContaining("requires a user name and a password");
    assertThat(requireNonNull(exchange).accepted()).isZero();
  }

  @Test
  void dante_speaks_socks4_with_addresses_and_no_socks4a() throws Exception {
    RealProxy proxy = start(Server.DANTE);
    names.with("localhost", "127.0.0.1");

    assertThat(echoed(injector(Server.DANTE, proxy, "socks4", null), "127.0.0.1", "hello"))
        .isEqualTo("hello");
    ConnectFailure failure = failure(injector(Server.DANTE, proxy, "socks4a", null));

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure).hasMessageContaining("rejected or could not reach " + NAME);
  }

  @Test
  void a_certificate_for_another_host_is_refused() throws Exception {
    Server server = Server.HAPROXY_BEFORE_TINYPROXY;
    RealProxy proxy =
        haproxy(LoopbackPort.free(), tinyproxy(server, LoopbackPort.free()), "other.test");

    ConnectFailure failure = failure(injector(server, proxy));

    assertThat(failure.stage()).isEqualTo(Stage.PROXY_TLS);
    assertThat(failure).hasMessageContaining("its certificate must be for the host");
  }

  @Test
  void a_proxy_may_freeze_and_die_and_come_back() throws Exception {
    Server server = Server.MICROSOCKS;
    RealProxy proxy = start(server);
    InjectorUnderTest injector = injector(server, proxy);
    assertThat(echoed(injector, NAME, "one")).isEqualTo("one");

    proxy.freeze();
    ConnectFailure frozen = failure(injector);
    assertThat(frozen.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(frozen).hasMessageContaining("within 5000 ms");
    proxy.thaw();
    assertThat(echoed(injector, NAME, "two")).isEqualTo("two");

    proxy.close();
    assertThat(failure(injector).stage()).isEqualTo(Stage.TCP);
    microsocks(server, proxy.port());
    assertThat(echoed(injector, NAME, "three")).isEqualTo("three");
  }
}
