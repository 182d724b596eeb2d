package io.cryptofeed.connect.ops;

import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.proxy.MetricsView;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The metrics of the proxies of all connectors in this worker: as MBeans, and as samples for
 * Prometheus. Safe for use by many threads.
 */
public final class ProxyMetrics implements MetricsView {

  private final List<Layer> layers = new CopyOnWriteArrayList<>();

  private record Layer(String connector, Supplier<List<Sample>> samples) {}

  @Override
  public AutoCloseable show(String connector, Supplier<List<Sample>> samples) {
    ProxyMetricsBean bean = new ProxyMetricsBean(connector, samples);
    Layer layer = new Layer(connector, samples);
    layers.add(layer);
    return () -> {
      layers.remove(layer);
      bean.close();
    };
  }

  /**
   * The current values of one connector; empty if it has no proxy layer. After a change of the
   * configuration there may be two layers for a moment: the newer one counts.
   */
  public List<Sample> samples(String connector) {
    return layers.stream()
        .filter(layer -> layer.connector.equals(connector))
        .reduce((older, newer) -> newer)
        .map(layer -> layer.samples.get())
        .orElse(List.of());
  }
}
