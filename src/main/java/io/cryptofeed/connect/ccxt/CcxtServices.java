package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange of CCXT runs on.
 *
 * @param loop runs the script and its sockets, and nothing else that must be quick: reading the
 *     bundle holds it for seconds; its thread must be one of {@link ScriptThreads}
 * @param http sends REST requests
 * @param webSockets opens WebSockets
 * @param injector names the egress of a route, and the session of a socket
 * @param limiter counts REST requests and opened sockets per (host, egress), one permit each; null
 *     where CCXT's own throttling is enough
 * @param limits what the script may take
 */
public record CcxtServices(
    EventLoop loop,
    HttpClient http,
    WebSocketClient webSockets,
    ProxyInjector injector,
    @Nullable RateLimiter limiter,
    ScriptLimits limits) {}
