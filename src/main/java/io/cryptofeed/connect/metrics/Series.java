package io.cryptofeed.connect.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * The numbers of one metric, by the values of its labels. Safe for use by many threads; without a
 * lock once a series is there.
 *
 * @param <N> what counts
 */
public final class Series<N> {

  private final Metric metric;
  private final Supplier<N> fresh;
  private final Map<List<String>, N> numbers = new ConcurrentHashMap<>();

  public Series(Metric metric, Supplier<N> fresh) {
    this.metric = metric;
    this.fresh = fresh;
  }

  public Metric metric() {
    return metric;
  }

  /**
   * The number with these labels.
   *
   * @param values in the order of the metric's labels
   */
  public N of(String... values) {
    List<String> key = List.of(values);
    N number = numbers.get(key);
    return number != null ? number : numbers.computeIfAbsent(key, any -> fresh.get());
  }

  /** Hands over every number with its labels. */
  public void forEach(BiConsumer<Map<String, String>, N> consumer) {
    numbers.forEach((values, number) -> consumer.accept(metric.labelled(values), number));
  }

  /** Forgets numbers. */
  public void removeIf(BiPredicate<Map<String, String>, N> which) {
    numbers
        .entrySet()
        .removeIf(entry -> which.test(metric.labelled(entry.getKey()), entry.getValue()));
  }
}
