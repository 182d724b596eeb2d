package io.cryptofeed.connect.ops;

import io.cryptofeed.connect.metrics.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.ObjectName;

/**
 * The metrics of a connector's proxies as one bean, {@code io.cryptofeed:type=proxy,connector="…"}.
 * Its attributes are the series by the names that they have in Prometheus, for example {@code
 * proxy_healthy{pool="eu",endpoint="socks5://proxy-1:1080"}}; of histograms, sum and count.
 */
public final class ProxyMetricsBean implements AutoCloseable {

  private final Supplier<List<Sample>> samples;
  private final MetricsBean bean;

  /**
   * Registers the bean.
   *
   * @param connector the connector's name
   * @param samples is asked whenever somebody looks, on any thread
   */
  public ProxyMetricsBean(String connector, Supplier<List<Sample>> samples) {
    this.samples = samples;
    this.bean =
        MetricsBean.register(
            "io.cryptofeed:type=proxy,connector=" + ObjectName.quote(connector),
            "How the connections of the connector go through their proxies",
            this::figures);
  }

  private Map<String, MetricsBean.Figure> figures() {
    Map<String, MetricsBean.Figure> figures = new LinkedHashMap<>();
    for (Sample sample : samples.get()) {
      if (!sample.isBucket()) {
        figures.put(
            sample.series(),
            new MetricsBean.Figure(sample.metric().help(), "double", sample::value));
      }
    }
    return figures;
  }

  /** Takes the bean away, and leaves nothing behind. Idempotent. */
  @Override
  public void close() {
    bean.close();
  }
}
