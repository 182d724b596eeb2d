/**
 * Opens one connection through one route: name resolution, sockets, TLS to the proxy, and the
 * diagnosis of a failure. It must not know pools of proxies but their members.
 */
@NullMarked
package io.cryptofeed.connect.proxy.connect;

import org.jspecify.annotations.NullMarked;
