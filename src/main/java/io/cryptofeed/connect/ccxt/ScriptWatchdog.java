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
 * Stops scripts whose turns do not end: a turn that runs for too long, or that allocates memory
 * while the heap is almost full of objects that cannot be collected. One thread watches all scripts
 * of an engine, because a script that loops blocks its own thread.
 */
final class ScriptWatchdog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ScriptWatchdog.class);

  private static final long CHECK_MS = 50;
  private static final Duration INTERRUPT_TIMEOUT = Duration.ofSeconds(1);

  /**
   * The share of the heap that is used right after a collection: above it, any thread may be the
   * next to run out of memory.
   */
  private static final double FULL = 0.85;

  /** A turn that has allocated less is not the reason why the heap is full. */
  private static final long SUSPICIOUS_BYTES = 64L << 20;

  private static final long MAX_HEAP = Runtime.getRuntime().maxMemory();
  private static final Pattern YOUNG_ONLY = Pattern.compile("Young|Scavenge|Copy|ParNew|Minor");

  private final Set<Turns> watched = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::watch, "ccxt-watch");
  private volatile boolean closed;
  private volatile int failures;

  ScriptWatchdog() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Watches the turns of a script. */
  Turns watch(Context context) {
    Turns turns = new Turns(context);
    watched.add(turns);
    return turns;
  }

  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(CHECK_MS);
      } catch (InterruptedException e) {
        return;
      }
      for (Turns turns : watched) {
        try {
          turns.check(System.nanoTime());
        } catch (RuntimeException | Error e) {
          // A full heap, or a context that broke while it was stopped: without this thread, no
          // script would ever be stopped again.
          failures++;
        }
      }
    }
  }

  /** How often a check has failed; it is repeated {@value #CHECK_MS} ms later. */
  int failures() {
    return failures;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** The turns of one script. Its thread starts and ends them, the watchdog checks them. */
  final class Turns implements AutoCloseable {

    private final Context context;
    private final long thread = Thread.currentThread().getId();

    private volatile long number;
    private volatile long startedNanos;
    private volatile long limitNanos;
    private volatile boolean running;
    private volatile @Nullable String stopped;

    // Used by the watchdog only: whether it has stopped the script; when this turn was first seen,
    // by the uptime of the JVM, and how
    // many bytes the thread had allocated then.
    private boolean interrupted;
    private long seen;
    private long seenMs;
    private long allocatedBefore;

    private Turns(Context context) {
      this.context = context;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void begin(Duration limit) {
      startedNanos = System.nanoTime();
      limitNanos = limit.toNanos();
      number++;
      running = true;
    }

    void end() {
      running = false;
    }

    /** Why the watchdog has stopped the script, null if it has not. */
    @Nullable String stopped() {
      return stopped;
    }

    private void check(long nowNanos) {
      if (!running || interrupted) {
        return;
      }
      if (stopped == null) {
        stopped = reason(nowNanos);
      }
      if (stopped != null) {
        interrupt(stopped);
      }
    }

    /** Why the turn has to end now, null if it may go on. */
    private @Nullable String reason(long nowNanos) {
      if (nowNanos - startedNanos > limitNanos) {
        return "ran for more than " + Duration.ofNanos(limitNanos).toMillis() + " ms in one turn";
      }
      if (allocatedInTurn() > SUSPICIOUS_BYTES && heapIsFull(seenMs)) {
        return "allocated "
            + (allocatedInTurn() >> 20)
            + " MiB in one turn while the heap was full: give the worker more heap (-Xmx), or"
            + " configure fewer symbols for this exchange";
      }
      return null;
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

    private void interrupt(String why) {
      long turn = number;
      while (running && turn == number && !closed) {
        try {
          context.interrupt(INTERRUPT_TIMEOUT);
          interrupted = true;
          return;
        } catch (TimeoutException e) {
          LOG.warn("a script cannot be interrupted; it {}", why);
        } catch (IllegalStateException e) {
          // It has been closed in the meantime.
          return;
        }
      }
    }

    /** Stops watching the script. */
    @Override
    public void close() {
      running = false;
      watched.remove(this);
    }
  }

  /**
   * Whether a collection of the whole heap, since a time, has left it almost full. Earlier
   * collections are out of date, and a collection of young objects may leave garbage.
   */
  private static boolean heapIsFull(long sinceMs) {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (!YOUNG_ONLY.matcher(collector.getName()).find()
          && collector instanceof com.sun.management.GarbageCollectorMXBean detailed) {
        GcInfo last = detailed.getLastGcInfo();
        if (last != null && last.getEndTime() >= sinceMs && usedAfter(last) > FULL * MAX_HEAP) {
          return true;
        }
      }
    }
    return false;
  }

  private static long usedAfter(GcInfo collection) {
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
