/**
 * Consumers of the records, as a user would write them: they know the page of the records and the
 * Connect API, and nothing else.
 */
@NullMarked
package io.cryptofeed.connect.local.consumer;

import org.jspecify.annotations.NullMarked;
