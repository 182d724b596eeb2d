/** The least source connector there can be, by which the local stack is tested on its own. */
@NullMarked
package io.cryptofeed.connect.local.counting;

import org.jspecify.annotations.NullMarked;
