/** Where the settings of the proxy layer come from, and what is wrong with them. */
@NullMarked
package io.cryptofeed.connect.proxy.source;

import org.jspecify.annotations.NullMarked;
