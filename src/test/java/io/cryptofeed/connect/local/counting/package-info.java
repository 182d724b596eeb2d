/** A minimal source connector, with which the local stack is tested alone. */
@NullMarked
package io.cryptofeed.connect.local.counting;

import org.jspecify.annotations.NullMarked;
