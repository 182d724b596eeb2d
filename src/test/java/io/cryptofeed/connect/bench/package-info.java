/** Benchmarks, run by {@code mvn -Pbench}: what is measured is printed, and never asserted. */
@NullMarked
package io.cryptofeed.connect.bench;

import org.jspecify.annotations.NullMarked;
