package io.cryptofeed.connect.text;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * Lets the first of many similar events be logged at once, and the others as one count a minute
 * later. Safe for use by many threads; the time is passed in.
 *
 * @param <K> what makes two events similar
 */
public final class Repeats<K> {

  /** How long similar events are counted before the count is reported. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private final Map<K, Streak> streaks = new HashMap<>();

  /** Similar events since a point in time, without those that have been logged. */
  private static final class Streak {
    private long sinceNanos;
    private int unreported;

    private Streak(long nowNanos) {
      sinceNanos = nowNanos;
    }
  }

  /** Counts an event, and returns whether it is to be logged at once. */
  public synchronized boolean isFirst(K key, long nowNanos) {
    Streak streak = streaks.get(key);
    if (streak == null) {
      streaks.put(key, new Streak(nowNanos));
      return true;
    }
    streak.unreported++;
    return false;
  }

  /**
   * Reports how many more events there were, where a minute is over.
   *
   * @param reporter takes what the events have in common, and how many there were, at least 1
   */
  public void report(long nowNanos, ObjIntConsumer<K> reporter) {
    due(nowNanos).forEach(reporter::accept);
  }

  private synchronized Map<K, Integer> due(long nowNanos) {
    Map<K, Integer> due = new HashMap<>();
    for (Iterator<Map.Entry<K, Streak>> all = streaks.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<K, Streak> entry = all.next();
      Streak streak = entry.getValue();
      if (nowNanos - streak.sinceNanos < WINDOW.toNanos()) {
        continue;
      }
      if (streak.unreported == 0) {
        all.remove();
      } else {
        due.put(entry.getKey(), streak.unreported);
        streak.unreported = 0;
        streak.sinceNanos = nowNanos;
      }
    }
    return due;
  }
}
