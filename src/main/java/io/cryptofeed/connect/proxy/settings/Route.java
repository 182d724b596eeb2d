package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;

/**
 * The way that the connections of one exchange and transport take.
 *
 * @param timeout how long opening a connection may take in all, failover included
 * @param fallback what happens when every proxy of the way has failed
 * @param source what configured the way
 */
public record Route(Way way, Duration timeout, Fallback fallback, Source source) {}
