package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;

/**
 * The route of the connections of one exchange and transport.
 *
 * @param timeout how long opening a connection may take in all, failover included
 * @param fallback what happens when every proxy of the route has failed
 * @param source what configured the route
 */
public record Route(Via via, Duration timeout, Fallback fallback, Source source) {}
