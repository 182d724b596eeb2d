package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.pool.ConnectRequest;
import io.cryptofeed.connect.proxy.settings.Transport;

/**
 * Where a connection goes, and on whose behalf.
 *
 * @param exchange the exchange's id, lower case, by which the route is chosen
 * @param transport what the connection is used for
 * @param host a name or an address, as the exchange's URL has it; resolved by the proxy where the
 *     route has one
 * @param port 1 to 65535
 * @param session what stays the same when the connection is opened again; empty where nothing does
 * @param weight what its first request costs of the exchange's REST limit, 0 where that isn't
 *     counted
 */
public record Destination(
    String exchange, Transport transport, String host, int port, String session, int weight) {

  /** A connection that has nothing to do with any before it. */
  public Destination(String exchange, Transport transport, String host, int port) {
    this(exchange, transport, host, port, "", 0);
  }

  /** {@code host:port}. */
  public String target() {
    return host + ":" + port;
  }

  public ConnectRequest errand() {
    return new ConnectRequest(exchange, transport, session, target(), weight);
  }
}
