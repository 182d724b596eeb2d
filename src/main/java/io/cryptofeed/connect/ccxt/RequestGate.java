package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits the requests and connections of a script per host and egress, as exchanges count them. A
 * pool that paces the requests of its members takes precedence.
 */
final class RequestGate {

  private final String exchange;
  private final ProxyInjector injector;
  private final @Nullable RateLimiter limiter;

  /**
   * @param exchange the id of the exchange, which selects its routes
   * @param limiter null for no limit
   */
  RequestGate(String exchange, ProxyInjector injector, @Nullable RateLimiter limiter) {
    this.exchange = exchange;
    this.injector = injector;
    this.limiter = limiter;
  }

  /** Reserves a request, and returns how long it must wait, in nanoseconds. */
  long reserve(URI uri, Transport transport) {
    if (limiter == null || (transport == Transport.REST && injector.pacesRest(exchange))) {
      return 0;
    }
    return limiter.reserve(key(uri, transport), 1, System.nanoTime());
  }

  /** Stops requests for a while, because the exchange asked for a pause. */
  void park(URI uri, Transport transport, Duration pause) {
    if (limiter != null && !injector.hasPool(exchange, transport)) {
      limiter.park(key(uri, transport), System.nanoTime() + pause.toNanos());
    }
  }

  private String key(URI uri, Transport transport) {
    return uri.getHost() + '|' + injector.egress(exchange, transport);
  }
}
