/**
 * Replays recorded sessions, and computes their books and trades independently of the connector.
 */
@NullMarked
package io.cryptofeed.connect.local.venue.capture;

import org.jspecify.annotations.NullMarked;
