package io.cryptofeed.connect.bench;

import java.time.Duration;
import java.util.function.Function;

/**
 * How long a benchmark measures. The system properties {@code bench.rounds}, {@code bench.warmups}
 * and {@code bench.seconds} replace a benchmark's own numbers, so that the same code runs for an
 * hour or for a moment.
 *
 * @param rounds that count, at least 1
 * @param warmUps rounds before them that do not count
 * @param window of each round, for each thing that is measured
 */
record RunLength(int rounds, int warmUps, Duration window) {

  /** The numbers of a benchmark, except for those that a system property gives. */
  static RunLength configured(int rounds, int warmUps, Duration window) {
    return new RunLength(
        property("bench.rounds", rounds, Integer::parseInt),
        property("bench.warmups", warmUps, Integer::parseInt),
        property("bench.seconds", window, RunLength::seconds));
  }

  /** A property that is absent or empty gives way to the benchmark's own number. */
  static <T> T property(String name, T otherwise, Function<String, T> reader) {
    String text = System.getProperty(name, "");
    return text.isEmpty() ? otherwise : reader.apply(text);
  }

  private static Duration seconds(String text) {
    return Duration.ofNanos((long) (Double.parseDouble(text) * 1e9));
  }
}
