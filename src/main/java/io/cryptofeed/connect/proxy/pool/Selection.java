package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.PoolSettings;
import java.util.List;
import java.util.random.RandomGenerator;

/** How a pool chooses one of the eligible members. Guarded by the pool. */
interface Selection {

  /**
   * Chooses.
   *
   * @param candidates at least one, in the pool's order
   * @param now a reading of {@link System#nanoTime()}
   */
  Member choose(List<Member> candidates, long now);

  static Selection of(PoolSettings pool, RandomGenerator random) {
    return switch (pool.strategy()) {
      case ROUND_ROBIN -> new RoundRobin();
      case RANDOM -> (candidates, now) -> candidates.get(random.nextInt(candidates.size()));
      case WEIGHTED -> new Weighted(random);
      case LEAST_CONNECTIONS -> new LeastConnections();
      case FAILOVER -> new ByPriority();
      case LATENCY ->
          new Soonest(pool.tolerance().toNanos(), pool.explorePercent() / 100.0, random);
      case ADAPTIVE -> new Cheapest(random);
    };
  }

  /** The member whose turn is longest ago, so that the others stay even while one is out. */
  final class RoundRobin implements Selection {
    private long turn;

    @Override
    public Member choose(List<Member> candidates, long now) {
      Member chosen = candidates.get(0);
      for (Member member : candidates) {
        if (member.turn < chosen.turn) {
          chosen = member;
        }
      }
      chosen.turn = ++turn;
      return chosen;
    }
  }

  /** Any, in proportion to the weights. */
  record Weighted(RandomGenerator random) implements Selection {

    @Override
    public Member choose(List<Member> candidates, long now) {
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
  }

  /** The one with the fewest open connections; among equals the one whose turn is longest ago. */
  final class LeastConnections implements Selection {
    private long turn;

    @Override
    public Member choose(List<Member> candidates, long now) {
      Member chosen = candidates.get(0);
      for (Member member : candidates) {
        if (member.active < chosen.active
            || (member.active == chosen.active && member.turn < chosen.turn)) {
          chosen = member;
        }
      }
      chosen.turn = ++turn;
      return chosen;
    }
  }

  /** The one with the lowest priority number, and among equals the first. */
  record ByPriority() implements Selection {

    @Override
    public Member choose(List<Member> candidates, long now) {
      Member chosen = candidates.get(0);
      for (Member member : candidates) {
        if (member.settings().priority() < chosen.settings().priority()) {
          chosen = member;
        }
      }
      return chosen;
    }
  }

  /** Thompson sampling: draws a likely cost for each, and takes the lowest. */
  record Cheapest(RandomGenerator random) implements Selection {

    @Override
    public Member choose(List<Member> candidates, long now) {
      Member chosen = candidates.get(0);
      double lowest = Double.POSITIVE_INFINITY;
      for (Member member : candidates) {
        double cost = member.cost.sample(random, now);
        if (cost < lowest) {
          lowest = cost;
          chosen = member;
        }
      }
      return chosen;
    }
  }
}
