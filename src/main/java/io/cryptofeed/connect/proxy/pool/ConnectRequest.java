package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.Transport;

/**
 * A request for a connection.
 *
 * @param exchange the exchange's id
 * @param session what stays the same when the connection is opened again, for example {@code
 *     0-ws-3}
 * @param target the destination, as {@code host:port}
 * @param weight the REST weight of its first request, 0 if the exchange does not count weight
 */
public record ConnectRequest(
    String exchange, Transport transport, String session, String target, int weight) {}
