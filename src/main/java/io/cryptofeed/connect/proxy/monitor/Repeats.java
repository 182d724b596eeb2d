package io.cryptofeed.connect.proxy.monitor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first of many alike be told at once, and the others as a number a minute later. Safe for
 * use by many threads.
 *
 * @param <K> what makes them alike
 */
final class Repeats<K> {

  /** How long the others are added up. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  private final Map<K, Streak> streaks = new ConcurrentHashMap<>();

  /** How many have not been told since. */
  private record Streak(long sinceNanos, int untold) {

    Streak oneMore() {
      return new Streak(sinceNanos, untold + 1);
    }

    boolean isOver(long nowNanos) {
      return nowNanos - sinceNanos >= PAUSE.toNanos();
    }
  }

  /** Whether this one is to be told at once. */
  boolean isFirst(K key, long nowNanos) {
    Streak streak =
        streaks.merge(key, new Streak(nowNanos, 0), (present, first) -> present.oneMore());
    return streak.untold == 0;
  }

  /** Tells how many more there were, where a minute is over. */
  void tell(long nowNanos, ObjIntConsumer<K> teller) {
    streaks.forEach(
        (key, streak) -> {
          Streak next = streak.untold == 0 ? null : new Streak(nowNanos, 0);
          if (streak.isOver(nowNanos) && replace(key, streak, next) && streak.untold > 0) {
            teller.accept(key, streak.untold);
          }
        });
  }

  /** Fails when one more has come meanwhile; that one, too, is told later. */
  private boolean replace(K key, Streak streak, @Nullable Streak next) {
    return next == null ? streaks.remove(key, streak) : streaks.replace(key, streak, next);
  }
}
