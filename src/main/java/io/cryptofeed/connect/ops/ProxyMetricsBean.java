package io.cryptofeed.connect.ops;

import io.cryptofeed.connect.metrics.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.ObjectName;

/**
 * The metrics of a connector's proxies as one MBean, {@code
 * io.cryptofeed:type=proxy,connector="…"}. Its attributes are the time series, named as in
 * Prometheus, for example {@code proxy_healthy{pool="eu",endpoint="socks5://proxy-1:1080"}}. For a
 * histogram there are sum and count, but no buckets.
 */
final class ProxyMetricsBean implements AutoCloseable {

  private final Supplier<List<Sample>> samples;
  private final MetricsBean bean;

  /**
   * Registers the bean.
   *
   * @param connector the connector's name
   * @param samples the current values; called for each request, on any thread
   */
  ProxyMetricsBean(String connector, Supplier<List<Sample>> samples) {
    this.samples = samples;
    this.bean =
        MetricsBean.register(
            "io.cryptofeed:type=proxy,connector=" + ObjectName.quote(connector),
            "Metrics of the connector's proxies and connections",
            this::attributes);
  }

  private Map<String, MetricsBean.Attribute> attributes() {
    Map<String, MetricsBean.Attribute> attributes = new LinkedHashMap<>();
    for (Sample sample : samples.get()) {
      if (!sample.isBucket()) {
        attributes.put(
            sample.series(),
            new MetricsBean.Attribute(sample.metric().help(), "double", sample::value));
      }
    }
    return attributes;
  }

  /** Removes the MBean. Idempotent. */
  @Override
  public void close() {
    bean.close();
  }
}
