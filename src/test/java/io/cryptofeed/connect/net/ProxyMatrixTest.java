package io.cryptofeed.connect.net;

import static io.cryptofeed.connect.proxy.InjectorUnderTest.EXCHANGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalLittleProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.proxy.ObservedProxy;
import io.cryptofeed.connect.local.proxy.Tunnel;
import io.cryptofeed.connect.proxy.InjectorUnderTest;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.TestNames;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * REST and WebSocket through every kind of proxy, with every kind of credentials, to every kind of
 * address. In each case the exchange serves only the proxies, a proxy records the requested
 * tunnels, and every DNS lookup of this JVM is recorded.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyMatrixTest {

  private static final String PROXY_NAME = "proxy.test";
  private static final String EXCHANGE_NAME = "exchange.test";
  private static final InetAddress IPV4 = address("127.0.0.1");
  private static final InetAddress IPV6 = address("::1");
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final int LIMIT = 1 << 16;

  private final LocalCertificates authority = LocalCertificates.create();
  private final OriginTls originTls = TestTls.trusting(authority.trustStore());
  private final Loopback loopback = new Loopback();
  private final Map<Place, ObservedProxy> proxies = new HashMap<>();
  private final List<LocalProxy<?>> ours = new ArrayList<>();
  private final List<LocalLittleProxy> little = new ArrayList<>();
  private final Map<InetAddress, GuardedExchange> exchanges = new LinkedHashMap<>();

  // ---- The combinations ----

  /** The implementation of the proxy. */
  private enum Maker {
    OURS,
    LITTLEPROXY
  }

  /** What the proxy speaks: one of ours speaks all versions of SOCKS on one port. */
  private enum Protocol {
    HTTP,
    HTTPS,
    SOCKS
  }

  private enum Scheme {
    HTTP(Protocol.HTTP),
    HTTPS(Protocol.HTTPS),
    SOCKS4(Protocol.SOCKS),
    SOCKS4A(Protocol.SOCKS),
    SOCKS5(Protocol.SOCKS),
    SOCKS5H(Protocol.SOCKS);

    private final Protocol protocol;

    Scheme(Protocol protocol) {
      this.protocol = protocol;
    }

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** It has a user id and no password, and no IPv6. */
    boolean isSocks4() {
      return this == SOCKS4 || this == SOCKS4A;
    }
  }

  private enum Purpose {
    REST,
    WEBSOCKET;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private enum Target {
    IPV4,
    IPV6,
    NAME
  }

  private record Account(String user, String password) {}

  private static final Account PLAIN = new Account("alice", "S3CRET-word");
  private static final Account RESERVED = new Account("al ice@corp", "p@ss:w/r%d?#\\ +");
  private static final Account ACCENTED = new Account("jürgen", "pä€ss-字");

  private enum Login {
    NONE(null, null),
    UNNEEDED(null, PLAIN),
    MISSING(PLAIN, null),
    RIGHT(PLAIN, PLAIN),
    PERCENT_ENCODED(RESERVED, RESERVED),
    NON_ASCII(ACCENTED, ACCENTED),
    WRONG_USER(PLAIN, new Account("mallory", PLAIN.password())),
    WRONG_PASSWORD(PLAIN, new Account(PLAIN.user(), "GUESSED-word")),
    WRONG_NON_ASCII(PLAIN, ACCENTED);

    private final @Nullable Account wanted;
    private final @Nullable Account given;

    Login(@Nullable Account wanted, @Nullable Account given) {
      this.wanted = wanted;
      this.given = given;
    }

    boolean isAccepted() {
      return wanted == null || wanted.equals(given);
    }
  }

  /** How the credentials are configured. */
  private enum Written {
    IN_THE_URL,
    BESIDE_IT
  }

  /** A proxy that serves many combinations. */
  private record Place(Maker maker, Protocol protocol, @Nullable Account wanted) {}

  private record Cell(
      Maker maker, Scheme scheme, Purpose purpose, Login login, Written written, Target target) {

    boolean exists() {
      boolean speaks = maker == Maker.OURS || scheme.protocol != Protocol.SOCKS;
      boolean hasPassword = !scheme.isSocks4() || login != Login.WRONG_PASSWORD;
      boolean isWritten = login.given != null || written == Written.IN_THE_URL;
      return speaks && hasPassword && isWritten;
    }

    boolean lacksIpv6() {
      return scheme.isSocks4() && target == Target.IPV6;
    }

    /** Only with SOCKS4 the client must resolve the host name. */
    boolean looksUpHere() {
      return scheme == Scheme.SOCKS4 && target == Target.NAME;
    }

    Place place() {
      return new Place(maker, scheme.protocol, login.wanted);
    }

    String key() {
      return "proxy.default." + purpose.code() + ".url";
    }

    @Override
    public String toString() {
      return Stream.of(maker, scheme, purpose, login, written, target)
          .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', ' '))
          .collect(Collectors.joining(", "));
    }
  }

  private static Stream<Cell> cells(Predicate<Cell> wanted) {
    List<Cell> cells = new ArrayList<>();
    for (Maker maker : Maker.values()) {
      for (Scheme scheme : Scheme.values()) {
        for (Purpose purpose : Purpose.values()) {
          for (Login login : Login.values()) {
            for (Written written : Written.values()) {
              for (Target target : Target.values()) {
                cells.add(new Cell(maker, scheme, purpose, login, written, target));
              }
            }
          }
        }
      }
    }
    return cells.stream().filter(Cell::exists).filter(wanted);
  }

  static Stream<Cell> openWays() {
    return cells(cell -> !cell.lacksIpv6() && cell.login.isAccepted());
  }

  static Stream<Cell> waysThatTheProxyCloses() {
    return cells(cell -> !cell.lacksIpv6() && !cell.login.isAccepted());
  }

  static Stream<Cell> waysThatThereAreNot() {
    return cells(Cell::lacksIpv6);
  }

  // ---- Servers and proxies ----

  @BeforeAll
  void startEverything() throws SocketException {
    // That socks4 can't resolve names would be said for each of its cells.
    Configurator.setLevel(ProxyInjector.class, Level.ERROR);
    SslContext proxyTls = authority.server(PROXY_NAME);
    cells(cell -> true).map(Cell::place).distinct().forEach(place -> start(place, proxyTls));
    SslContext exchangeTls = authority.server(EXCHANGE_NAME, "127.0.0.1", "::1");
    for (InetAddress address : hasIpv6() ? List.of(IPV4, IPV6) : List.of(IPV4)) {
      exchanges.put(address, new GuardedExchange(loopback, address, exchangeTls, this::isAProxy));
    }
  }

  private void start(Place place, SslContext tls) {
    Account wanted = place.wanted();
    if (place.maker() == Maker.LITTLEPROXY) {
      LocalLittleProxy proxy =
          new LocalLittleProxy(
                  place.protocol() == Protocol.HTTPS ? tls : null,
                  wanted == null ? Map.of() : Map.of(wanted.user(), wanted.password()))
              .withName(EXCHANGE_NAME, new InetSocketAddress(IPV4, 0))
              .withName("127.0.0.1", new InetSocketAddress(IPV4, 0))
              .withName("::1", new InetSocketAddress(IPV6, 0));
      little.add(proxy);
      proxies.put(place, proxy);
      return;
    }
    LocalProxy<?> proxy =
        switch (place.protocol()) {
          case HTTP -> new LocalHttpProxy();
          case HTTPS -> new LocalHttpProxy().overTls(tls);
          case SOCKS -> new LocalSocksProxy();
        };
    if (wanted != null) {
      proxy.withCredentials(wanted.user(), wanted.password());
    }
    ours.add(proxy.withName(EXCHANGE_NAME, new InetSocketAddress(IPV4, 0)).start());
    proxies.put(place, proxy);
  }

  private boolean isAProxy(InetSocketAddress peer) {
    return ours.stream().anyMatch(proxy -> proxy.owns(peer))
        || little.stream().anyMatch(LocalLittleProxy::arrives);
  }

  @AfterAll
  void stopEverything() {
    proxies.values().forEach(ObservedProxy::close);
    loopback.close();
    Configurator.setLevel(ProxyInjector.class, (Level) null);
  }

  private static boolean hasIpv6() throws SocketException {
    return NetworkInterface.getByInetAddress(IPV6) != null;
  }

  private static InetAddress address(String literal) {
    return requireNonNull(NetUtil.createInetAddressFromIpAddressString(literal));
  }

  // ---- Tests ----

  @ParameterizedTest(name = "{0}")
  @MethodSource("openWays")
  void the_exchange_is_reached_only_through_the_proxy(Cell cell) throws Exception {
    GuardedExchange exchange = exchange(cell);
    ObservedProxy proxy = proxy(cell);
    int askedBefore = proxy.tunnelsRequested().size();
    int clientsBefore = proxy.accepted();
    int arrivedBefore = exchange.accepted();
    TestNames names = names(cell);

    try (InjectorUnderTest injector = injector(cell, names)) {
      if (cell.purpose == Purpose.REST) {
        ask(cell, injector.injector(), exchange);
      } else {
        talk(cell, injector.injector(), exchange);
      }
    }

    List<Tunnel> asked = proxy.tunnelsRequested();
    assertThat(asked.subList(askedBefore, asked.size()))
        .singleElement()
        .satisfies(tunnel -> assertLeadsTo(tunnel, cell, exchange));
    assertThat(proxy.accepted() - clientsBefore).isEqualTo(1);
    assertThat(exchange.accepted() - arrivedBefore).isEqualTo(1);
    assertThat(little).noneMatch(LocalLittleProxy::isUnderWay);
    assertThat(names.askedFor())
        .isEqualTo(cell.looksUpHere() ? List.of(EXCHANGE_NAME, PROXY_NAME) : List.of(PROXY_NAME));
    assertNobodyCameDirectly();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysThatTheProxyCloses")
  void nothing_goes_direct_if_the_proxy_refuses_the_credentials(Cell cell) throws Exception {
    GuardedExchange exchange = exchange(cell);
    ObservedProxy proxy = proxy(cell);
    int askedBefore = proxy.tunnelsRequested().size();
    int arrivedBefore = exchange.accepted();
    TestNames names = names(cell);

    ConnectFailure failure = failure(cell, names, exchange);

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure.egress()).isEqualTo(egress(cell));
    assertThat(failure)
        .hasMessageStartingWith(
            "proxy "
                + egress(cell)
                + (cell.login.given == null
                    ? " requires a user name and a password ("
                    : " rejected the credentials ("))
        .hasMessageContaining(
            (cell.login.given == null
                    ? "; set them next to "
                    : "; check the user name and the password of ")
                + cell.key());
    assertShowsNoSecret(failure, cell.login.given);
    assertThat(proxy.tunnelsRequested()).hasSize(askedBefore);
    assertThat(exchange.accepted()).isEqualTo(arrivedBefore);
    assertThat(names.askedFor())
        .isEqualTo(cell.looksUpHere() ? List.of(EXCHANGE_NAME, PROXY_NAME) : List.of(PROXY_NAME));
    assertNobodyCameDirectly();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysThatThereAreNot")
  void socks4_to_ipv6_is_refused_before_anything_is_sent(Cell cell) throws Exception {
    GuardedExchange exchange = exchange(cell);
    ObservedProxy proxy = proxy(cell);
    int clientsBefore = proxy.accepted();
    TestNames names = names(cell);

    ConnectFailure failure = failure(cell, names, exchange);

    assertThat(failure.stage()).isEqualTo(Stage.ROUTE);
    assertThat(failure)
        .hasMessageStartingWith("proxy " + egress(cell) + " cannot reach ")
        .hasMessageEndingWith("which has no IPv4 address; use socks5");
    assertShowsNoSecret(failure, cell.login.given);
    assertThat(proxy.accepted()).isEqualTo(clientsBefore);
    assertThat(names.askedFor()).isEmpty();
    assertNobodyCameDirectly();
  }

  // ---- Helpers ----

  private void ask(Cell cell, ProxyInjector injector, GuardedExchange exchange) {
    try (HttpClient client = new HttpClient(injector, originTls)) {
      HttpAnswer answer = success(get(cell, client, exchange));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(new String(answer.body(), UTF_8)).isEqualTo("/book");
    }
  }

  private void talk(Cell cell, ProxyInjector injector, GuardedExchange exchange)
      throws InterruptedException {
    RecordingListener listener = new RecordingListener();
    WebSocketConnection connection = success(connect(cell, injector, exchange, listener));
    connection.send("hello");
    assertThat(listener.text()).isEqualTo("hello");
    assertThat(connection.egress()).isEqualTo(egress(cell));
  }

  private static <T> T success(Future<T> future) {
    assertThat(Loopback.failure(future)).isNull();
    return future.getNow();
  }

  private ConnectFailure failure(Cell cell, TestNames names, GuardedExchange exchange) {
    try (InjectorUnderTest injector = injector(cell, names);
        HttpClient client = new HttpClient(injector.injector(), originTls)) {
      Throwable failure =
          Loopback.failure(
              cell.purpose == Purpose.REST
                  ? get(cell, client, exchange)
                  : connect(cell, injector.injector(), exchange, new RecordingListener()));
      assertThat(failure).isInstanceOf(ConnectFailure.class);
      return (ConnectFailure) requireNonNull(failure);
    }
  }

  private Future<HttpAnswer> get(Cell cell, HttpClient client, GuardedExchange exchange) {
    URI uri = URI.create("https://" + host(cell) + ":" + exchange.port() + "/book");
    return client.get(loopback.loop(), EXCHANGE, uri, 1, PATIENT, LIMIT);
  }

  private Future<WebSocketConnection> connect(
      Cell cell, ProxyInjector injector, GuardedExchange exchange, WebSocketListener listener) {
    URI uri = URI.create("wss://" + host(cell) + ":" + exchange.port() + GuardedExchange.STREAM);
    return new WebSocketClient(injector, originTls)
        .connect(
            loopback.loop(),
            EXCHANGE,
            "a session",
            uri,
            new WebSocketOptions(true, LIMIT, PATIENT),
            listener);
  }

  private static String host(Cell cell) {
    return switch (cell.target) {
      case IPV4 -> "127.0.0.1";
      case IPV6 -> "[::1]";
      case NAME -> EXCHANGE_NAME;
    };
  }

  private GuardedExchange exchange(Cell cell) {
    GuardedExchange exchange = exchanges.get(cell.target == Target.IPV6 ? IPV6 : IPV4);
    assumeTrue(exchange != null, "this machine has no ::1");
    return requireNonNull(exchange);
  }

  private ObservedProxy proxy(Cell cell) {
    return requireNonNull(proxies.get(cell.place()));
  }

  /** This machine knows the proxy, and the exchange only where the client must find it. */
  private static TestNames names(Cell cell) throws UnknownHostException {
    TestNames names = new TestNames().with(PROXY_NAME, "127.0.0.1");
    return cell.looksUpHere() ? names.with(EXCHANGE_NAME, "127.0.0.1") : names;
  }

  private InjectorUnderTest injector(Cell cell, TestNames names) {
    Map<String, String> properties = new HashMap<>();
    properties.put("proxy.enabled", "true");
    for (Purpose purpose : Purpose.values()) {
      properties.put(
          "proxy.default." + purpose.code() + ".url",
          purpose == cell.purpose ? url(cell) : "socks5://another.test:1080");
    }
    Account given = cell.login.given;
    if (given != null && cell.written == Written.BESIDE_IT) {
      String place = "proxy.default." + cell.purpose.code();
      properties.put(place + ".username", given.user());
      if (!cell.scheme.isSocks4()) {
        properties.put(place + ".password", given.password());
      }
    }
    return new InjectorUnderTest(properties, names, authority);
  }

  private String url(Cell cell) {
    Account given = cell.login.given;
    if (given == null || cell.written == Written.BESIDE_IT) {
      return egress(cell);
    }
    String password = cell.scheme.isSocks4() ? "" : ":" + percentEncoded(given.password());
    return egress(cell).replace("://", "://" + percentEncoded(given.user()) + password + "@");
  }

  private String egress(Cell cell) {
    return cell.scheme.code() + "://" + PROXY_NAME + ":" + proxy(cell).port();
  }

  private static String percentEncoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static void assertLeadsTo(Tunnel tunnel, Cell cell, GuardedExchange exchange) {
    assertThat(tunnel.port()).isEqualTo(exchange.port());
    boolean byName = cell.target == Target.NAME && !cell.looksUpHere();
    assertThat(tunnel.isByName()).isEqualTo(byName);
    if (byName) {
      assertThat(tunnel.host()).isEqualTo(EXCHANGE_NAME);
    } else {
      assertThat(address(tunnel.host())).isEqualTo(cell.target == Target.IPV6 ? IPV6 : IPV4);
    }
  }

  private void assertNobodyCameDirectly() {
    assertThat(exchanges.values()).extracting(GuardedExchange::refused).containsOnly(0);
  }

  private static void assertShowsNoSecret(ConnectFailure failure, @Nullable Account given) {
    if (given == null) {
      return;
    }
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    byte[] basic = (given.user() + ":" + given.password()).getBytes(UTF_8);
    assertThat(text.toString())
        .doesNotContain(given.user(), given.password())
        .doesNotContain(percentEncoded(given.password()))
        .doesNotContain(Base64.getEncoder().encodeToString(basic));
  }
}
