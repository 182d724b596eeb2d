/**
 * Market events as Kafka Connect source records: schemas, topics, keys, offsets, and the bounded
 * queue before the worker.
 */
@NullMarked
package io.cryptofeed.connect.record;

import org.jspecify.annotations.NullMarked;
