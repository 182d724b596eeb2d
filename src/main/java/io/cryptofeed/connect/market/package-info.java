/**
 * The vocabulary of market data: instruments, channels, trades, book updates, feed status, and the
 * listener they are handed to.
 */
@NullMarked
package io.cryptofeed.connect.market;

import org.jspecify.annotations.NullMarked;
