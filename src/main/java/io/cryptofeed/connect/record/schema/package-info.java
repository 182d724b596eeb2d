/**
 * The Connect schemas of the records, and how market data becomes values of them. It must not know
 * topics, offsets or the queue.
 */
@NullMarked
package io.cryptofeed.connect.record.schema;

import org.jspecify.annotations.NullMarked;
