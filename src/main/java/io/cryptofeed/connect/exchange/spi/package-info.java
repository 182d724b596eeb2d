/**
 * The protocol of an exchange as feeds use it. It must not know profiles or how a message is read.
 */
@NullMarked
package io.cryptofeed.connect.exchange.spi;

import org.jspecify.annotations.NullMarked;
