/** Connections over real loopback sockets, against servers that misbehave as real ones do. */
@NullMarked
package io.cryptofeed.connect.net;

import org.jspecify.annotations.NullMarked;
