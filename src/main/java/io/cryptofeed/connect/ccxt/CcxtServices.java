package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What the script of an exchange uses.
 *
 * @param loop runs the script and its sockets, and nothing else that must be fast, because
 *     evaluating the bundle blocks it for seconds; its thread must come from {@link ScriptThreads}
 * @param http sends REST requests
 * @param webSockets opens WebSockets
 * @param injector knows the egress of a route, and makes the sessions of sockets
 * @param limiter limits REST requests and opened sockets per host and egress, one permit each; null
 *     if CCXT's own throttling is enough
 * @param limits when the script is stopped
 */
public record CcxtServices(
    EventLoop loop,
    HttpClient http,
    WebSocketClient webSockets,
    ProxyInjector injector,
    @Nullable RateLimiter limiter,
    ScriptLimits limits) {}
