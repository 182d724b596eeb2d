/**
 * Netty: WebSocket connections, the HTTP client, TLS and rate limits. Every socket is opened
 * through the proxy layer.
 */
@NullMarked
package io.cryptofeed.connect.net;

import org.jspecify.annotations.NullMarked;
