/** What others may implement: where proxies come from, and where this worker stands. */
@NullMarked
package io.cryptofeed.connect.proxy.spi;

import org.jspecify.annotations.NullMarked;
