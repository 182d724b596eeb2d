package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.PoolSettings;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How a pool chooses one of the members that may be used. Guarded by the pool. */
interface Selection {

  /**
   * Chooses.
   *
   * @param candidates at least one, in the pool's order
   */
  Member choose(List<Member> candidates);

  static Selection of(PoolSettings pool, RandomGenerator random) {
    return switch (pool.strategy()) {
      case ROUND_ROBIN -> new RoundRobin();
      case RANDOM -> candidates -> candidates.get(random.nextInt(candidates.size()));
      case WEIGHTED -> candidates -> weighted(candidates, random);
      case LEAST_CONNECTIONS -> Selection::leastConnections;
      case FAILOVER -> Selection::byPriority;
      case LATENCY -> new Soonest(pool, random);
      case ADAPTIVE -> candidates -> cheapest(candidates, random);
    };
  }

  /** The number goes on whoever the candidates are, so that a member that is out shifts nobody. */
  final class RoundRobin implements Selection {
    private int next;

    @Override
    public Member choose(List<Member> candidates) {
      return candidates.get(Math.floorMod(next++, candidates.size()));
    }
  }

  private static Member weighted(List<Member> candidates, RandomGenerator random) {
    double sum = 0;
    for (Member member : candidates) {
      sum += member.settings().weight();
    }
    double left = random.nextDouble() * sum;
    for (Member member : candidates) {
      left -= member.settings().weight();
      if (left < 0) {
        return member;
      }
    }
    return candidates.get(candidates.size() - 1);
  }

  private static Member leastConnections(List<Member> candidates) {
    Member best = candidates.get(0);
    for (Member member : candidates) {
      if (member.active < best.active) {
        best = member;
      }
    }
    return best;
  }

  private static Member byPriority(List<Member> candidates) {
    Member best = candidates.get(0);
    for (Member member : candidates) {
      if (member.settings().priority() < best.settings().priority()) {
        best = member;
      }
    }
    return best;
  }

  /** Thompson sampling: draws a likely cost for each, and takes the lowest. */
  private static Member cheapest(List<Member> candidates, RandomGenerator random) {
    Member best = candidates.get(0);
    double lowest = Double.MAX_VALUE;
    for (Member member : candidates) {
      double cost = member.belief.sample(random);
      if (cost < lowest) {
        lowest = cost;
        best = member;
      }
    }
    return best;
  }

  /**
   * The lowest latency. A member about which nothing is known comes first; the one in use is left
   * only for one that is faster by more than the tolerance; and now and then chance decides, so that
   * what was slow once is looked at again. In a big pool only two are compared, so that not all
   * connections run to the same one.
   */
  final class Soonest implements Selection {

    private static final int BIG = 8;

    private final long toleranceNanos;
    private final double explore;
    private final RandomGenerator random;
    private @Nullable Member current;

    Soonest(PoolSettings pool, RandomGenerator random) {
      toleranceNanos = pool.tolerance().toNanos();
      explore = pool.explorePercent() / 100.0;
      this.random = random;
    }

    @Override
    public Member choose(List<Member> candidates) {
      if (candidates.size() > BIG) {
        return ofTwo(candidates);
      }
      if (explore > 0 && random.nextDouble() < explore) {
        return candidates.get(random.nextInt(candidates.size()));
      }
      Member fastest = candidates.get(0);
      for (Member member : candidates) {
        if (member.latency.nanos() < fastest.latency.nanos()) {
          fastest = member;
        }
      }
      Member used = current;
      boolean keeps =
          used != null
              && candidates.contains(used)
              && fastest.latency.isKnown()
              && used.latency.nanos() - fastest.latency.nanos() <= toleranceNanos;
      if (!keeps) {
        current = fastest;
      }
      return keeps && used != null ? used : fastest;
    }

    private Member ofTwo(List<Member> candidates) {
      Member one = candidates.get(random.nextInt(candidates.size()));
      Member other = candidates.get(random.nextInt(candidates.size()));
      return load(one) <= load(other) ? one : other;
    }

    private static double load(Member member) {
      return (double) member.latency.nanos() * (member.active + 1);
    }
  }
}
