package io.cryptofeed.connect.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * The time series of one metric, by their label values. Safe for use by many threads; no lock is
 * taken for a series that exists.
 *
 * @param <N> what holds the value of a series, for example a {@link
 *     java.util.concurrent.atomic.LongAdder}
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
   * The series with these label values, created if there is none.
   *
   * @param values in the order of the metric's labels
   */
  public N of(String... values) {
    List<String> key = List.of(values);
    N number = numbers.get(key);
    return number != null ? number : numbers.computeIfAbsent(key, any -> fresh.get());
  }

  /** Passes every series to a consumer, with its labels by name. */
  public void forEach(BiConsumer<Map<String, String>, N> consumer) {
    numbers.forEach((values, number) -> consumer.accept(metric.labelled(values), number));
  }

  /** Removes series. */
  public void removeIf(BiPredicate<Map<String, String>, N> which) {
    numbers
        .entrySet()
        .removeIf(entry -> which.test(metric.labelled(entry.getKey()), entry.getValue()));
  }
}
