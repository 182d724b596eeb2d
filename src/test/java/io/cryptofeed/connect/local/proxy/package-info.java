/** Proxies on loopback that record the tunnels that clients request. */
@NullMarked
package io.cryptofeed.connect.local.proxy;

import org.jspecify.annotations.NullMarked;
