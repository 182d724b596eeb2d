/**
 * A profile as it is loaded from YAML: immutable rules with file and line of every fault. Used by
 * the engine in {@code exchange} alone; it must not know the reader.
 */
@NullMarked
package io.cryptofeed.connect.exchange.profile;

import org.jspecify.annotations.NullMarked;
