package io.cryptofeed.connect.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Random;

/**
 * Runs a test with many seeds. {@code fuzz.executions} says how many there are for all targets
 * together, {@code fuzz.seed} which is the first. A failure names its own seed: with {@code
 * -Dfuzz.seed=SEED -Dfuzz.executions=1} it is repeated alone.
 */
public final class Fuzz {

  private static final long EXECUTIONS = Long.getLong("fuzz.executions", 100_000);
  private static final long FIRST_SEED = Long.getLong("fuzz.seed", 1);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Fuzz() {}

  /** One execution. */
  @FunctionalInterface
  public interface Execution {
    /**
     * @param random the only source of chance
     */
    void run(Random random) throws Exception;
  }

  /**
   * Runs a target.
   *
   * @param share its part of all executions, in thousandths
   */
  public static void run(String target, int share, Execution execution) {
    long executions = Math.max(1, EXECUTIONS * share / 1_000);
    long start = System.nanoTime();
    for (long i = 0; i < executions; i++) {
      long seed = FIRST_SEED + i;
      try {
        execution.run(new Random(seed * 0x9E3779B97F4A7C15L));
      } catch (Exception | AssertionError | StackOverflowError e) {
        throw new AssertionError(target + ": a fault with -Dfuzz.seed=" + seed, e);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "fuzz target=%s first_seed=%d executions=%d per_second=%.0f%n",
        target,
        FIRST_SEED,
        executions,
        executions / seconds);
  }

  /** How many bytes the present thread allocates while something runs. */
  public static long allocated(Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
