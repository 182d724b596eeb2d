/**
 * The connector's configuration: keys, readers, cross-checks and the errors they report, without
 * any network. It must not know Netty or running feeds.
 */
@NullMarked
package io.cryptofeed.connect.config;

import org.jspecify.annotations.NullMarked;
