package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.PoolSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The budget and the cooldown of one proxy for one exchange. Guarded by its pool. */
final class Allowance {

  private final SlidingWindow connects = new SlidingWindow(Duration.ofMinutes(5).toNanos());
  private final SlidingWindow weight = new SlidingWindow(Duration.ofMinutes(1).toNanos());
  private long coolUntil;
  private int coolStatus;

  /**
   * Starts a cooldown. A shorter cooldown never shortens a longer one.
   *
   * @return whether to report it: the member was in use, or now cools down for much longer
   */
  boolean cool(int status, long pauseNanos, long now) {
    long left = coolNanos(now);
    if (pauseNanos <= left) {
      return false;
    }
    coolUntil = now + pauseNanos;
    coolStatus = status;
    return left == 0 || pauseNanos / 2 > left;
  }

  boolean isCooling(long now) {
    if (coolStatus != 0 && coolUntil - now <= 0) {
      coolStatus = 0;
    }
    return coolStatus != 0;
  }

  long coolNanos(long now) {
    return isCooling(now) ? coolUntil - now : 0;
  }

  @Nullable Integer coolStatus(long now) {
    return isCooling(now) ? coolStatus : null;
  }

  void connect(long now) {
    connects.add(1, now);
  }

  void spend(int amount, long now) {
    weight.add(amount, now);
  }

  int connects(long now) {
    return connects.sum(now);
  }

  int weight(long now) {
    return weight.sum(now);
  }

  boolean mayConnect(PoolSettings limits, long now) {
    return limits.maxConnectsPer5m() == 0 || connects.sum(now) < limits.maxConnectsPer5m();
  }

  boolean maySpend(PoolSettings limits, int amount, long now) {
    return limits.weightPerMinute() == 0
        || amount == 0
        || weight.sum(now) + amount <= limits.weightPerMinute();
  }

  long nanosUntilConnect(PoolSettings limits, long now) {
    return connects.nanosUntil(1, limits.maxConnectsPer5m(), now);
  }

  long nanosUntilSpend(PoolSettings limits, int amount, long now) {
    return weight.nanosUntil(amount, limits.weightPerMinute(), now);
  }
}
