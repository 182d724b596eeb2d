package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Strategy;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.ProxySettingsBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tasks of a connector share. */
class SharedProxiesTest {

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final LocalProxy<?> one = new LocalSocksProxy().start();
  private final LocalProxy<?> other = new LocalSocksProxy().start();
  private final EchoOrigin origin = new EchoOrigin("127.0.0.1", peer -> true);
  private final AtomicInteger views = new AtomicInteger();
  private final SharedProxies shared =
      new SharedProxies(
          (name, samples) -> {
            views.incrementAndGet();
            return views::decrementAndGet;
          });

  @BeforeEach
  void name() {
    one.withName("exchange.test:443", origin.address());
    other.withName("exchange.test:443", origin.address());
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
    origin.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private ProxySettings settings() {
    return new ProxySettingsBuilder()
        .pool("eu", Strategy.FAILOVER, url(one), url(other))
        .defaultPool(Transport.WEBSOCKET, "eu")
        .build();
  }

  private static String url(LocalProxy<?> proxy) {
    return "socks5://127.0.0.1:" + proxy.port();
  }

  private ProxiedChannel open(ProxyInjector injector) throws Exception {
    return injector
        .connect(
            loops.next(),
            new Destination("binance", Transport.WEBSOCKET, "exchange.test", 443),
            opened -> {})
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void what_one_task_learns_the_other_knows() throws Exception {
    try (ProxyInjector first = shared.injector("connector", settings());
        ProxyInjector second = shared.injector("connector", settings())) {
      open(first).answered(429, Duration.ofMinutes(1), Duration.ZERO);

      assertThat(open(second).egress()).isEqualTo(url(other));
      assertThat(shared.size()).isEqualTo(1);
      assertThat(views).hasValue(1);
    }
  }

  @Test
  void two_connectors_do_not_see_each_other() throws Exception {
    try (ProxyInjector first = shared.injector("one", settings());
        ProxyInjector second = shared.injector("two", settings())) {
      open(first).answered(429, Duration.ofMinutes(1), Duration.ZERO);

      assertThat(open(second).egress()).isEqualTo(url(one));
    }
  }

  @Test
  void tasks_of_before_and_after_a_change_share_nothing() {
    ProxySettings changed =
        new ProxySettingsBuilder().defaultProxy(Transport.WEBSOCKET, url(one)).build();
    try (ProxyInjector before = shared.injector("connector", settings());
        ProxyInjector after = shared.injector("connector", changed)) {
      assertThat(before.egress("binance", Transport.WEBSOCKET)).isEqualTo("pool:eu");
      assertThat(after.egress("binance", Transport.WEBSOCKET)).isEqualTo(url(one));
      assertThat(shared.size()).isEqualTo(2);
    }
  }

  @Test
  void a_task_that_ends_closes_its_own_connections_only() throws Exception {
    ProxyInjector first = shared.injector("connector", settings());
    try (ProxyInjector second = shared.injector("connector", settings())) {
      ProxiedChannel own = open(first);
      ProxiedChannel others = open(second);

      first.close();

      await().until(() -> !own.channel().isOpen());
      assertThat(others.channel().isOpen()).isTrue();
      assertThat(shared.size()).isEqualTo(1);
    }
  }

  @Test
  void fifty_restarts_leave_nothing_behind() throws Exception {
    Set<String> before = threads();
    for (int i = 0; i < 50; i++) {
      try (ProxyInjector first = shared.injector("connector", settings());
          ProxyInjector second = shared.injector("connector", settings())) {
        open(first);
        open(second);
      }
    }

    assertThat(shared.size()).isZero();
    assertThat(views).hasValue(0);
    await().until(() -> origin.accepted().stream().noneMatch(channel -> channel.isOpen()));
    await().untilAsserted(() -> assertThat(threads()).isEqualTo(before));
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("cryptofeed-"))
        .collect(Collectors.toSet());
  }
}
