/**
 * Benchmarks, run by {@code mvn -Pbench}: what is measured is printed, and never asserted. {@code
 * mvn verify} runs each for a moment, so that it is known to work.
 */
@NullMarked
package io.cryptofeed.connect.bench;

import org.jspecify.annotations.NullMarked;
