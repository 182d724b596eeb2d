package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.Sticky;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers the member of each sticky session, so that it is chosen again. Guarded by its pool. */
final class Assignments {

  private static final int MOST = 4_096;

  private final Sticky sticky;
  private final long ttlNanos;

  /** The most recently used one is at the end. */
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

  /** The sticky session of a request; null without one. */
  @Nullable Object key(ConnectRequest request) {
    return switch (sticky) {
      case NONE -> null;
      case EXCHANGE -> request.exchange();
      case CONNECTION ->
          request.session().isEmpty()
              ? null
              : new Connection(request.exchange(), request.transport(), request.session());
    };
  }

  /** The member of a session; null when it has none, or the assignment has expired. */
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
