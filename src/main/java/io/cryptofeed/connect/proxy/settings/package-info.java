/** The configuration of the proxy layer: immutable values, free of I/O. */
@NullMarked
package io.cryptofeed.connect.proxy.settings;

import org.jspecify.annotations.NullMarked;
