package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.Transport;

/**
 * What a connection is for.
 *
 * @param exchange the exchange's id
 * @param session what stays the same when the connection is opened again, for example {@code
 *     0-ws-3}
 * @param target the destination, as {@code host:port}
 * @param weight the REST weight of its first request, 0 where the exchange doesn't count
 */
public record ConnectRequest(
    String exchange, Transport transport, String session, String target, int weight) {}
