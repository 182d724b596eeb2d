package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.settings.Transport;

/**
 * Where a connection goes, and on whose behalf.
 *
 * @param exchange the exchange's id, lower case, by which the route is chosen
 * @param transport what the connection is used for
 * @param host a name or an address, as the exchange's URL has it; resolved by the proxy where the
 *     route has one
 * @param port 1 to 65535
 */
public record Destination(String exchange, Transport transport, String host, int port) {}
