package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The markets of exchanges served by CCXT, shared by the tasks of a worker: a list that one task
 * has requested is used by the others until it is too old. Safe for use by many threads.
 */
public final class MarketsCache {

  /** The cache of the worker: one for each class loader of the plugin. */
  public static final MarketsCache SHARED = new MarketsCache();

  private final Map<Key, Listed> lists = new HashMap<>();

  /**
   * Identifies a list.
   *
   * @param options can change which markets a class lists; never shown, because they may hold a
   *     secret
   */
  record Key(
      String id,
      boolean sandbox,
      @Nullable String options,
      Map<String, String> hosts,
      @Nullable Path bundle) {

    static Key of(CcxtOptions options, @Nullable Path bundle) {
      return new Key(
          options.id(),
          options.sandbox(),
          options.optionsJson(),
          Map.copyOf(options.hosts()),
          bundle);
    }

    @Override
    public String toString() {
      return "the markets of " + id;
    }
  }

  /**
   * @param markets as CCXT exports them
   * @param sinceNanos when they were requested
   */
  private record Listed(CompletableFuture<String> markets, long sinceNanos) {

    boolean isFresh(Duration ttl, long nowNanos) {
      return !markets.isDone()
          || (!markets.isCompletedExceptionally() && nowNanos - sinceNanos < ttl.toNanos());
    }
  }

  /**
   * The markets from the cache, from a request that another task has sent, or from a new request. A
   * failure is reported to all tasks that wait for it, and is not cached.
   *
   * @param ttl how old cached markets may be
   * @param request requests them from the exchange; called by this thread
   */
  CompletionStage<String> get(
      Key key, Duration ttl, long nowNanos, Supplier<CompletionStage<String>> request) {
    CompletableFuture<String> requested;
    synchronized (this) {
      Listed known = lists.get(key);
      if (known != null && known.isFresh(ttl, nowNanos)) {
        return known.markets();
      }
      requested = new CompletableFuture<>();
      lists.put(key, new Listed(requested, nowNanos));
    }
    request
        .get()
        .whenComplete(
            (markets, failure) -> {
              if (failure == null) {
                requested.complete(markets);
              } else {
                requested.completeExceptionally(failure);
              }
            });
    return requested;
  }
}
