package io.cryptofeed.connect.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cryptofeed.connect.proxy.monitor.ProxyMonitor;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Exit;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Step;
import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The metrics of the proxies in JMX. */
class ProxyMetricsBeanTest {

  private static final String OPEN =
      "proxy_active_connections{exchange=\"binance\",transport=\"rest\",pool=\"eu\","
          + "endpoint=\"http://proxy-1:8080\"}";

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final ProxyMonitor monitor = new ProxyMonitor(MonitoringSettings.DEFAULT);
  private final List<ProxyMetricsBean> shown = new ArrayList<>();

  @AfterEach
  void closeAll() {
    shown.forEach(ProxyMetricsBean::close);
  }

  private ProxyMetricsBean show(String connector) {
    ProxyMetricsBean beans = new ProxyMetricsBean(connector, monitor::samples);
    shown.add(beans);
    return beans;
  }

  private static ObjectName name(String connector) throws JMException {
    return new ObjectName("io.cryptofeed:type=proxy,connector=" + ObjectName.quote(connector));
  }

  private void connect() {
    monitor.connected(
        "binance",
        Transport.REST,
        "api.binance.com:443",
        new Exit("pool:eu", "eu", "http://proxy-1:8080", null),
        Map.of(Step.TUNNEL, Duration.ofMillis(20)));
  }

  @Test
  void shows_current_values() throws JMException {
    show("market data");
    assertThat(server.getMBeanInfo(name("market data")).getAttributes()).isEmpty();
    connect();
    connect();

    assertThat(server.getAttribute(name("market data"), OPEN)).isEqualTo(2.0);
  }

  @Test
  void shows_every_time_series_except_buckets_of_histograms() throws JMException {
    connect();
    show("all");
    String[] attributes =
        Arrays.stream(server.getMBeanInfo(name("all")).getAttributes())
            .map(MBeanAttributeInfo::getName)
            .toArray(String[]::new);

    assertThat(attributes)
        .contains(OPEN)
        .anyMatch(attribute -> attribute.startsWith("proxy_tunnel_seconds_sum{"))
        .anyMatch(attribute -> attribute.startsWith("proxy_tunnel_seconds_count{"))
        .noneMatch(attribute -> attribute.contains("_bucket"));
    assertThat(server.getAttributes(name("all"), attributes).asList())
        .hasSameSizeAs(attributes)
        .extracting(Attribute::getValue)
        .allMatch(Double.class::isInstance);
  }

  @Test
  void is_read_only() throws JMException {
    connect();
    show("read");

    assertThatThrownBy(() -> server.setAttribute(name("read"), new Attribute(OPEN, 3.0)))
        .isInstanceOf(AttributeNotFoundException.class);
  }

  @Test
  void has_one_mbean_for_each_connector() throws JMException {
    ProxyMetricsBean one = show("one");
    show("other");
    one.close();

    assertThat(server.isRegistered(name("one"))).isFalse();
    assertThat(server.isRegistered(name("other"))).isTrue();
  }

  @Test
  void leaves_nothing_behind_after_many_restarts() throws JMException {
    for (int i = 0; i < 50; i++) {
      ProxyMetricsBean beans = show("restarted");
      assertThat(server.isRegistered(name("restarted"))).isTrue();
      beans.close();
      beans.close();
    }

    Set<ObjectName> left = server.queryNames(new ObjectName("io.cryptofeed:type=proxy,*"), null);
    assertThat(left).isEmpty();
  }

  @Test
  void does_not_remove_the_mbean_that_replaced_it() throws JMException {
    ProxyMetricsBean abandoned = show("twice");
    ProxyMetricsBean present = show("twice");
    abandoned.close();

    assertThat(server.isRegistered(name("twice"))).isTrue();
    present.close();
    assertThat(server.isRegistered(name("twice"))).isFalse();
  }
}
