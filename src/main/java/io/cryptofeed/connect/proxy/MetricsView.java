package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.metrics.Sample;
import java.util.List;
import java.util.function.Supplier;

/** Where the numbers of a proxy layer are shown. */
public interface MetricsView {

  /** Shows them nowhere. */
  MetricsView NONE = (name, samples) -> () -> {};

  /**
   * Shows numbers until the result is closed.
   *
   * @param name of the connector, or of whoever else uses the layer
   * @param samples is asked whenever somebody looks, on any thread
   */
  AutoCloseable show(String name, Supplier<List<Sample>> samples);
}
