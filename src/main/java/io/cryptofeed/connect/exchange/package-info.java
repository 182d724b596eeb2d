/**
 * The engine that runs the profiles of venues: bytes in, market events and requests out. It does no
 * I/O except to load profiles, and must not know feeds, threads or clocks.
 *
 * <p>A profile is a YAML file under {@code venues/}, or in a folder of the user, that states the
 * facts of one product of one venue: hosts, limits, frames that subscribe, how each kind of message
 * is recognised and where its values are. It holds no logic: places are pointers that consist of
 * field names, and everything else is a constant, a value of an enum, a map of words or a template.
 * {@link io.cryptofeed.connect.exchange.Venues} loads the profiles and rejects one that is not
 * valid.
 */
@NullMarked
package io.cryptofeed.connect.exchange;

import org.jspecify.annotations.NullMarked;
