package io.cryptofeed.connect.proxy.spi;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Supplies the members of pools, which may come and go. Has a public constructor without
 * parameters; named by {@code proxy.manager.class}. Called by one thread at a time.
 */
public interface ProxyManager extends AutoCloseable {

  /**
   * Prepares for use. Opens no connection.
   *
   * @param config what follows {@code proxy.manager.config.} in the configuration
   * @throws IllegalArgumentException says which key is wrong, and how to mend it; never quotes a
   *     secret
   */
  void configure(Map<String, String> config);

  /** Whether the members differ from exchange to exchange. */
  default boolean isPerExchange() {
    return false;
  }

  /**
   * The present members of a pool. An empty list counts as a failure: what was known before stays.
   *
   * @param exchange the exchange's id where {@link #isPerExchange}, else null
   */
  CompletionStage<List<Candidate>> members(String pool, @Nullable String exchange);

  @Override
  void close();

  /**
   * A proxy that may become a member.
   *
   * @param url {@code scheme://[user:password@]host:port}
   * @param weight 0.1 to 10
   * @param priority the lowest comes first
   * @param region a label, null when it has none
   */
  record Candidate(String url, double weight, int priority, @Nullable String region) {

    /** Without the URL, which may hold credentials. */
    @Override
    public String toString() {
      return "a candidate of weight " + weight + " and priority " + priority;
    }
  }
}
