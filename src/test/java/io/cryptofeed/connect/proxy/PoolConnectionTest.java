package io.cryptofeed.connect.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.connect.ProxyTls;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.pool.MemberState;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.ProxySettingsBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections through the members of a pool. */
class PoolConnectionTest {

  private static final Duration SHORT = Duration.ofSeconds(1);

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private @Nullable ProxyLayer layer;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private LocalProxy<?> proxy() {
    return opened(new LocalSocksProxy()).start();
  }

  private EchoOrigin originBehind(LocalProxy<?>... proxies) {
    EchoOrigin origin =
        opened(
            new EchoOrigin(
                "127.0.0.1",
                peer -> {
                  for (LocalProxy<?> proxy : proxies) {
                    if (proxy.owns(peer)) {
                      return true;
                    }
                  }
                  return false;
                }));
    for (LocalProxy<?> proxy : proxies) {
      proxy.withName("exchange.test:443", origin.address());
    }
    return origin;
  }

  private static String url(LocalProxy<?> proxy) {
    return "socks5://127.0.0.1:" + proxy.port();
  }

  private static String nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "socks5://127.0.0.1:" + socket.getLocalPort();
    }
  }

  /** Accepts connections, and says nothing. */
  private String mute() throws IOException {
    ServerSocket socket = opened(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    return "socks5://127.0.0.1:" + socket.getLocalPort();
  }

  /** A pool in the order of its members, for the WebSockets of every exchange. */
  private static ProxySettingsBuilder pool(String... members) {
    return new ProxySettingsBuilder()
        .set("proxy.pools.eu.members", String.join(",", members))
        .set("proxy.pools.eu.strategy", "failover")
        .defaultPool(Transport.WEBSOCKET, "eu");
  }

  private ProxyInjector injector(ProxySettingsBuilder settings) {
    return injector(settings.build());
  }

  private ProxyInjector injector(ProxySettings settings) {
    layer =
        new ProxyLayer(
            "test",
            settings,
            new ProxyTls(LocalCertificates.create().client()),
            new TestNames(),
            new Heard());
    return opened(new ProxyInjector(layer));
  }

  private Future<ProxiedChannel> open(ProxyInjector injector) {
    return open(injector, "a session");
  }

  private Future<ProxiedChannel> open(ProxyInjector injector, String session) {
    return injector.connect(
        loops.next(),
        new Destination("binance", Transport.WEBSOCKET, "exchange.test", 443, session, 0),
        opened -> {});
  }

  private static ProxiedChannel opened(Future<ProxiedChannel> opening) throws Exception {
    return opening.get(20, TimeUnit.SECONDS);
  }

  private static ConnectFailure failure(Future<ProxiedChannel> opening) throws Exception {
    return Client.failureOf(opening);
  }

  /** What was told about direct connections, other members, and refusals. */
  private final class Heard implements ProxyEvents {
    @Override
    public void failover(String exchange, Transport transport, Exit failed, String message) {
      events.add("failover from " + failed.egress());
    }

    @Override
    public void directFallback(
        String exchange, Transport transport, String target, String route, String reason) {
      events.add("direct to " + target);
    }

    @Override
    public void refused(
        String exchange, Transport transport, String target, String route, String reason) {
      events.add("refused " + target);
    }

    @Override
    public void unmatched(String exchange, Transport transport, String target) {
      events.add("unmatched " + target);
    }
  }

  @Test
  void takes_the_next_member_when_one_is_not_there() throws Exception {
    LocalProxy<?> proxy = proxy();
    originBehind(proxy);
    String gone = nobody();

    ProxiedChannel opened = opened(open(injector(pool(gone, url(proxy)))));

    assertThat(opened.egress()).isEqualTo(url(proxy));
    assertThat(events).containsExactly("failover from " + gone);
  }

  @Test
  void a_member_that_falls_silent_leaves_time_for_the_next() throws Exception {
    LocalProxy<?> proxy = proxy();
    originBehind(proxy);

    ProxiedChannel opened =
        opened(
            open(
                injector(
                    pool(mute(), url(proxy)).set("proxy.default.websocket.timeout.ms", "1000"))));

    assertThat(opened.egress()).isEqualTo(url(proxy));
  }

  @Test
  void names_every_member_that_failed() throws Exception {
    String one = nobody();
    String other = nobody();

    ConnectFailure failure = failure(open(injector(pool(one, other))));

    assertThat(failure.kind()).isEqualTo(FailureKind.PROXY_DOWN);
    assertThat(failure.egress()).isEqualTo("pool:eu");
    assertThat(failure)
        .hasMessageStartingWith("2 proxies failed for exchange.test:443: cannot reach proxy " + one)
        .hasMessageContaining("cannot reach proxy " + other)
        .hasMessageContaining("proxy.pools.eu.members");
  }

  @Test
  void the_last_failure_keeps_the_deadline_when_all_are_silent() throws Exception {
    ConnectFailure failure =
        failure(
            open(
                injector(
                    pool(mute(), mute(), mute())
                        .set("proxy.default.websocket.timeout.ms", "1000"))));

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure).hasMessageStartingWith("3 proxies failed");
  }

  @Test
  void tries_no_more_members_than_it_may() throws Exception {
    LocalProxy<?> third = proxy();
    originBehind(third);
    ProxySettingsBuilder settings = pool(nobody(), nobody(), url(third));

    failure(open(injector(settings.set("proxy.failover.max.attempts", "2"))));

    assertThat(third.accepted()).isZero();
  }

  @Test
  void tries_one_member_where_failover_is_off() throws Exception {
    LocalProxy<?> second = proxy();
    String gone = nobody();

    ConnectFailure failure =
        failure(open(injector(pool(gone, url(second)).set("proxy.failover.enabled", "false"))));

    assertThat(failure).hasMessageStartingWith("cannot reach proxy " + gone);
    assertThat(second.accepted()).isZero();
  }

  @Test
  void a_destination_that_refuses_is_tried_through_one_other_member_at_most() throws Exception {
    List<LocalProxy<?>> proxies = List.of(proxy(), proxy(), proxy());
    String closed = nobody();
    int port = Integer.parseInt(closed.substring(closed.lastIndexOf(':') + 1));
    ProxyInjector injector =
        injector(pool(url(proxies.get(0)), url(proxies.get(1)), url(proxies.get(2))));

    ConnectFailure failure =
        failure(
            injector.connect(
                loops.next(),
                new Destination("binance", Transport.WEBSOCKET, "127.0.0.1", port),
                opened -> {}));

    assertThat(failure.kind()).isEqualTo(FailureKind.TARGET);
    assertThat(proxies.get(1).accepted()).isEqualTo(1);
    assertThat(proxies.get(2).accepted()).isZero();
  }

  @Test
  void when_no_member_may_be_used_nothing_goes_direct() throws Exception {
    LocalProxy<?> proxy = proxy();
    EchoOrigin origin = originBehind(proxy);
    ProxyInjector injector =
        injector(
            pool(url(proxy))
                .set("proxy.pools.eu.max.connects.per.5m", "1")
                .set("proxy.pools.eu.sticky", "none"));
    opened(open(injector));

    ConnectFailure failure = failure(open(injector));

    assertThat(failure.kind()).isEqualTo(FailureKind.NO_WAY);
    assertThat(failure)
        .hasMessage(
            "no member of pool 'eu' is eligible now: "
                + url(proxy)
                + " has opened 1 connections to binance within five minutes, its limit");
    assertThat(failure.retryAfter()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    assertThat(events).containsExactly("refused exchange.test:443");
    await().untilAsserted(() -> assertThat(origin.accepted()).hasSize(1));
    assertThat(origin.strangers()).isEmpty();
  }

  @Test
  void the_backup_pool_comes_when_all_members_have_failed() throws Exception {
    LocalProxy<?> backup = proxy();
    originBehind(backup);

    ProxiedChannel opened =
        opened(
            open(
                injector(
                    pool(nobody(), nobody())
                        .set("proxy.pools.backup.members", url(backup))
                        .set("proxy.fallback", "pool:backup"))));

    assertThat(opened.egress()).isEqualTo(url(backup));
  }

  @Test
  void a_silent_proxy_leaves_time_for_its_fallback() throws Exception {
    LocalProxy<?> backup = proxy();
    originBehind(backup);

    ProxiedChannel opened =
        opened(
            open(
                injector(
                    new ProxySettingsBuilder()
                        .defaultProxy(Transport.WEBSOCKET, mute())
                        .set("proxy.default.websocket.timeout.ms", "1000")
                        .set("proxy.pools.backup.members", url(backup))
                        .set("proxy.fallback", "pool:backup"))));

    assertThat(opened.egress()).isEqualTo(url(backup));
  }

  @Test
  void goes_direct_only_where_the_fallback_says_so_and_tells_it_each_time() throws Exception {
    EchoOrigin origin = opened(new EchoOrigin("127.0.0.1", peer -> true));
    ProxyInjector injector = injector(pool(nobody()).set("proxy.fallback", "direct"));
    Destination to =
        new Destination("binance", Transport.WEBSOCKET, "127.0.0.1", origin.address().getPort());

    for (int i = 0; i < 2; i++) {
      ProxiedChannel opened = opened(injector.connect(loops.next(), to, open -> {}));
      assertThat(opened.egress()).isEqualTo("direct");
    }

    assertThat(events)
        .filteredOn(event -> event.startsWith("direct"))
        .containsExactly("direct to 127.0.0.1:" + to.port(), "direct to 127.0.0.1:" + to.port());
  }

  @Test
  void a_connection_that_nothing_is_said_about_is_direct_only_where_that_is_said()
      throws Exception {
    EchoOrigin origin = opened(new EchoOrigin("127.0.0.1", peer -> true));
    ProxyInjector injector = injector(new ProxySettingsBuilder().set("proxy.unmatched", "direct"));

    ProxiedChannel opened =
        opened(
            injector.connect(
                loops.next(),
                new Destination(
                    "binance", Transport.WEBSOCKET, "127.0.0.1", origin.address().getPort()),
                open -> {}));

    assertThat(opened.egress()).isEqualTo("direct");
    assertThat(events).containsExactly("unmatched 127.0.0.1:" + origin.address().getPort());
  }

  @Test
  void a_member_that_refuses_its_credentials_is_not_asked_again() throws Exception {
    LocalProxy<?> strict = opened(new LocalSocksProxy().withCredentials("alice", "right")).start();
    LocalProxy<?> open = proxy();
    originBehind(strict, open);
    ProxyInjector injector =
        injector(
            pool("socks5://alice:wrong@127.0.0.1:" + strict.port(), url(open))
                .set("proxy.pools.eu.sticky", "none"));

    opened(open(injector));
    opened(open(injector));

    assertThat(strict.accepted()).isEqualTo(1);
  }

  @Test
  void all_members_may_die_and_come_back() throws Exception {
    LocalProxy<?> proxy = proxy();
    originBehind(proxy);
    ProxyInjector injector = injector(pool(url(proxy)).set("proxy.circuit.open.ms", "100"));
    opened(open(injector));
    proxy.stop();
    for (int i = 0; i < 6; i++) {
      failure(open(injector));
    }

    proxy.start();

    await().untilAsserted(() -> assertThat(open(injector).await().isSuccess()).isTrue());
  }

  @Test
  void a_connection_that_is_opened_again_keeps_its_member() throws Exception {
    LocalProxy<?> one = proxy();
    LocalProxy<?> other = proxy();
    originBehind(one, other);
    ProxyInjector injector =
        injector(pool(url(one), url(other)).set("proxy.pools.eu.strategy", "round_robin"));

    String first = opened(open(injector, "first")).egress();
    String second = opened(open(injector, "second")).egress();

    assertThat(first).isNotEqualTo(second);
    for (int i = 0; i < 3; i++) {
      assertThat(opened(open(injector, "first")).egress()).isEqualTo(first);
      assertThat(opened(open(injector, "second")).egress()).isEqualTo(second);
    }
  }

  @Test
  void open_connections_are_counted_until_they_close() throws Exception {
    LocalProxy<?> proxy = proxy();
    originBehind(proxy);
    ProxyInjector injector = injector(pool(nobody(), url(proxy)));

    ProxiedChannel opened = opened(open(injector));
    assertThat(states()).extracting(MemberState::active).containsExactly(0, 1);
    opened.channel().close();

    await()
        .untilAsserted(
            () -> assertThat(states()).extracting(MemberState::active).containsExactly(0, 0));
  }

  @Test
  void a_journey_that_is_given_up_leaves_nothing_behind() throws Exception {
    LocalProxy<?> never = proxy();
    ProxyInjector injector = injector(pool(mute(), url(never)));
    Future<ProxiedChannel> opening = open(injector);
    await().until(() -> states().get(0).active() == 1);

    opening.cancel(false);

    await()
        .untilAsserted(
            () -> assertThat(states()).extracting(MemberState::active).containsExactly(0, 0));
    assertThat(never.accepted()).isZero();
  }

  @Test
  void a_pool_in_which_a_status_cools_a_member_down_goes_on_through_another() throws Exception {
    LocalProxy<?> one = proxy();
    LocalProxy<?> other = proxy();
    originBehind(one, other);
    ProxyInjector injector = injector(pool(url(one), url(other)));

    ProxiedChannel refused = opened(open(injector));
    refused.answered(429, Duration.ofMinutes(1), SHORT);

    assertThat(refused.hasAnother()).isTrue();
    assertThat(opened(open(injector)).egress()).isEqualTo(url(other));
    assertThat(refused.spend(1)).isFalse();
  }

  private List<MemberState> states() {
    return requireNonNull(layer).pool("eu", "binance").states(System.nanoTime());
  }
}
