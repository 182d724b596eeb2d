/** What the proxy layer is told to do: immutable values, free of I/O. */
@NullMarked
package io.cryptofeed.connect.proxy.settings;

import org.jspecify.annotations.NullMarked;
