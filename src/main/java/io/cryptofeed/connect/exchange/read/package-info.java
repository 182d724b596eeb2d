/**
 * Reads the bytes of an exchange by the rules of a profile: no tree, no reflection, no allocation
 * for each message. Used only by the engine in {@code exchange}; it must not know sessions.
 */
@NullMarked
package io.cryptofeed.connect.exchange.read;

import org.jspecify.annotations.NullMarked;
