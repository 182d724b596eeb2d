package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Events that happened while the pool was locked, to be emitted after that. For one thread. */
final class PendingEvents {

  private final String pool;
  private @Nullable List<Consumer<ProxyEvents>> all;

  PendingEvents(String pool) {
    this.pool = pool;
  }

  void health(Member member, boolean healthy, String reason) {
    add(events -> events.healthChanged(pool, member.egress(), healthy, reason));
  }

  void circuit(Member member, Circuit state, Duration openFor) {
    add(events -> events.circuitChanged(pool, member.egress(), state, openFor));
  }

  void cooling(Member member, String exchange, int status, Duration pause, boolean rotates) {
    add(events -> events.coolingDown(pool, member.egress(), exchange, status, pause, rotates));
  }

  void members(int added, int draining, int total) {
    add(events -> events.membersChanged(pool, added, draining, total));
  }

  private void add(Consumer<ProxyEvents> change) {
    all = Objects.requireNonNullElseGet(all, ArrayList::new);
    all.add(change);
  }

  void emit(ProxyEvents events) {
    if (all != null) {
      all.forEach(change -> change.accept(events));
    }
  }
}
