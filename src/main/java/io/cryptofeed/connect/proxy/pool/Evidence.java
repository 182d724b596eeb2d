package io.cryptofeed.connect.proxy.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Tells whether a failure that may be the fault of the proxy or of the destination is the proxy's: it
 * is, if another proxy reaches the same destination at about that time. Behind many proxies the
 * outage of an exchange looks like one of their own. Guarded by its pool.
 */
final class Evidence {

  /** More destinations than a pool has exchanges. */
  private static final int MOST_TARGETS = 256;

  private final long windowNanos;
  private final Map<String, List<Reached>> reached = new HashMap<>();
  private final List<Suspicion> suspicions = new ArrayList<>();

  private record Reached(Member member, long nanos) {}

  private record Suspicion(Member member, String target, long nanos) {}

  Evidence(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  /** A member failed; returns whether another has reached the same destination lately. */
  boolean convicts(Member member, String target, long now) {
    boolean isItsFault =
        reached.getOrDefault(target, List.of()).stream()
            .anyMatch(seen -> seen.member() != member && now - seen.nanos() <= windowNanos);
    if (!isItsFault) {
      suspicions.removeIf(old -> now - old.nanos() > windowNanos);
      suspicions.add(new Suspicion(member, target, now));
    }
    return isItsFault;
  }

  /** A member reached a destination; returns those whose failures turn out to be their own. */
  List<Member> reached(Member member, String target, long now) {
    note(member, target, now);
    if (suspicions.isEmpty()) {
      return List.of();
    }
    List<Member> convicted = new ArrayList<>();
    for (Iterator<Suspicion> each = suspicions.iterator(); each.hasNext(); ) {
      Suspicion suspicion = each.next();
      boolean isOld = now - suspicion.nanos() > windowNanos;
      boolean isProven = suspicion.target().equals(target) && suspicion.member() != member;
      if (!isOld && isProven) {
        convicted.add(suspicion.member());
      }
      if (isOld || suspicion.target().equals(target)) {
        each.remove();
      }
    }
    return convicted;
  }

  private void note(Member member, String target, long now) {
    if (reached.size() >= MOST_TARGETS && !reached.containsKey(target)) {
      reached.clear();
    }
    List<Reached> seen = reached.computeIfAbsent(target, any -> new ArrayList<>(2));
    seen.removeIf(old -> old.member() == member || now - old.nanos() > windowNanos);
    seen.add(new Reached(member, now));
  }
}
