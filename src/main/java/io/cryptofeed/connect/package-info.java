/** The Kafka Connect source connector: configuration, task planning, and the task itself. */
@NullMarked
package io.cryptofeed.connect;

import org.jspecify.annotations.NullMarked;
