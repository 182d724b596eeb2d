package io.cryptofeed.connect.bench;

import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** How JMH runs a benchmark: as long as a {@link RunLength} says, and not past an error. */
final class JmhRun {

  private JmhRun() {}

  /**
   * Options for one benchmark, each measurement in {@code bench.forks} JVMs of its own: 1 unless
   * that system property is set.
   *
   * @param arguments more options of JMH, such as {@code -prof gc}
   */
  static OptionsBuilder of(Class<?> benchmark, RunLength length, String[] arguments)
      throws CommandLineOptionException {
    TimeValue window = TimeValue.nanoseconds(length.window().toNanos());
    OptionsBuilder options = new OptionsBuilder();
    options.parent(new CommandLineOptions(arguments));
    options
        .include(benchmark.getName())
        .forks(RunLength.property("bench.forks", 1, Integer::parseInt))
        .warmupIterations(length.warmUps())
        .warmupTime(window)
        .measurementIterations(length.rounds())
        .measurementTime(window)
        .shouldFailOnError(true);
    return options;
  }
}
