/**
 * Reads the bytes of an exchange by the rules of a profile: no tree, no reflection, no allocation
 * for each message. Used by the engine in {@code exchange} alone.
 */
@NullMarked
package io.cryptofeed.connect.exchange.read;

import org.jspecify.annotations.NullMarked;
