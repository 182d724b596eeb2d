/** A simulator of Binance spot. */
@NullMarked
package io.cryptofeed.connect.local.venue.binance;

import org.jspecify.annotations.NullMarked;
