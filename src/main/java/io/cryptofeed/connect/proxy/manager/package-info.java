/** Where proxies may come from, besides the configuration. */
@NullMarked
package io.cryptofeed.connect.proxy.manager;

import org.jspecify.annotations.NullMarked;
