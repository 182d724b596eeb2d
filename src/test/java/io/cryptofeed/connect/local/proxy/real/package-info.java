/** Proxy servers that others wrote, as processes of their own. */
@NullMarked
package io.cryptofeed.connect.local.proxy.real;

import org.jspecify.annotations.NullMarked;
