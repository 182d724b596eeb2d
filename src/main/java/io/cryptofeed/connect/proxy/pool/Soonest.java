package io.cryptofeed.connect.proxy.pool;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The member with the lowest latency. The current member is replaced only by one that is faster by
 * more than the tolerance. A share of the choices is random, so that a member that was slow is
 * measured again. In a big pool the less loaded of two random members is chosen (power of two
 * choices), so that not all connections go to the same one. Guarded by the pool.
 */
final class Soonest implements Selection {

  /** A pool with more members is big. */
  static final int BIG = 8;

  /** The assumed latency of a proxy that is tried for the first time. */
  private static final double UNKNOWN_NANOS = 1e9;

  private final long toleranceNanos;
  private final double explore;
  private final RandomGenerator random;
  private @Nullable Member current;

  /**
   * @param explore the share of choices made at random, 0 to 1
   */
  Soonest(long toleranceNanos, double explore, RandomGenerator random) {
    this.toleranceNanos = toleranceNanos;
    this.explore = explore;
    this.random = random;
  }

  @Override
  public Member choose(List<Member> candidates, long now) {
    if (candidates.size() > BIG) {
      return ofTwo(candidates);
    }
    if (explore > 0 && random.nextDouble() < explore) {
      return candidates.get(random.nextInt(candidates.size()));
    }
    Member soonest = soonest(candidates);
    Member used = current;
    boolean keeps =
        used != null
            && used != soonest
            && soonest.latency.isKnown()
            && used.latency.isKnown()
            && used.latency.nanos() - soonest.latency.nanos() <= toleranceNanos
            && candidates.contains(used);
    if (keeps && used != null) {
      return used;
    }
    current = soonest;
    return soonest;
  }

  private static Member soonest(List<Member> candidates) {
    Member soonest = candidates.get(0);
    for (Member member : candidates) {
      if (cost(member) < cost(soonest)) {
        soonest = member;
      }
    }
    return soonest;
  }

  /**
   * The more connections wait for the first result of an unknown member, the less it attracts
   * others.
   */
  private static double cost(Member member) {
    return member.latency.isKnown() ? member.latency.nanos() : UNKNOWN_NANOS * member.active;
  }

  private Member ofTwo(List<Member> candidates) {
    int first = random.nextInt(candidates.size());
    int second = random.nextInt(candidates.size() - 1);
    Member one = candidates.get(first);
    Member other = candidates.get(second < first ? second : second + 1);
    return load(one) <= load(other) ? one : other;
  }

  private static double load(Member member) {
    return member.latency.isKnown()
        ? (double) member.latency.nanos() * (member.active + 1)
        : UNKNOWN_NANOS * member.active;
  }
}
