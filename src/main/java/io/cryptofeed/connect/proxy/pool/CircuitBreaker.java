package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;

/**
 * Excludes a proxy that keeps failing for a while (open), each time longer, and then permits a few
 * trial attempts (half open). A success closes it. Guarded by its pool.
 */
final class CircuitBreaker {

  /** Enough for a failure rate; older outcomes are dropped. */
  private static final int MOST_OUTCOMES = 1_000;

  private final CircuitSettings settings;
  private final RandomGenerator random;
  private final ArrayDeque<Outcome> outcomes = new ArrayDeque<>();
  private int failures;
  private int inARow;
  private int timesOpened;
  private int trials;
  private long triedAt;
  private Circuit state = Circuit.CLOSED;
  private long openUntil;
  private long openNanos;

  private record Outcome(long nanos, boolean success) {}

  CircuitBreaker(CircuitSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  Circuit state(long now) {
    return state == Circuit.OPEN && openUntil - now <= 0 ? Circuit.HALF_OPEN : state;
  }

  boolean permits(long now) {
    return switch (state(now)) {
      case CLOSED -> true;
      case OPEN -> false;
      case HALF_OPEN -> trials < settings.halfOpen() || isTrialLost(now);
    };
  }

  /** The end of an abandoned attempt is not reported; it must not block the others for ever. */
  private boolean isTrialLost(long now) {
    return now - triedAt > openNanos;
  }

  /** How long it stays open; 0 when it isn't. */
  long nanosLeft(long now) {
    return state(now) == Circuit.OPEN ? openUntil - now : 0;
  }

  /** For how long it opened the last time. */
  Duration openFor() {
    return Duration.ofNanos(openNanos);
  }

  /** An attempt begins. Returns whether the state has changed, to half open. */
  boolean begin(long now) {
    if (state(now) != Circuit.HALF_OPEN) {
      return false;
    }
    boolean isFirst = state == Circuit.OPEN;
    state = Circuit.HALF_OPEN;
    trials = isTrialLost(now) ? 1 : trials + 1;
    triedAt = now;
    return isFirst;
  }

  /** An attempt ended, and its result does not depend on the proxy. */
  void withdraw() {
    trials = Math.max(0, trials - 1);
  }

  /** An attempt succeeded. Returns whether the state has changed, to closed. */
  boolean succeeded(long now) {
    add(now, true);
    inARow = 0;
    withdraw();
    return close(now);
  }

  /** Closes if half open: the proxy works. Returns whether the state has changed. */
  boolean close(long now) {
    if (state(now) != Circuit.HALF_OPEN) {
      return false;
    }
    state = Circuit.CLOSED;
    trials = 0;
    timesOpened = 0;
    inARow = 0;
    outcomes.clear();
    failures = 0;
    return true;
  }

  /** An attempt failed. Returns whether the state has changed, to open. */
  boolean failed(long now) {
    withdraw();
    return countFault(now);
  }

  /**
   * A withdrawn attempt, or an open connection, turns out to have failed by the fault of the proxy.
   * Returns whether the state has changed, to open.
   */
  boolean countFault(long now) {
    add(now, false);
    inARow++;
    Circuit present = state(now);
    boolean opens = present == Circuit.HALF_OPEN || (present == Circuit.CLOSED && isTooBad());
    if (opens) {
      open(now);
    }
    return opens;
  }

  private boolean isTooBad() {
    return inARow >= settings.consecutive()
        || (outcomes.size() >= settings.minCalls()
            && failures * 100L >= (long) settings.failurePercent() * outcomes.size());
  }

  private void open(long now) {
    state = Circuit.OPEN;
    trials = 0;
    inARow = 0;
    long full = doubled(settings.open().toNanos(), timesOpened, settings.openMax().toNanos());
    timesOpened++;
    // Equal jitter: at least half of it, so that members that failed together come back apart.
    openNanos = full / 2 + random.nextLong(full / 2 + 1);
    openUntil = now + openNanos;
    triedAt = openUntil;
  }

  private static long doubled(long nanos, int times, long most) {
    long result = Math.min(nanos, most);
    for (int i = 0; i < times && result < most; i++) {
      result = result > most / 2 ? most : result * 2;
    }
    return result;
  }

  private void add(long now, boolean success) {
    forget(now);
    if (outcomes.size() == MOST_OUTCOMES) {
      drop();
    }
    outcomes.addLast(new Outcome(now, success));
    failures += success ? 0 : 1;
  }

  private void forget(long now) {
    long window = settings.window().toNanos();
    while (!outcomes.isEmpty() && now - outcomes.getFirst().nanos() > window) {
      drop();
    }
  }

  private void drop() {
    failures -= outcomes.removeFirst().success() ? 0 : 1;
  }

  /** The share of successes within the window, 1 when there was nothing. */
  double successRatio(long now) {
    forget(now);
    return outcomes.isEmpty() ? 1 : 1 - (double) failures / outcomes.size();
  }
}
