package io.cryptofeed.connect.proxy.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.LocalNameServer;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.ProxyLayer;
import io.cryptofeed.connect.proxy.TestNames;
import io.cryptofeed.connect.proxy.connect.ProxyTls;
import io.cryptofeed.connect.proxy.pool.MemberState;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.ManagerSettings;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.ProxySettingsBuilder;
import io.cryptofeed.connect.proxy.spi.ProxyManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools whose members come from a manager. */
class PoolSupplyTest {

  private static final Duration OFTEN = Duration.ofMillis(100);

  private final LocalNameServer dns = new LocalNameServer();
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(dns));
  private final List<String> refreshes = new CopyOnWriteArrayList<>();
  private @Nullable ProxyLayer layer;

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private void start(ManagerSettings manager, ProxySettingsBuilder rest) {
    ProxySettings built =
        rest.set("proxy.pools.eu.members", "socks5://static.test:1080")
            .defaultPool(Transport.WEBSOCKET, "eu")
            .build();
    ProxySettings settings =
        new ProxySettings(
            true,
            built.routing(),
            built.pools(),
            built.health(),
            built.failover(),
            built.circuit(),
            manager,
            built.tls(),
            built.compliance(),
            built.monitoring(),
            built.connect());
    layer =
        new ProxyLayer(
            "test",
            settings,
            new ProxyTls(LocalCertificates.create().client()),
            new TestNames(),
            new ProxyEvents() {
              @Override
              public void managerRefreshed(String pool, int members, @Nullable String fault) {
                refreshes.add(pool + " " + members + " " + fault);
              }
            });
    opened.add(new ProxyInjector(layer));
  }

  private void start(ManagerSettings manager) {
    start(manager, new ProxySettingsBuilder());
  }

  private ManagerSettings dns(boolean fallsBackToStatic, String... config) {
    Map<String, String> settings = new HashMap<>();
    settings.put("nameserver", dns.address());
    for (int i = 0; i < config.length; i += 2) {
      settings.put(config[i], config[i + 1]);
    }
    return new ManagerSettings("dns", OFTEN, fallsBackToStatic, Set.of(), settings);
  }

  private static ManagerSettings of(Class<?> manager) {
    return new ManagerSettings(manager.getName(), OFTEN, true, Set.of(), Map.of());
  }

  private List<String> members() {
    return members("binance");
  }

  private List<String> members(String exchange) {
    return requireNonNull(layer).pool("eu", exchange).states(System.nanoTime()).stream()
        .filter(state -> !state.draining())
        .map(MemberState::egress)
        .sorted()
        .toList();
  }

  @Test
  void each_address_of_a_name_is_a_member_and_they_come_and_go() {
    dns.addresses("proxies.svc", "127.0.0.1", "127.0.0.2");
    start(dns(true, "name", "proxies.svc", "port", "1080"));
    await()
        .untilAsserted(
            () ->
                assertThat(members())
                    .containsExactly("socks5://127.0.0.1:1080", "socks5://127.0.0.2:1080"));

    dns.addresses("proxies.svc", "127.0.0.1", "127.0.0.2", "::1");
    await()
        .untilAsserted(
            () ->
                assertThat(members())
                    .containsExactly(
                        "socks5://127.0.0.1:1080",
                        "socks5://127.0.0.2:1080",
                        "socks5://[0:0:0:0:0:0:0:1]:1080"));

    dns.addresses("proxies.svc", "127.0.0.2");
    await().untilAsserted(() -> assertThat(members()).containsExactly("socks5://127.0.0.2:1080"));
  }

  @Test
  void services_have_ports_weights_and_priorities() {
    dns.service("_socks5._tcp.proxies.svc", 10, 30_000, 1081, "proxy-0.proxies.svc");
    dns.service("_socks5._tcp.proxies.svc", 20, 60_000, 1082, "proxy-1.proxies.svc");
    start(dns(true, "srv", "_socks5._tcp.proxies.svc", "scheme", "http"));

    await()
        .untilAsserted(
            () ->
                assertThat(members())
                    .containsExactly(
                        "http://proxy-0.proxies.svc:1081", "http://proxy-1.proxies.svc:1082"));
  }

  @Test
  void what_is_known_stays_when_the_name_is_gone_or_nobody_answers() {
    dns.addresses("proxies.svc", "127.0.0.1");
    start(dns(true, "name", "proxies.svc", "port", "1080"));
    await().untilAsserted(() -> assertThat(members()).containsExactly("socks5://127.0.0.1:1080"));

    dns.addresses("proxies.svc");
    await().until(() -> refreshes.contains("eu 0 UnknownHostException"));

    assertThat(members()).containsExactly("socks5://127.0.0.1:1080");
  }

  @Test
  void configured_members_are_used_until_the_first_answer_or_nobody_is() {
    start(dns(true, "name", "nowhere.svc", "port", "1080"));
    await().until(() -> !refreshes.isEmpty());
    assertThat(members()).containsExactly("socks5://static.test:1080");

    refreshes.clear();
    start(dns(false, "name", "nowhere.svc", "port", "1080"));
    await().until(() -> !refreshes.isEmpty());
    assertThat(members()).isEmpty();
  }

  @Test
  void a_name_may_differ_from_exchange_to_exchange() {
    dns.addresses("binance-eu.svc", "127.0.0.1");
    dns.addresses("okx-spot-eu.svc", "127.0.0.2");
    start(dns(false, "name", "{exchange}-{pool}.svc", "port", "1080"));

    await()
        .untilAsserted(
            () -> assertThat(members("binance")).containsExactly("socks5://127.0.0.1:1080"));
    await()
        .untilAsserted(
            () -> assertThat(members("okx_spot")).containsExactly("socks5://127.0.0.2:1080"));
  }

  @Test
  void proxies_that_may_not_be_used_are_left_out() {
    dns.addresses("proxies.svc", "127.0.0.1", "127.0.0.2");
    start(
        dns(true, "name", "proxies.svc", "port", "1080"),
        new ProxySettingsBuilder().set("proxy.allowed", "127.0.0.2,static.test"));

    await().untilAsserted(() -> assertThat(members()).containsExactly("socks5://127.0.0.2:1080"));
  }

  /** Alternates between a sound list, broken ones, none, and errors with secrets in them. */
  public static final class Moody implements ProxyManager {
    private int times;

    @Override
    public void configure(Map<String, String> config) {}

    @Override
    public CompletionStage<List<Candidate>> members(String pool, @Nullable String exchange) {
      return switch (times++ % 5) {
        case 0 ->
            CompletableFuture.completedFuture(
                List.of(
                    new Candidate("http://alice:S3CRET@a.test:8080", 2, 0, "de"),
                    new Candidate("http://alice:S3C/RET@b.test:8080", 1, 0, null),
                    new Candidate("http://c.test:8080", 99, 0, null)));
        case 1 -> CompletableFuture.completedFuture(List.of());
        case 2 -> CompletableFuture.failedFuture(new IllegalStateException("S3CRET"));
        case 3 -> throw new IllegalStateException("S3CRET");
        default -> CompletableFuture.completedFuture(null);
      };
    }

    @Override
    public void close() {}
  }

  @Test
  void a_class_of_somebody_else_may_answer_as_it_likes() {
    start(of(Moody.class));

    await().until(() -> refreshes.size() >= 6);

    assertThat(members()).containsExactly("http://a.test:8080");
    assertThat(refreshes)
        .startsWith(
            "eu 1 null",
            "eu 0 it has no proxy that may be used",
            "eu 0 IllegalStateException",
            "eu 0 IllegalStateException",
            "eu 0 it has no proxy that may be used",
            "eu 1 null");
  }

  /** Can't be made. */
  public static final class Closed implements ProxyManager {
    private Closed() {}

    @Override
    public void configure(Map<String, String> config) {}

    @Override
    public CompletionStage<List<Candidate>> members(String pool, @Nullable String exchange) {
      return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public void close() {}
  }

  private void fails(ManagerSettings manager, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> start(manager))
        .withMessageContaining(message);
  }

  @Test
  void a_class_that_can_not_be_used_is_a_clear_error() {
    fails(
        new ManagerSettings("no.such.Manager", OFTEN, true, Set.of(), Map.of()),
        "proxy.manager.class: there is no class no.such.Manager; check its name, and put its jar");
    fails(of(String.class), "proxy.manager.class: java.lang.String is not a io.cryptofeed");
    fails(of(Closed.class), "has no public constructor without parameters; give it one");
    fails(dns(true, "nome", "x"), "proxy.manager.config: nome is unknown; known are name,");
    fails(dns(true, "name", "x"), "proxy.manager.config: port must be 1 to 65535");
    fails(
        dns(true, "name", "x", "port", "1", "nameserver", "dns.test"),
        "proxy.manager.config: nameserver must be an address");
  }
}
