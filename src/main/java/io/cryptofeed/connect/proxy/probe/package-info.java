/** Health probes of the members of pools. */
@NullMarked
package io.cryptofeed.connect.proxy.probe;

import org.jspecify.annotations.NullMarked;
