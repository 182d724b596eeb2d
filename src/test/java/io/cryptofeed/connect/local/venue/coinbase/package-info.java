/** A simulator of Coinbase Exchange. */
@NullMarked
package io.cryptofeed.connect.local.venue.coinbase;

import org.jspecify.annotations.NullMarked;
