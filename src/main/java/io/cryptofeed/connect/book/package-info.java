/**
 * Order books kept right: price levels, and the synchronisation of snapshots with deltas by the
 * venue's sequence rule.
 */
@NullMarked
package io.cryptofeed.connect.book;

import org.jspecify.annotations.NullMarked;
