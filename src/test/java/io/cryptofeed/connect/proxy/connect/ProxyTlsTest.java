package io.cryptofeed.connect.proxy.connect;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.proxy.Client;
import io.cryptofeed.connect.proxy.EchoOrigin;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.ProxyLayer;
import io.cryptofeed.connect.proxy.TestNames;
import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.TlsSettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.ProxySettingsBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the TLS of an https proxy trusts, by configuration. */
class ProxyTlsTest {

  private static final LocalCertificates AUTHORITY = LocalCertificates.create();
  private static final String OTHER_PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final Pattern PRESENTED = Pattern.compile("presented (sha256/[^,]+),");

  @TempDir private Path folder;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final LocalHttpProxy proxy =
      new LocalHttpProxy().overTls(AUTHORITY.server("127.0.0.1", "localhost"));
  private final EchoOrigin origin = new EchoOrigin("127.0.0.1", proxy::owns);
  private final List<String> mismatches = new CopyOnWriteArrayList<>();
  private Path trustStore = Path.of("");

  @BeforeEach
  void start() {
    proxy.withName("exchange.test:443", origin.address()).start();
    trustStore = folder.resolve("authorities.p12");
    AUTHORITY.writeTrustStore(trustStore, "changeit");
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private ProxySettingsBuilder settings() {
    return new ProxySettingsBuilder()
        .defaultProxy(Transport.WEBSOCKET, "https://127.0.0.1:" + proxy.port());
  }

  private ProxySettingsBuilder trusting() {
    return settings()
        .set("proxy.tls.truststore.location", trustStore.toString())
        .set("proxy.tls.truststore.password", "changeit");
  }

  /** Null when the connection was opened. */
  private @Nullable ConnectFailure failure(ProxySettings settings) throws Exception {
    ProxyEvents events =
        new ProxyEvents() {
          @Override
          public void pinMismatch(String host) {
            mismatches.add(host);
          }
        };
    ProxyTls tls = ProxyTls.of(settings.tls(), events::pinMismatch);
    try (ProxyInjector injector =
        new ProxyInjector(new ProxyLayer("test", settings, tls, new TestNames(), events))) {
      injector
          .connect(
              loops.next(),
              new Destination("binance", Transport.WEBSOCKET, "exchange.test", 443),
              opened -> {})
          .get(20, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return (ConnectFailure) e.getCause();
    }
  }

  @Test
  void an_authority_of_the_trust_store_vouches_for_the_proxy() throws Exception {
    assertThat(failure(trusting().build())).isNull();
  }

  @Test
  void without_the_trust_store_a_local_authority_is_not_trusted() throws Exception {
    ConnectFailure failure = requireNonNull(failure(settings().build()));

    assertThat(failure.stage()).isEqualTo(Stage.PROXY_TLS);
    assertThat(failure.kind()).isEqualTo(FailureKind.PROXY_TLS);
    assertThat(failure).hasMessageContaining("proxy.tls.truststore.location");
  }

  @Test
  void a_trust_store_may_be_a_list_of_certificates() throws Exception {
    Path pem = folder.resolve("authorities.pem");
    Files.writeString(pem, AUTHORITY.authorityPem());

    assertThat(failure(settings().set("proxy.tls.truststore.location", pem.toString()).build()))
        .isNull();
  }

  @Test
  void a_trusted_certificate_must_be_for_the_host() throws Exception {
    try (LocalHttpProxy other =
        new LocalHttpProxy().overTls(AUTHORITY.server("other.test")).start()) {
      ConnectFailure failure =
          requireNonNull(
              failure(
                  trusting()
                      .defaultProxy(Transport.WEBSOCKET, "https://127.0.0.1:" + other.port())
                      .build()));

      assertThat(failure.stage()).isEqualTo(Stage.PROXY_TLS);
      assertThat(failure).hasMessageContaining("its certificate must be for the host");
    }
  }

  @Test
  void a_pinned_key_is_required_and_a_backup_will_do() throws Exception {
    ConnectFailure failure =
        requireNonNull(failure(trusting().set("proxy.tls.pins", OTHER_PIN).build()));

    assertThat(failure.stage()).isEqualTo(Stage.PROXY_TLS);
    assertThat(failure)
        .hasMessageContaining("certificate pin mismatch: 127.0.0.1 presented sha256/");
    assertThat(mismatches).containsExactly("127.0.0.1");
    Matcher presented = PRESENTED.matcher(String.valueOf(failure.getMessage()));
    assertThat(presented.find()).isTrue();
    assertThat(
            failure(trusting().set("proxy.tls.pins", OTHER_PIN + "," + presented.group(1)).build()))
        .isNull();
  }

  @Test
  void a_pin_does_not_replace_trust() throws Exception {
    ConnectFailure untrusted =
        requireNonNull(failure(settings().set("proxy.tls.pins", OTHER_PIN).build()));

    assertThat(untrusted).hasMessageNotContaining("pin mismatch");
  }

  @Test
  void a_trust_store_that_can_not_be_read_says_why_and_shows_no_password() {
    TlsSettings wrong = new TlsSettings(trustStore.toString(), "S3CRET", null, Set.of(), Map.of());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProxyTls.of(wrong, host -> {}))
        .withMessageStartingWith("cannot read proxy.tls.truststore.location (")
        .satisfies(e -> assertThat(Client.allTextOf(e)).doesNotContain("S3CRET"));
  }
}
