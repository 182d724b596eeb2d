/**
 * The vocabulary of market data: instruments, channels, trades, book updates, feed status, and the
 * listener that receives them. It must not know any other room.
 */
@NullMarked
package io.cryptofeed.connect.market;

import org.jspecify.annotations.NullMarked;
