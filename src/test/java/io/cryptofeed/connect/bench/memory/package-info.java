/**
 * A source connector that has its records ready in memory: what one task of a worker can carry when
 * the source costs nothing.
 */
@NullMarked
package io.cryptofeed.connect.bench.memory;

import org.jspecify.annotations.NullMarked;
