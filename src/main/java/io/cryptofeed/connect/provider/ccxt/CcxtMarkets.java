package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.ccxt.CcxtExchange;
import io.cryptofeed.connect.ccxt.CcxtMarket;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.listing.ListingRetry;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Loads the markets of an exchange into one script: from the worker's cache, or from the exchange,
 * with retries until that succeeds. Used by the event loop of the script.
 */
final class CcxtMarkets {

  private final String exchange;
  private final CcxtExchange script;
  private final MarketsCache cache;
  private final MarketsCache.Key key;
  private final Duration ttl;
  private final FeedLoop loop;
  private final ListingRetry retry;
  private boolean loaded;
  private boolean stopped;

  /**
   * @param exchange the id of the exchange
   * @param key identifies the markets in the cache
   * @param ttl how old cached markets may be
   */
  CcxtMarkets(
      String exchange,
      CcxtExchange script,
      MarketsCache cache,
      MarketsCache.Key key,
      Duration ttl,
      FeedLoop loop,
      ListingRetry retry) {
    this.exchange = exchange;
    this.script = script;
    this.cache = cache;
    this.key = key;
    this.ttl = ttl;
    this.loop = loop;
    this.retry = retry;
  }

  /** Calls nobody back any more: the script has ended. */
  void stop() {
    stopped = true;
  }

  /**
   * Loads the markets; again, if that has been done before.
   *
   * @param then takes them on the event loop
   * @throws FatalFeedException on the event loop, if only an operator can correct the error
   */
  void list(Consumer<List<CcxtMarket>> then) {
    if (stopped) {
      return;
    }
    Request request = new Request();
    cache
        .get(key, ttl, System.nanoTime(), request::send)
        .whenComplete(
            (exported, failure) ->
                loop.run(
                    () -> {
                      if (!stopped) {
                        onExported(request, exported, failure, then);
                      }
                    }));
  }

  /** A request to the exchange itself, which is sent only if the cache has no markets. */
  private final class Request {

    /** Null unless the request was sent by this script, and not by that of another task. */
    private @Nullable List<CcxtMarket> markets;

    private CompletionStage<String> send() {
      return promise(loaded ? script.reloadMarkets() : script.loadMarkets())
          .thenCompose(
              rows -> {
                if (rows.isEmpty()) {
                  // Not cached, and requested again.
                  throw new IllegalStateException("the exchange lists no market");
                }
                markets = rows;
                return promise(script.exportMarkets());
              });
    }
  }

  private static <T> CompletableFuture<T> promise(Future<T> future) {
    CompletableFuture<T> promise = new CompletableFuture<>();
    future.addListener(
        (Future<T> done) -> {
          if (done.isSuccess()) {
            promise.complete(done.getNow());
          } else {
            promise.completeExceptionally(done.cause());
          }
        });
    return promise;
  }

  private void onExported(
      Request request,
      @Nullable String exported,
      @Nullable Throwable failure,
      Consumer<List<CcxtMarket>> then) {
    if (exported == null) {
      onFailed(failure, then);
    } else if (request.markets != null) {
      onLoaded(request.markets, then);
    } else {
      script
          .importMarkets(exported)
          .addListener((Future<List<CcxtMarket>> done) -> loop.run(() -> onImported(done, then)));
    }
  }

  private void onImported(Future<List<CcxtMarket>> done, Consumer<List<CcxtMarket>> then) {
    if (stopped) {
      return;
    }
    if (done.isSuccess()) {
      onLoaded(done.getNow(), then);
    } else {
      onFailed(done.cause(), then);
    }
  }

  private void onLoaded(List<CcxtMarket> markets, Consumer<List<CcxtMarket>> then) {
    loaded = true;
    retry.succeeded();
    then.accept(markets);
  }

  private void onFailed(@Nullable Throwable failure, Consumer<List<CcxtMarket>> then) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof CcxtException error) {
      switch (error.kind()) {
        case AUTHENTICATION -> throw CcxtFailures.credentials(exchange, error);
        case NOT_SUPPORTED -> throw CcxtFailures.markets(exchange, error);
        default -> {}
      }
    }
    String reason = cause == null ? "no response" : String.valueOf(cause.getMessage());
    retry.failed(exchange, reason, () -> list(then));
  }
}
