package io.cryptofeed.connect.provider.ccxt;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.ccxt.PlainOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Markets that the tasks of a worker share. */
class MarketsCacheTest {

  private static final Duration TTL = Duration.ofSeconds(10);
  private static final MarketsCache.Key BITRUE =
      MarketsCache.Key.of(PlainOptions.of("bitrue"), null);

  private final MarketsCache cache = new MarketsCache();
  private final List<CompletableFuture<String>> requests = new ArrayList<>();

  @Test
  void markets_are_requested_once_until_the_list_is_too_old() {
    CompletionStage<String> first = get(BITRUE, 0);
    CompletionStage<String> meanwhile = get(BITRUE, 60);
    assertThat(requests).hasSize(1);

    requests.get(0).complete("one");
    assertThat(first.toCompletableFuture()).isCompletedWithValue("one");
    assertThat(meanwhile.toCompletableFuture()).isCompletedWithValue("one");
    assertThat(get(BITRUE, 9).toCompletableFuture()).isCompletedWithValue("one");

    CompletionStage<String> later = get(BITRUE, 10);
    requests.get(1).complete("two");
    assertThat(later.toCompletableFuture()).isCompletedWithValue("two");
  }

  @Test
  void a_failure_is_reported_to_all_waiting_tasks_and_not_cached() {
    CompletionStage<String> first = get(BITRUE, 0);
    CompletionStage<String> meanwhile = get(BITRUE, 0);

    requests.get(0).completeExceptionally(new IllegalStateException("no response"));

    assertThat(first.toCompletableFuture()).isCompletedExceptionally();
    assertThat(meanwhile.toCompletableFuture()).isCompletedExceptionally();
    get(BITRUE, 1);
    assertThat(requests).hasSize(2);
  }

  @Test
  void other_hosts_or_options_have_lists_of_their_own() {
    get(BITRUE, 0);
    get(MarketsCache.Key.of(PlainOptions.at("bitrue", Map.of("a", "b")), null), 0);
    get(
        MarketsCache.Key.of(
            new CcxtOptions("bitrue", "bitrue", null, null, null, true, "{}", Map.of()), null),
        0);

    assertThat(requests).hasSize(3);
  }

  private CompletionStage<String> get(MarketsCache.Key key, long second) {
    return cache.get(
        key,
        TTL,
        Duration.ofSeconds(second).toNanos(),
        () -> {
          CompletableFuture<String> response = new CompletableFuture<>();
          requests.add(response);
          return response;
        });
  }
}
