/**
 * Order books: price levels, and the synchronisation of snapshots with deltas by the venue's
 * sequence rule. It must not know profiles, feeds or records.
 */
@NullMarked
package io.cryptofeed.connect.book;

import org.jspecify.annotations.NullMarked;
