/** The classes that a Kafka Connect worker loads by name: the connector and its task. */
@NullMarked
package io.cryptofeed.connect;

import org.jspecify.annotations.NullMarked;
