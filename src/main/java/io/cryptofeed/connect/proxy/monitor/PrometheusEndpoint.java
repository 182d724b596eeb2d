package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.metrics.Sample;
import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One connector's share in the place where Prometheus reads: {@code http://host:port/metrics}.
 * Connectors of one JVM that name the same address share one server, and are told apart by the
 * label {@code connector}; the last that is closed frees the port. Safe for use by many threads.
 */
public final class PrometheusEndpoint implements AutoCloseable {

  private final String connector;
  private final Supplier<List<Sample>> samples;
  private final InetSocketAddress address;

  private PrometheusEndpoint(
      String connector, Supplier<List<Sample>> samples, InetSocketAddress address) {
    this.connector = connector;
    this.samples = samples;
    this.address = address;
  }

  /**
   * Shows samples where the settings say so. May look up the host's name.
   *
   * @param connector the connector's name
   * @param samples is called for each request, on any thread
   * @return what takes the samples away again when it is closed; empty when no endpoint is wanted
   * @throws IllegalArgumentException when nobody can listen there; names the key and the cure
   */
  public static Optional<PrometheusEndpoint> open(
      MonitoringSettings settings, String connector, Supplier<List<Sample>> samples) {
    if (settings.prometheusPort() == 0) {
      return Optional.empty();
    }
    InetSocketAddress address =
        new InetSocketAddress(settings.prometheusHost(), settings.prometheusPort());
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "proxy.prometheus.host: no address found for '"
              + settings.prometheusHost()
              + "'; write an address of this machine, for example 127.0.0.1");
    }
    PrometheusEndpoint endpoint = new PrometheusEndpoint(connector, samples, address);
    try {
      PrometheusServer.add(endpoint);
    } catch (NoClassDefFoundError e) {
      throw new IllegalArgumentException(
          "proxy.prometheus.port: this JVM lacks the module jdk.httpserver, which the endpoint"
              + " needs; run the worker on a complete JDK or JRE, or set the port to 0 for no"
              + " endpoint",
          e);
    }
    return Optional.of(endpoint);
  }

  /** Takes the samples away. Idempotent. */
  @Override
  public void close() {
    PrometheusServer.remove(this);
  }

  String connector() {
    return connector;
  }

  InetSocketAddress address() {
    return address;
  }

  /** The samples, each with the connector's name. */
  List<Sample> samples() {
    return samples.get().stream().map(sample -> sample.with("connector", connector)).toList();
  }
}
