/**
 * Committed and altered offsets: the last trade of each instrument, and whether a stream can be
 * read again from an offset. It must not know running feeds.
 */
@NullMarked
package io.cryptofeed.connect.offset;

import org.jspecify.annotations.NullMarked;
