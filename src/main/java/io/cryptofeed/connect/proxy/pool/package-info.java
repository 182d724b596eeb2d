/**
 * The proxies of a route: how each is doing, which one comes next, and what has happened. Free of
 * I/O and of clocks: what happened is reported to it, and the time is passed in.
 */
@NullMarked
package io.cryptofeed.connect.proxy.pool;

import org.jspecify.annotations.NullMarked;
