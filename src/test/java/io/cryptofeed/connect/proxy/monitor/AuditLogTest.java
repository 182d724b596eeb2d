package io.cryptofeed.connect.proxy.monitor;

import static io.cryptofeed.connect.proxy.monitor.Scene.DIRECT;
import static io.cryptofeed.connect.proxy.monitor.Scene.EU;
import static io.cryptofeed.connect.proxy.monitor.Scene.TARGET;
import static io.cryptofeed.connect.proxy.settings.Transport.REST;
import static io.cryptofeed.connect.proxy.settings.Transport.WEBSOCKET;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.docs.ProxyMetricsPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the audit says of each connection. */
public class AuditLogTest {

  private final LogLines audit = LogLines.of("io.cryptofeed.connect.proxy.audit");
  private final Scene scene = Scene.of();

  @AfterEach
  void stopListening() {
    audit.close();
  }

  @Test
  void says_that_a_connection_was_opened() {
    scene.connect(EU);

    assertThat(audit.all()).containsExactly("INFO " + ProxyMetricsPage.AUDIT_LINE);
  }

  @Test
  void says_that_a_connection_was_closed() {
    scene.close(DIRECT);

    assertThat(audit.all())
        .containsExactly(
            "INFO event=closed exchange=binance transport=websocket target=stream.binance.com:443"
                + " route=direct egress=direct region=- lifetime_ms=90000 bytes_read=2000"
                + " bytes_written=300");
  }

  @Test
  void says_that_a_connection_was_refused() {
    scene.monitor.refused("okx", REST, "www.okx.com:443", "none", "has no route");

    assertThat(audit.all())
        .containsExactly(
            "INFO event=refused exchange=okx transport=rest target=www.okx.com:443 route=none"
                + " egress=none region=- reason=\"has no route\"");
  }

  @Test
  void says_that_a_connection_goes_without_its_proxy() {
    scene.monitor.directFallback("binance", WEBSOCKET, TARGET, "pool:eu", "timeout");

    assertThat(audit.all())
        .containsExactly(
            "INFO event=direct_fallback exchange=binance transport=websocket"
                + " target=stream.binance.com:443 route=pool:eu egress=direct region=-"
                + " reason=timeout");
  }

  @Test
  void keeps_a_reason_in_its_quotes_and_on_its_line() {
    scene.monitor.refused(
        "okx", REST, "www.okx.com:443", "none", "\"x\" \\ a=b\r\nevent=opened\u2028y");

    assertThat(audit.all())
        .singleElement()
        .asString()
        .endsWith(" reason=\"\\\"x\\\" \\\\ a=b\\\\u000d\\\\u000aevent=opened\\\\u2028y\"");
  }

  @Test
  void says_nothing_of_attempts() {
    scene.fail(EU);
    scene.monitor.failover("binance", WEBSOCKET, EU, "it is down");

    assertThat(audit.all()).isEmpty();
  }
}
