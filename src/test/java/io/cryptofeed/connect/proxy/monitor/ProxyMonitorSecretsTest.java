package io.cryptofeed.connect.proxy.monitor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.cryptofeed.connect.proxy.monitor.Scene.EU;
import static io.cryptofeed.connect.proxy.monitor.Scene.TARGET;
import static io.cryptofeed.connect.proxy.monitor.Scene.member;
import static io.cryptofeed.connect.proxy.settings.Transport.REST;
import static io.cryptofeed.connect.proxy.settings.Transport.WEBSOCKET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.cryptofeed.connect.metrics.PrometheusText;
import io.cryptofeed.connect.proxy.pool.Member;
import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.pool.MemberState.OfExchange;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.Credentials;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Source;
import io.cryptofeed.connect.proxy.settings.Via;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing that is counted, logged or audited holds a secret. */
class ProxyMonitorSecretsTest {

  private static final String URL = "socks5://canary:pa%40ss%3Aw0rd@proxy-1:1080";

  /** User and password, as they are, percent-encoded, and as HTTP Basic has them. */
  private static final List<String> SECRETS =
      List.of(
          "canary",
          "pa@ss:w0rd",
          "pa%40ss",
          "w0rd",
          Base64.getEncoder().encodeToString("canary:pa@ss:w0rd".getBytes(UTF_8)));

  @Test
  void shows_no_credentials_of_the_proxies_it_watches() {
    try (LogLines log = LogLines.of(ProxyMonitor.class.getName());
        LogLines audit = LogLines.of(AuditLog.NAME)) {
      Scene scene = Scene.detailed();
      String page = happen(scene, ProxyUrl.parse(URL));

      assertThat(page).contains("socks5://proxy-1:1080");
      assertThat(log.all()).hasSizeGreaterThan(5);
      assertThat(audit.all()).hasSizeGreaterThan(3);
      assertThat(Stream.of(List.of(page), log.all(), audit.all()).flatMap(List::stream))
          .allSatisfy(text -> assertThat(text).doesNotContain(SECRETS));
    }
  }

  /** One of everything; what is shown of it afterwards. */
  private static String happen(Scene scene, ProxyUrl proxy) {
    ProxyMonitor monitor = scene.monitor;
    scene.pool("eu", member(URL, new OfExchange("binance", 1, 429, 1, 1)));
    monitor.configured(
        "binance",
        REST,
        new Via.Proxy(proxy).toString(),
        new Source("proxy.default.rest.url", "connector property"));
    scene.connect(EU);
    scene.fail(EU);
    monitor.failover("binance", WEBSOCKET, EU, "cannot reach " + proxy);
    monitor.directFallback("binance", WEBSOCKET, TARGET, "pool:eu", proxy + " failed");
    monitor.refused("binance", WEBSOCKET, TARGET, "pool:eu", proxy + " may not be used");
    monitor.healthChanged("eu", proxy.egress(), false, "cannot reach " + proxy);
    monitor.circuitChanged("eu", proxy.egress(), Circuit.OPEN, Duration.ofSeconds(10));
    monitor.coolingDown("eu", proxy.egress(), "binance", 429, Duration.ofSeconds(1), false);
    monitor.probed("eu", proxy.egress(), false, Duration.ZERO, "cannot reach " + proxy);
    scene.close(EU);
    return PrometheusText.of(monitor.samples()) + scene.numbers() + monitor;
  }

  @Test
  void is_told_of_events_in_types_that_cannot_hold_a_secret() {
    assertThat(Arrays.stream(ProxyEvents.class.getMethods()).map(Method::getParameterTypes))
        .flatMap(Arrays::asList)
        .allMatch(
            type ->
                type.isPrimitive()
                    || type.isEnum()
                    || Set.of(String.class, Duration.class, Map.class, ProxyEvents.Exit.class)
                        .contains(type));
  }

  @Test
  void knows_no_type_that_holds_one() {
    noClasses()
        .that()
        .resideInAPackage(ProxyMonitor.class.getPackageName())
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            Credentials.class, ProxyUrl.class, Member.class, MemberSettings.class, Via.class)
        .check(
            new ClassFileImporter()
                .importUrl(ProxyMonitor.class.getProtectionDomain().getCodeSource().getLocation()));
  }
}
