package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.pool.ConnectRequest;
import io.cryptofeed.connect.proxy.settings.Transport;

/**
 * The destination of a connection, and the exchange that it is for.
 *
 * @param exchange the exchange's id, lower case, by which the route is chosen
 * @param transport what the connection is used for
 * @param host a name or an address, as the exchange's URL has it; resolved by the proxy where the
 *     route has one
 * @param port 1 to 65535
 * @param session identifies the connection across reconnects; empty without such an identity
 * @param weight the REST weight of its first request, 0 if the exchange does not count weight
 */
public record Destination(
    String exchange, Transport transport, String host, int port, String session, int weight) {

  /** A connection without an identity across reconnects. */
  public Destination(String exchange, Transport transport, String host, int port) {
    this(exchange, transport, host, port, "", 0);
  }

  /** {@code host:port}. */
  public String target() {
    return host + ":" + port;
  }

  public ConnectRequest request() {
    return new ConnectRequest(exchange, transport, session, target(), weight);
  }
}
