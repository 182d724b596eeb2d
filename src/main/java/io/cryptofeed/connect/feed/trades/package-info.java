/**
 * Continuity of trades: ids checked one by one, gaps filled from the trade history, or reported as
 * lost. It must not know how the history is requested.
 */
@NullMarked
package io.cryptofeed.connect.feed.trades;

import org.jspecify.annotations.NullMarked;
