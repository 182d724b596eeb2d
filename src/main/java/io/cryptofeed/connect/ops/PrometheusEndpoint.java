package io.cryptofeed.connect.ops;

import io.cryptofeed.connect.metrics.PrometheusAddress;
import io.cryptofeed.connect.metrics.Sample;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The share of one task in the endpoint that Prometheus reads: {@code http://host:port/metrics}.
 * All tasks in a JVM with the same address share one server, which stops when the last of them is
 * closed. Safe for use by many threads.
 */
public final class PrometheusEndpoint implements AutoCloseable {

  private final List<Source> sources;
  private final PrometheusAddress configured;
  private final InetSocketAddress address;

  private PrometheusEndpoint(
      PrometheusAddress configured, InetSocketAddress address, List<Source> sources) {
    this.configured = configured;
    this.address = address;
    this.sources = List.copyOf(sources);
  }

  /**
   * Samples that differ from those of other sources by their labels. Of several sources with the
   * same labels only the latest is shown: the tasks of a connector share their proxies, and a task
   * that the worker abandoned may still be there.
   *
   * @param labels labels that are added to each sample, {@code connector} among them
   * @param samples the current values; called for each request, on any thread
   */
  public record Source(Map<String, String> labels, Supplier<List<Sample>> samples) {

    List<Sample> labelled() {
      return samples.get().stream().map(sample -> sample.with(labels)).toList();
    }
  }

  /**
   * Shows samples at an address, and starts the server if none listens there. May resolve the host
   * name.
   *
   * @return removes the samples when it is closed
   * @throws IllegalArgumentException when the address cannot be used; names the property and the
   *     cure
   */
  public static PrometheusEndpoint open(PrometheusAddress configured, List<Source> sources) {
    InetSocketAddress address = new InetSocketAddress(configured.host(), configured.port());
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          configured.hostKey()
              + ": no address found for '"
              + configured.host()
              + "'; set it to an address of the worker, for example 127.0.0.1");
    }
    PrometheusEndpoint endpoint = new PrometheusEndpoint(configured, address, sources);
    PrometheusServer.add(endpoint);
    return endpoint;
  }

  /** Removes the samples. Idempotent. */
  @Override
  public void close() {
    PrometheusServer.remove(this);
  }

  List<Source> sources() {
    return sources;
  }

  PrometheusAddress configured() {
    return configured;
  }

  InetSocketAddress address() {
    return address;
  }
}
