/**
 * The proxy layer: settings, routes, and the {@link io.cryptofeed.connect.proxy.ProxyInjector}
 * through which every socket is opened.
 */
@NullMarked
package io.cryptofeed.connect.proxy;

import org.jspecify.annotations.NullMarked;
