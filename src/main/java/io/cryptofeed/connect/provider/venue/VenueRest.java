package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.net.HttpAnswer;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.text.UntrustedText;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends the REST requests of one exchange within its rate limit. Venues count requests per address,
 * so there is one limit for each host and egress; a response that says "too many requests" stops
 * the requests of exactly that pair for a while. Safe for use by many threads.
 */
public final class VenueRest {

  private static final int MAX_EXCERPT = 160;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * The window of a pool's budget. A longer pause is reported as a failure, because an operator may
   * be able to end it.
   */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private static final Duration PARKED_WITHOUT_RETRY_AFTER = Duration.ofMinutes(1);

  private final Exchange exchange;
  private final ProxyInjector injector;
  private final HttpClient http;
  private final RateLimiter weight;
  private final String base;

  public VenueRest(Exchange exchange, ProxyInjector injector, HttpClient http) {
    this.exchange = exchange;
    this.injector = injector;
    this.http = http;
    weight =
        new RateLimiter(
            exchange.connectionRules().restWeight().permits(),
            exchange.connectionRules().restWeight().window());
    String url = exchange.restUrl().toString();
    base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** Takes the outcome of a request, on the event loop of the request. */
  interface Callback {

    /**
     * The venue responded with status 200.
     *
     * @param receiveNs when, in nanoseconds since the epoch
     */
    void onBody(byte[] body, long receiveNs);

    /** There is no response, or its status is an error; a retry may help. */
    void onFailure(String reason);

    /** The venue refuses such a request: a retry is not likely to help. */
    default void onRefusal(String reason) {
      onFailure(reason);
    }
  }

  Exchange exchange() {
    return exchange;
  }

  /** Sends the request as soon as the limit allows it. */
  void get(FeedLoop loop, RestRequest request, Callback callback) {
    String key = limitKey();
    long wait =
        injector.pacesRest(exchange.id())
            ? 0
            : weight.reserve(key, request.weight(), System.nanoTime());
    loop.runOrLater(wait, () -> send(loop, key, request, callback));
  }

  private String limitKey() {
    return exchange.restUrl().getHost() + '|' + injector.egress(exchange.id(), Transport.REST);
  }

  private void send(FeedLoop loop, String key, RestRequest request, Callback callback) {
    URI uri = URI.create(base + request.pathAndQuery());
    http.get(
            loop.eventLoop(),
            exchange.id(),
            uri,
            request.weight(),
            TIMEOUT,
            request.maxResponseBytes())
        .addListener(
            (Future<HttpAnswer> done) ->
                loop.run(
                    () -> {
                      Duration pause = pause(done.cause());
                      if (pause.isZero()) {
                        onResponse(key, uri, done, callback);
                      } else {
                        loop.later(pause.toNanos(), () -> send(loop, key, request, callback));
                      }
                    }));
  }

  /** How long until a pool has budget for the exchange again; zero if that is not the cause. */
  private static Duration pause(@Nullable Throwable cause) {
    return cause instanceof ConnectFailure failure
            && failure.kind() == FailureKind.NO_WAY
            && failure.retryAfter().compareTo(LONGEST_PAUSE) <= 0
        ? failure.retryAfter()
        : Duration.ZERO;
  }

  private void onResponse(String key, URI uri, Future<HttpAnswer> done, Callback callback) {
    if (!done.isSuccess()) {
      callback.onFailure(uri.getPath() + ": " + UntrustedText.sanitised(done.cause().getMessage()));
      return;
    }
    HttpAnswer answer = done.getNow();
    switch (answer.status()) {
      case 200 -> callback.onBody(answer.body(), answer.receiveNs());
      case 418, 429 -> {
        Duration pause =
            answer.retryAfter(System.currentTimeMillis()).orElse(PARKED_WITHOUT_RETRY_AFTER);
        park(key, pause);
        callback.onFailure(
            uri.getPath()
                + ": the exchange responded with "
                + answer.status()
                + ", too many requests; the next request is sent in "
                + pause.toSeconds()
                + " s");
      }
      case 403, 451 -> {
        park(key, PARKED_WITHOUT_RETRY_AFTER);
        callback.onFailure(
            uri.getPath()
                + ": the exchange responded with "
                + answer.status()
                + ", it does not serve this address or region ("
                + excerpt(answer.body())
                + "); route exchange '"
                + exchange.id()
                + "' through a proxy in a region that it serves");
      }
      default -> {
        String reason =
            uri.getPath()
                + ": the exchange responded with "
                + answer.status()
                + " ("
                + excerpt(answer.body())
                + ")";
        if (isRefusal(answer.status())) {
          callback.onRefusal(reason);
        } else {
          callback.onFailure(reason);
        }
      }
    }
  }

  private static boolean isRefusal(int status) {
    return switch (status) {
      // A timeout, and conflicts that pass.
      case 408, 409, 425 -> false;
      default -> status >= 400 && status < 500;
    };
  }

  /** Stops requests for a while; a pool does that itself, for the member in question. */
  private void park(String key, Duration pause) {
    if (!injector.hasPool(exchange.id(), Transport.REST)) {
      weight.park(key, System.nanoTime() + pause.toNanos());
    }
  }

  private static String excerpt(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, 1 << 12), StandardCharsets.UTF_8);
    return UntrustedText.sanitised(text.replaceAll("\\s+", " ").trim(), MAX_EXCERPT);
  }
}
