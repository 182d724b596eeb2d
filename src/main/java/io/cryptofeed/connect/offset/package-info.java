/**
 * What committed and altered offsets say: the last trade of each instrument, and whether a stream
 * can be read again. It must not know feeds.
 */
@NullMarked
package io.cryptofeed.connect.offset;

import org.jspecify.annotations.NullMarked;
