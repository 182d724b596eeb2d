/**
 * The exchange SPI and the venue profiles behind it: pure protocol, bytes in, market events and
 * requests out; no I/O but the reading of profiles, no threads, no clocks.
 *
 * <p>A profile is a YAML file under {@code venues/}, or in a folder of the user's, that states the
 * facts of one product of one venue: hosts, limits, frames that subscribe, how each kind of message
 * is recognised and where its values are. It holds no logic: places are pointers made of field
 * names, and everything else is a constant, a value of an enum, a map of words or a template.
 * {@link io.cryptofeed.connect.exchange.Venues} loads the profiles and refuses one that cannot be
 * right.
 */
@NullMarked
package io.cryptofeed.connect.exchange;

import org.jspecify.annotations.NullMarked;
