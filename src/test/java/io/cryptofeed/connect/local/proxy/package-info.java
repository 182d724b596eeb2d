/** Real proxies on loopback that remember what they were asked for. */
@NullMarked
package io.cryptofeed.connect.local.proxy;

import org.jspecify.annotations.NullMarked;
