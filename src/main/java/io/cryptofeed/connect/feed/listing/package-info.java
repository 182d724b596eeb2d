/**
 * Which instruments an exchange lists, how symbols resolve to them, and what changes. It must not
 * know connections.
 */
@NullMarked
package io.cryptofeed.connect.feed.listing;

import org.jspecify.annotations.NullMarked;
