/**
 * What a feed asks of an exchange, and what an exchange gives back. It must not know profiles or
 * how a message is read.
 */
@NullMarked
package io.cryptofeed.connect.exchange.spi;

import org.jspecify.annotations.NullMarked;
