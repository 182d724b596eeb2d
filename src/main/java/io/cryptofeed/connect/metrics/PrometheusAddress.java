package io.cryptofeed.connect.metrics;

/**
 * Where the endpoint for Prometheus listens, and the properties that say so.
 *
 * @param host an address or a host name of the worker
 * @param port 1 to 65535
 * @param hostKey the property that names the host, for error messages
 * @param portKey the property that names the port, for error messages
 */
public record PrometheusAddress(String host, int port, String hostKey, String portKey) {}
