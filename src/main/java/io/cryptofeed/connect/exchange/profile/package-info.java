/**
 * A profile as it is loaded from YAML: immutable rules, and errors with file and line. Used only by
 * the engine in {@code exchange}; it must not know the reader.
 */
@NullMarked
package io.cryptofeed.connect.exchange.profile;

import org.jspecify.annotations.NullMarked;
