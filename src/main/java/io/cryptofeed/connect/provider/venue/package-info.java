/**
 * Exchanges with a profile: connections, subscriptions, REST requests, and their recovery. It must
 * not know CCXT.
 */
@NullMarked
package io.cryptofeed.connect.provider.venue;

import org.jspecify.annotations.NullMarked;
