package io.cryptofeed.connect.proxy.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a member of a pool at one moment.
 *
 * @param healthy whether probes find it up, and its circuit lets attempts through
 * @param circuit closed, open or half_open
 * @param active open connections
 * @param ewmaNanos the decaying average of its latency, 0 when it is not known
 * @param successRatio of the attempts within the window, 0 to 1, 1 when there were none
 * @param draining whether it has left the pool, and only its open connections go on
 * @param exchanges its budget for each exchange that it was used for
 */
public record MemberState(
    Member member,
    boolean healthy,
    Circuit circuit,
    int active,
    long ewmaNanos,
    double successRatio,
    boolean draining,
    List<OfExchange> exchanges) {

  public MemberState {
    exchanges = List.copyOf(exchanges);
  }

  /** The member as {@code scheme://host:port}, without credentials. */
  public String egress() {
    return member.egress();
  }

  /** The state of a circuit breaker. */
  public enum Circuit {
    CLOSED,
    HALF_OPEN,
    OPEN
  }

  /**
   * The budget of a member for one exchange.
   *
   * @param cooldownNanos how long it must not be used, 0 when it may
   * @param cooldownStatus the HTTP status that was the reason, null when it may be used
   * @param connectsUsed connections opened within five minutes
   * @param weightUsed REST weight spent within a minute
   */
  public record OfExchange(
      String exchange,
      long cooldownNanos,
      @Nullable Integer cooldownStatus,
      int connectsUsed,
      int weightUsed) {}
}
