package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.ProxySettingsBuilder;
import io.cryptofeed.connect.proxy.spi.RegionDetector;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is used depends on where the worker stands, and on how it knows that. */
class RegionsTest {

  private static ProxyInjector injector(String... settings) {
    ProxySettingsBuilder builder =
        new ProxySettingsBuilder()
            .exchanges("binance", "okx")
            .set("proxy.regional.enabled", "true")
            .set("proxy.regional.rules.1.regions", "US,CA")
            .set("proxy.regional.rules.1.exchanges", "binance")
            .set("proxy.regional.rules.1.url", "socks5://abroad.test:1080")
            .set("proxy.regional.rules.2.regions", "*")
            .set("proxy.regional.rules.2.url", "direct");
    for (int i = 0; i < settings.length; i += 2) {
      builder.set(settings[i], settings[i + 1]);
    }
    return Settings.injector(builder.build(), LocalCertificates.create().client(), new TestNames());
  }

  private static String egress(ProxyInjector injector, String exchange) {
    return injector.egress(exchange, Transport.WEBSOCKET);
  }

  @Test
  void the_first_rule_that_matches_region_and_exchange_counts() {
    try (ProxyInjector injector = injector("proxy.region", "us")) {
      assertThat(egress(injector, "binance")).isEqualTo("socks5://abroad.test:1080");
      assertThat(egress(injector, "okx")).isEqualTo("direct");
    }
    try (ProxyInjector injector = injector("proxy.region", "DE")) {
      assertThat(egress(injector, "binance")).isEqualTo("direct");
    }
  }

  /** Stands in Canada, but takes its time to see it. */
  public static final class Slow implements RegionDetector {
    static final CountDownLatch ASKED = new CountDownLatch(1);

    @Override
    public Optional<String> detect() {
      try {
        ASKED.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Optional.of(" ca\n");
    }
  }

  @Test
  void until_the_region_is_found_nothing_that_depends_on_it_is_opened() {
    try (ProxyInjector injector = injector("proxy.region.detector", Slow.class.getName())) {
      assertThat(egress(injector, "binance")).isEqualTo("none");
      assertThat(egress(injector, "okx")).isEqualTo("none");

      Slow.ASKED.countDown();

      await()
          .untilAsserted(
              () -> assertThat(egress(injector, "binance")).isEqualTo("socks5://abroad.test:1080"));
      assertThat(egress(injector, "okx")).isEqualTo("direct");
    }
  }

  /** Finds nothing. */
  public static final class Lost implements RegionDetector {
    @Override
    public Optional<String> detect() {
      return Optional.empty();
    }
  }

  /** Finds what is no region. */
  public static final class Wordy implements RegionDetector {
    @Override
    public Optional<String> detect() {
      return Optional.of("Canada");
    }
  }

  /** Fails. */
  public static final class Broken implements RegionDetector {
    @Override
    public Optional<String> detect() {
      throw new IllegalStateException("no network");
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Lost.class, Wordy.class, Broken.class})
  void a_detector_that_fails_never_means_direct(Class<?> detector) throws Exception {
    try (ProxyInjector injector = injector("proxy.region.detector", detector.getName())) {
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("cryptofeed-region")) {
          thread.join();
        }
      }
      assertThat(egress(injector, "binance")).isEqualTo("none");
      assertThat(egress(injector, "okx")).isEqualTo("none");
    }
  }

  @Test
  void a_detector_that_is_none_is_a_clear_error() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> injector("proxy.region.detector", "java.lang.String").close())
        .withMessageContaining("proxy.region.detector: java.lang.String is not a io.cryptofeed");
  }
}
