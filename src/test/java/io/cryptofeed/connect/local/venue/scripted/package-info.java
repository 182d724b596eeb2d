/**
 * Venues whose trades and books the test makes one by one, with the messages of every exchange that
 * the connector supports and with faults of the transport and of the trade history.
 */
@NullMarked
package io.cryptofeed.connect.local.venue.scripted;

import org.jspecify.annotations.NullMarked;
