/** The state of each stream: connected, stale, resynchronised. It must not know providers. */
@NullMarked
package io.cryptofeed.connect.feed.streams;

import org.jspecify.annotations.NullMarked;
