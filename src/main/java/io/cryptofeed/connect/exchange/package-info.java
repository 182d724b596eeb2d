/**
 * The exchange SPI and the venue profiles behind it: pure protocol, bytes in, market events and
 * requests out; no I/O, no threads, no clocks.
 */
@NullMarked
package io.cryptofeed.connect.exchange;

import org.jspecify.annotations.NullMarked;
