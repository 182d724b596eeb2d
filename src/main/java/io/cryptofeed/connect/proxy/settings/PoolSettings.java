package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Several proxies of which each connection takes one.
 *
 * @param name as it is configured, lower case
 * @param members may be empty only where a manager supplies them
 * @param stickyTtl how long a connection that is not open keeps its member
 * @param tolerance latency strategies: a member is left only for one that is faster by more
 * @param explorePercent latency strategies: the share of choices made at random, 0 to 100
 * @param panics whether all members are used, healthy or not, when too few are healthy
 * @param panicPercent what share of healthy members is too few, 0 to 100
 * @param maxConnections at one member, 0 for no limit
 * @param maxConnectsPer5m connections that one exchange may open through one member in any five
 *     minutes, 0 for no limit
 * @param weightPerMinute REST weight that one exchange may spend through one member in any minute,
 *     0 for no limit
 * @param cooldownStatuses HTTP statuses of an exchange after which a member is not used for it
 * @param cooldown how long, where the exchange does not say
 * @param rotateStatuses HTTP statuses after which another member is tried, of another region where
 *     members have regions
 */
public record PoolSettings(
    String name,
    List<MemberSettings> members,
    Strategy strategy,
    Sticky sticky,
    Duration stickyTtl,
    Duration tolerance,
    int explorePercent,
    boolean panics,
    int panicPercent,
    int maxConnections,
    int maxConnectsPer5m,
    int weightPerMinute,
    Set<Integer> cooldownStatuses,
    Duration cooldown,
    Set<Integer> rotateStatuses) {

  public PoolSettings {
    members = List.copyOf(members);
    cooldownStatuses = Set.copyOf(cooldownStatuses);
    rotateStatuses = Set.copyOf(rotateStatuses);
  }

  /** The same pool under another name, with other members. */
  public PoolSettings named(String other, List<MemberSettings> others) {
    return new PoolSettings(
        other,
        others,
        strategy,
        sticky,
        stickyTtl,
        tolerance,
        explorePercent,
        panics,
        panicPercent,
        maxConnections,
        maxConnectsPer5m,
        weightPerMinute,
        cooldownStatuses,
        cooldown,
        rotateStatuses);
  }

  /** A pool of which only the members are said. */
  public static PoolSettings of(String name, List<MemberSettings> members) {
    return new PoolSettings(
        name,
        members,
        Strategy.ROUND_ROBIN,
        Sticky.CONNECTION,
        Duration.ofMinutes(10),
        Duration.ofMillis(50),
        5,
        false,
        50,
        0,
        0,
        0,
        Set.of(418, 429),
        Duration.ofMinutes(1),
        Set.of());
  }
}
