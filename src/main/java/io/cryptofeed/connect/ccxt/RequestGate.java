package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Counts what an exchange is asked for against its owner's limit, per (host, egress), as exchanges
 * count it. Where a pool paces the requests of its members, that is left to the pool.
 */
final class RequestGate {

  private final String exchange;
  private final ProxyInjector injector;
  private final @Nullable RateLimiter limiter;

  /**
   * @param exchange the exchange's id, by which routes are chosen
   * @param limiter null when nothing is counted
   */
  RequestGate(String exchange, ProxyInjector injector, @Nullable RateLimiter limiter) {
    this.exchange = exchange;
    this.injector = injector;
    this.limiter = limiter;
  }

  /** How long to wait before the next request, in nanoseconds; it is counted already. */
  long reserve(URI uri, Transport transport) {
    if (limiter == null || (transport == Transport.REST && injector.pacesRest(exchange))) {
      return 0;
    }
    return limiter.reserve(key(uri, transport), 1, System.nanoTime());
  }

  /** The exchange asked for a pause. */
  void park(URI uri, Transport transport, Duration pause) {
    if (limiter != null && !injector.hasPool(exchange, transport)) {
      limiter.park(key(uri, transport), System.nanoTime() + pause.toNanos());
    }
  }

  private String key(URI uri, Transport transport) {
    return uri.getHost() + '|' + injector.egress(exchange, transport);
  }
}
