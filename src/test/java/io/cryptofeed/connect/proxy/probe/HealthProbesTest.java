package io.cryptofeed.connect.proxy.probe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.proxy.Tunnel;
import io.cryptofeed.connect.proxy.EchoOrigin;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.ProxyLayer;
import io.cryptofeed.connect.proxy.TestNames;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.connect.ProxyTls;
import io.cryptofeed.connect.proxy.pool.MemberState;
import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.ProxySettingsBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes of real proxies, over real sockets, as often as they may be: every second. */
class HealthProbesTest {

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<String> probes = new CopyOnWriteArrayList<>();
  private @Nullable ProxyLayer layer;

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
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
    EchoOrigin origin = opened(new EchoOrigin("127.0.0.1", peer -> true));
    for (LocalProxy<?> proxy : proxies) {
      proxy.withName("exchange.test:443", origin.address());
    }
    return origin;
  }

  private static String url(LocalProxy<?> proxy) {
    return "socks5://127.0.0.1:" + proxy.port();
  }

  private static ProxySettingsBuilder pool(String... members) {
    return new ProxySettingsBuilder()
        .set("proxy.pools.eu.members", String.join(",", members))
        .set("proxy.pools.eu.strategy", "failover")
        .defaultPool(Transport.WEBSOCKET, "eu")
        .set("proxy.health.interval.ms", "1000")
        .set("proxy.health.timeout.ms", "900")
        .set("proxy.health.fall", "1")
        .set("proxy.health.rise", "1");
  }

  private ProxyInjector injector(ProxySettingsBuilder settings) {
    layer =
        new ProxyLayer(
            "test",
            settings.build(),
            new ProxyTls(LocalCertificates.create().client()),
            new TestNames(),
            new ProxyEvents() {
              @Override
              public void probed(
                  String pool, String egress, boolean success, Duration took, String message) {
                probes.add(pool + " " + egress + " " + success + " " + message);
              }
            });
    return opened(new ProxyInjector(layer));
  }

  private void use(ProxyInjector injector) {
    injector
        .connect(
            loops.next(),
            new Destination("binance", Transport.WEBSOCKET, "exchange.test", 443),
            opened -> {})
        .awaitUninterruptibly();
  }

  private List<MemberState> states() {
    return requireNonNull(layer).pool("eu", "binance").states(System.nanoTime());
  }

  private long probesOf(LocalProxy<?> proxy) {
    return probes.stream().filter(probe -> probe.contains(url(proxy) + " ")).count();
  }

  @Test
  void finds_a_member_dead_and_well_again_without_a_connection() {
    LocalProxy<?> one = proxy();
    LocalProxy<?> other = proxy();
    originBehind(one, other);
    use(injector(pool(url(one), url(other))));

    one.stop();
    await()
        .untilAsserted(
            () ->
                assertThat(states()).extracting(MemberState::healthy).containsExactly(false, true));

    one.start();
    await()
        .untilAsserted(
            () ->
                assertThat(states()).extracting(MemberState::healthy).containsExactly(true, true));
  }

  @Test
  void finds_a_member_that_accepts_and_says_nothing() throws Exception {
    LocalProxy<?> other = proxy();
    originBehind(other);
    ServerSocket mute = opened(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    ProxyInjector injector =
        injector(pool(url(other), "socks5://127.0.0.1:" + mute.getLocalPort()));

    use(injector);

    await()
        .untilAsserted(
            () ->
                assertThat(states()).extracting(MemberState::healthy).containsExactly(true, false));
    assertThat(probes).anyMatch(probe -> probe.contains("did not open a tunnel"));
  }

  @Test
  void the_outage_of_an_exchange_ejects_nobody() throws Exception {
    LocalProxy<?> one = proxy();
    LocalProxy<?> other = proxy();
    EchoOrigin origin = originBehind(one, other);
    ProxyInjector injector =
        injector(
            pool(url(one), url(other))
                .set("proxy.health.fall", "2")
                .set("proxy.health.lazy", "false"));
    use(injector);
    origin.close();

    await()
        .untilAsserted(
            () ->
                assertThat(probes)
                    .filteredOn(probe -> probe.contains(" false "))
                    .hasSizeGreaterThan(4));

    assertThat(states()).extracting(MemberState::healthy).containsExactly(true, true);
  }

  @Test
  void leaves_a_pool_alone_that_nobody_uses() {
    LocalProxy<?> used = proxy();
    LocalProxy<?> idle = proxy();
    originBehind(used, idle);
    use(
        injector(
            pool(url(used))
                .set("proxy.pools.idle.members", url(idle))
                .exchangePool("coinbase", Transport.WEBSOCKET, "idle")
                .set("proxy.unmatched", "direct")
                .set("proxy.health.target", "exchange.test:443")));

    await().until(() -> probesOf(used) >= 3);

    assertThat(probesOf(idle)).isZero();
  }

  @Test
  void probes_an_idle_pool_where_it_is_not_to_be_lazy() {
    LocalProxy<?> idle = proxy();
    originBehind(idle);
    injector(
        pool(url(idle))
            .set("proxy.health.lazy", "false")
            .set("proxy.health.target", "exchange.test:443"));

    await().until(() -> probesOf(idle) >= 2);

    assertThat(idle.tunnelsRequested()).contains(new Tunnel("exchange.test", 443));
  }

  @Test
  void the_method_tcp_asks_for_no_tunnel() {
    LocalProxy<?> proxy = proxy();
    injector(
        pool(url(proxy))
            .set("proxy.health.lazy", "false")
            .set("proxy.health.method", "tcp")
            .set("proxy.health.target", "exchange.test:443"));

    await().until(() -> probesOf(proxy) >= 2);

    assertThat(proxy.tunnelsRequested()).isEmpty();
    assertThat(proxy.accepted()).isGreaterThanOrEqualTo(2);
    proxy.stop();
    await().untilAsserted(() -> assertThat(states().get(0).healthy()).isFalse());
  }

  @Test
  void the_method_http_wants_an_expected_status() throws Exception {
    AtomicInteger status = new AtomicInteger(503);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    opened.add(() -> server.stop(0));
    server.createContext(
        "/time",
        exchange -> {
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    server.start();
    LocalProxy<?> proxy = proxy();
    proxy.withName("target.test:80", server.getAddress());
    injector(
        pool(url(proxy))
            .set("proxy.health.lazy", "false")
            .set("proxy.health.method", "http")
            .set("proxy.health.target", "http://target.test/time"));

    await()
        .untilAsserted(
            () ->
                assertThat(probes)
                    .anyMatch(probe -> probe.endsWith("target.test:80/time answered 503")));
    assertThat(states().get(0).healthy()).isFalse();

    status.set(204);
    await().untilAsserted(() -> assertThat(states().get(0).healthy()).isTrue());
  }

  @Test
  void a_probe_and_no_connection_finds_out_whether_an_open_circuit_may_close() {
    LocalProxy<?> proxy = proxy();
    originBehind(proxy);
    ProxyInjector injector =
        injector(
            pool(url(proxy))
                .set("proxy.circuit.open.ms", "1000")
                .set("proxy.circuit.consecutive", "1")
                .set("proxy.health.interval.ms", "60000"));
    use(injector);
    proxy.stop();
    await()
        .until(
            () -> {
              use(injector);
              return states().get(0).circuit() == Circuit.OPEN;
            });

    proxy.start();

    await().untilAsserted(() -> assertThat(states().get(0).circuit()).isEqualTo(Circuit.CLOSED));
    assertThat(probes).isNotEmpty();
  }

  @Test
  void ends_with_the_last_injector() {
    LocalProxy<?> proxy = proxy();
    originBehind(proxy);
    ProxyInjector injector =
        injector(
            pool(url(proxy))
                .set("proxy.health.lazy", "false")
                .set("proxy.health.target", "exchange.test:443"));
    await().until(() -> probesOf(proxy) >= 1);

    injector.close();

    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("cryptofeed-test-proxy")));
  }
}
