package io.cryptofeed.connect.proxy.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides whether an ambiguous failure is the fault of the proxy or of the destination. Many
 * proxies report the outage of an exchange like one of their own.
 *
 * <p>The proxy is at fault if another member reaches the same destination within the window before
 * or after the failure. A member that failed there itself within the window does not count: the
 * destination was down for both, or is coming back. Guarded by its pool.
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
   * A member failed, and the fault is its own or the destination's. Returns whether it is known to
   * be its own; if not, {@link #reached} may find that out later.
   */
  boolean isAtFault(Member member, String target, long now) {
    Target there = target(target);
    boolean isKnown = there.isReachedByAnother(member, now, windowNanos);
    there.failed(member, now);
    if (!isKnown) {
      there.openQuestions.addLast(new OpenQuestion(member, now));
      there.forget(now, windowNanos);
    }
    return isKnown;
  }

  /** A member reported that the destination is down. */
  void unreachable(Member member, String target, long now) {
    target(target).failed(member, now);
  }

  /** A member reached the destination; returns the members that were at fault earlier. */
  List<Member> reached(Member member, String target, long now) {
    Target there = target(target);
    there.forget(now, windowNanos);
    return there.reached(member, now, windowNanos);
  }

  /** A member has left. */
  void forget(Member member) {
    for (Target target : targets.values()) {
      target.experiences.removeIf(experience -> experience.member == member);
      target.openQuestions.removeIf(question -> question.member() == member);
    }
  }

  private Target target(String target) {
    return targets.computeIfAbsent(target, any -> new Target());
  }

  private record OpenQuestion(Member member, long nanos) {}

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
    final ArrayDeque<OpenQuestion> openQuestions = new ArrayDeque<>();

    boolean isReachedByAnother(Member member, long now, long window) {
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
      Experience experience = of(member);
      experience.hasReached = true;
      experience.reachedAt = now;
      if (openQuestions.isEmpty()) {
        return List.of();
      }
      List<Member> atFault = new ArrayList<>();
      for (Iterator<OpenQuestion> each = openQuestions.iterator(); each.hasNext(); ) {
        OpenQuestion question = each.next();
        boolean failedToo =
            experience.hasFailed && question.nanos() - experience.failedAt <= window;
        if (question.member() != member && !failedToo) {
          atFault.add(question.member());
          each.remove();
        }
      }
      return atFault;
    }

    void forget(long now, long window) {
      while (!openQuestions.isEmpty() && now - openQuestions.getFirst().nanos() > window) {
        openQuestions.removeFirst();
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
