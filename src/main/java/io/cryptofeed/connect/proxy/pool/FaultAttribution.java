package io.cryptofeed.connect.proxy.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells whether a failure that may be the fault of the proxy or of the destination is the proxy's.
 * Behind many proxies the outage of an exchange looks like one of their own.
 *
 * <p>It is the proxy's if another one, a witness, reaches the same destination at about that time:
 * within the window, before or after. One that has failed there itself at about that time is no
 * witness: the destination was out for both, or is just coming back. Guarded by its pool.
 */
final class FaultAttribution {

  /** More destinations than a pool has exchanges. */
  private static final int MOST_TARGETS = 256;

  private final long windowNanos;
  private final Map<String, Target> targets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Target> eldest) {
          return size() > MOST_TARGETS;
        }
      };

  FaultAttribution(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  /**
   * A member failed, through its own fault or the destination's; returns whether it is proven to be
   * its own. If it is not, that may be proven later.
   */
  boolean convicts(Member member, String target, long now) {
    Target there = target(target);
    boolean isProven = there.hasWitnessAgainst(member, now, windowNanos);
    there.failed(member, now);
    if (!isProven) {
      there.suspicions.addLast(new Suspicion(member, now));
      there.forget(now, windowNanos);
    }
    return isProven;
  }

  /** A member learnt that the destination is out. */
  void unreachable(Member member, String target, long now) {
    target(target).failed(member, now);
  }

  /** A member reached the destination; returns whose failures turn out to be their own. */
  List<Member> reached(Member member, String target, long now) {
    Target there = target(target);
    there.forget(now, windowNanos);
    return there.reached(member, now, windowNanos);
  }

  /** A member has left. */
  void forget(Member member) {
    for (Target target : targets.values()) {
      target.experiences.removeIf(experience -> experience.member == member);
      target.suspicions.removeIf(suspicion -> suspicion.member() == member);
    }
  }

  private Target target(String target) {
    return targets.computeIfAbsent(target, any -> new Target());
  }

  private record Suspicion(Member member, long nanos) {}

  /** When a member last reached the destination, and when it last failed to. */
  private static final class Experience {
    final Member member;
    boolean hasReached;
    boolean hasFailed;
    long reachedAt;
    long failedAt;

    Experience(Member member) {
      this.member = member;
    }
  }

  private static final class Target {
    final List<Experience> experiences = new ArrayList<>(4);
    final ArrayDeque<Suspicion> suspicions = new ArrayDeque<>();

    boolean hasWitnessAgainst(Member member, long now, long window) {
      for (Experience other : experiences) {
        boolean failed = other.hasFailed && now - other.failedAt <= window;
        if (other.member != member
            && other.hasReached
            && now - other.reachedAt <= window
            && !failed) {
          return true;
        }
      }
      return false;
    }

    void failed(Member member, long now) {
      Experience experience = of(member);
      experience.hasFailed = true;
      experience.failedAt = now;
    }

    List<Member> reached(Member member, long now, long window) {
      Experience witness = of(member);
      witness.hasReached = true;
      witness.reachedAt = now;
      if (suspicions.isEmpty()) {
        return List.of();
      }
      List<Member> convicted = new ArrayList<>();
      for (Iterator<Suspicion> each = suspicions.iterator(); each.hasNext(); ) {
        Suspicion suspicion = each.next();
        boolean failedToo = witness.hasFailed && suspicion.nanos() - witness.failedAt <= window;
        if (suspicion.member() != member && !failedToo) {
          convicted.add(suspicion.member());
          each.remove();
        }
      }
      return convicted;
    }

    void forget(long now, long window) {
      while (!suspicions.isEmpty() && now - suspicions.getFirst().nanos() > window) {
        suspicions.removeFirst();
      }
    }

    private Experience of(Member member) {
      for (Experience experience : experiences) {
        if (experience.member == member) {
          return experience;
        }
      }
      Experience experience = new Experience(member);
      experiences.add(experience);
      return experience;
    }
  }
}
