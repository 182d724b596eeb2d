package io.cryptofeed.connect.ccxt;

import com.sun.management.GcInfo;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops scripts that do not end by themselves: a turn that lasts too long, or that goes on
 * allocating where the heap is all but full of what cannot be collected. One thread for all scripts
 * of an engine, because a script that loops holds its own.
 */
final class ScriptWatchdog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ScriptWatchdog.class);

  private static final long ROUND_MS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /**
   * Of what the heap may be, right after a collection: beyond it, the next failure is anybody's.
   */
  private static final double FULL = 0.85;

  /** What a turn must have allocated to be the reason why the heap is full. */
  private static final long SUSPICIOUS_BYTES = 64L << 20;

  private static final long MOST = Runtime.getRuntime().maxMemory();
  private static final Pattern YOUNG_ONLY = Pattern.compile("Young|Scavenge|Copy|ParNew|Minor");

  private final Set<Turns> watched = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::watch, "ccxt-watch");
  private volatile boolean closed;

  ScriptWatchdog() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Begins to watch a script. */
  Turns watch(Context context) {
    Turns turns = new Turns(context);
    watched.add(turns);
    return turns;
  }

  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(ROUND_MS);
      } catch (InterruptedException e) {
        return;
      }
      for (Turns turns : watched) {
        turns.check(System.nanoTime());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** The turns of one script. Begun and ended by its thread, checked by the watch. */
  final class Turns implements AutoCloseable {

    private final Context context;
    private final long thread = Thread.currentThread().getId();

    private volatile long number;
    private volatile long beganNanos;
    private volatile long limitNanos;
    private volatile boolean running;
    private volatile @Nullable String stopped;

    // Of the watch alone: when this turn was first seen, by the JVM's uptime, and what the thread
    // had allocated by then.
    private long seen;
    private long seenMs;
    private long allocatedBefore;

    private Turns(Context context) {
      this.context = context;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void begin(Duration limit) {
      beganNanos = System.nanoTime();
      limitNanos = limit.toNanos();
      number++;
      running = true;
    }

    void end() {
      running = false;
    }

    /** Why the watch has stopped the script, null when it has not. */
    @Nullable String stopped() {
      return stopped;
    }

    private void check(long nowNanos) {
      if (!running || stopped != null) {
        return;
      }
      if (nowNanos - beganNanos > limitNanos) {
        stop("ran for more than " + Duration.ofNanos(limitNanos).toMillis() + " ms in one turn");
      } else if (allocatedInTurn() > SUSPICIOUS_BYTES && heapIsFull(seenMs)) {
        stop(
            "allocated "
                + (allocatedInTurn() >> 20)
                + " MiB in one turn while the heap was full: give the worker more heap (-Xmx), or"
                + " this exchange fewer symbols");
      }
    }

    private long allocatedInTurn() {
      long allocated =
          ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
              ? threads.getThreadAllocatedBytes(thread)
              : 0;
      if (seen != number) {
        seen = number;
        seenMs = ManagementFactory.getRuntimeMXBean().getUptime();
        allocatedBefore = allocated;
      }
      return allocated - allocatedBefore;
    }

    private void stop(String why) {
      long turn = number;
      stopped = why;
      while (running && turn == number && !closed) {
        try {
          context.interrupt(PATIENCE);
          return;
        } catch (TimeoutException e) {
          LOG.warn("a script does not stop, though it {}", why);
        } catch (IllegalStateException e) {
          // It has been closed, which is as good.
          return;
        }
      }
    }

    /** Ends the watching. */
    @Override
    public void close() {
      running = false;
      watched.remove(this);
    }
  }

  /**
   * Whether a collection of the whole heap, since a time, has left it all but full. What was
   * measured before may be gone, and what a collection of young objects leaves may be garbage.
   */
  private static boolean heapIsFull(long sinceMs) {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (!YOUNG_ONLY.matcher(collector.getName()).find()
          && collector instanceof com.sun.management.GarbageCollectorMXBean detailed) {
        GcInfo last = detailed.getLastGcInfo();
        if (last != null && last.getEndTime() >= sinceMs && left(last) > FULL * MOST) {
          return true;
        }
      }
    }
    return false;
  }

  private static long left(GcInfo collection) {
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage after = collection.getMemoryUsageAfterGc().get(pool.getName());
      if (pool.getType() == MemoryType.HEAP && after != null) {
        used += after.getUsed();
      }
    }
    return used;
  }
}
