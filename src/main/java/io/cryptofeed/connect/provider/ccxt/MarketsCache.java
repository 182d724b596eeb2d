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
 * The markets that the exchanges of CCXT listed, shared by the tasks of a worker: what one has
 * asked for, the others need not, until it is too old. Safe for use by many threads.
 */
public final class MarketsCache {

  /** That of the worker: of the plugin's class loader. */
  public static final MarketsCache SHARED = new MarketsCache();

  private final Map<Key, Listed> lists = new HashMap<>();

  /**
   * What makes two lists the same one.
   *
   * @param options by which some classes are told what to list; never shown
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
   * @param sinceNanos when they were asked for
   */
  private record Listed(CompletableFuture<String> markets, long sinceNanos) {

    boolean isFresh(Duration ttl, long nowNanos) {
      return !markets.isDone()
          || (!markets.isCompletedExceptionally() && nowNanos - sinceNanos < ttl.toNanos());
    }
  }

  /**
   * The markets: those that are known, those that somebody is asking for now, or else those that
   * are asked for. A failure is told to all who wait for it, and not kept.
   *
   * @param ttl how old what is known may be
   * @param ask asks the exchange; called by this thread
   */
  CompletionStage<String> get(
      Key key, Duration ttl, long nowNanos, Supplier<CompletionStage<String>> ask) {
    CompletableFuture<String> asked;
    synchronized (this) {
      Listed known = lists.get(key);
      if (known != null && known.isFresh(ttl, nowNanos)) {
        return known.markets();
      }
      asked = new CompletableFuture<>();
      lists.put(key, new Listed(asked, nowNanos));
    }
    ask.get()
        .whenComplete(
            (markets, failure) -> {
              if (failure == null) {
                asked.complete(markets);
              } else {
                asked.completeExceptionally(failure);
              }
            });
    return asked;
  }
}
