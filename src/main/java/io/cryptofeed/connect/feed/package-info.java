/**
 * What the feeds of all providers need: event loops, backoff, reports, limits, and where to resume.
 * It must not know any provider.
 */
@NullMarked
package io.cryptofeed.connect.feed;

import org.jspecify.annotations.NullMarked;
