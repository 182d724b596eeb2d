package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is configured for one scope.
 *
 * @param way null when it says nothing about the way
 * @param timeout null when it says nothing about the timeout
 * @param source what configured the way, or else the timeout
 */
public record Section(@Nullable Way way, @Nullable Duration timeout, Source source) {}
