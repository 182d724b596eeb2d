/** The market of a simulated venue: instruments, books and trades, and nothing of any protocol. */
@NullMarked
package io.cryptofeed.connect.local.venue.market;

import org.jspecify.annotations.NullMarked;
