package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is configured for one scope.
 *
 * @param via null without a route
 * @param timeout null without a timeout
 * @param source what configured the route, or else the timeout
 */
public record Section(@Nullable Via via, @Nullable Duration timeout, Source source) {}
