package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.Sticky;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who was given which member, so that it can be given the same one again. Guarded by its pool. */
final class Assignments {

  private static final int MOST = 4_096;

  private final Sticky sticky;
  private final long ttlNanos;

  /** The one that asked last is at the end. */
  private final Map<Object, Assignment> assignments =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Assignment> eldest) {
          return size() > MOST;
        }
      };

  private record Assignment(Member member, long nanos) {}

  private record Connection(String exchange, Transport transport, String session) {}

  Assignments(Sticky sticky, Duration ttl) {
    this.sticky = sticky;
    ttlNanos = ttl.toNanos();
  }

  /** What stays with its member; null when nothing does. */
  @Nullable Object key(ConnectRequest errand) {
    return switch (sticky) {
      case NONE -> null;
      case EXCHANGE -> errand.exchange();
      case CONNECTION ->
          errand.session().isEmpty()
              ? null
              : new Connection(errand.exchange(), errand.transport(), errand.session());
    };
  }

  /** The member that it was given; null when that is too long ago, or never was. */
  @Nullable Member get(Object key, long now) {
    Assignment assignment = assignments.get(key);
    return assignment == null || now - assignment.nanos() > ttlNanos ? null : assignment.member();
  }

  void put(Object key, Member member, long now) {
    assignments.put(key, new Assignment(member, now));
  }

  /** A member has left. */
  void forget(Member member) {
    assignments.values().removeIf(assignment -> assignment.member() == member);
  }
}
