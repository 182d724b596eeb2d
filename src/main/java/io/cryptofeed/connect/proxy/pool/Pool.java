package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A group of proxies: chooses the member for each connection, counts its connections and budgets,
 * and learns from results; {@link MemberHealth} keeps the health of the members. Does no I/O and
 * reads no clock: all times are readings of {@link System#nanoTime()}. Safe for use by many
 * threads; events are emitted on the thread that caused them, after the lock is released.
 */
public final class Pool {

  private static final Duration LONGEST_COOLDOWN = Duration.ofDays(3);

  private final PoolSettings settings;
  private final CircuitSettings circuit;
  private final RandomGenerator random;
  private final ProxyEvents events;

  /** Whether its only member is always chosen, whatever its state. */
  private final boolean alone;

  private final Selection selection;
  private final Assignments assignments;
  private final MemberHealth memberHealth;
  private final List<Member> members = new ArrayList<>();

  /** Members that have left the pool and still have open connections. */
  private final List<Member> draining = new ArrayList<>();

  private @Nullable ConnectRequest lastRequest;
  private long lastUsedNanos;

  /**
   * @param random for strategies and jitter; used by one thread at a time
   */
  public Pool(
      PoolSettings settings,
      FailoverSettings failover,
      CircuitSettings circuit,
      HealthSettings health,
      RandomGenerator random,
      ProxyEvents events) {
    this(settings, failover, circuit, health, random, events, false);
  }

  private Pool(
      PoolSettings settings,
      FailoverSettings failover,
      CircuitSettings circuit,
      HealthSettings health,
      RandomGenerator random,
      ProxyEvents events,
      boolean alone) {
    this.settings = settings;
    this.circuit = circuit;
    this.random = random;
    this.events = events;
    this.alone = alone;
    selection = Selection.of(settings, random);
    assignments = new Assignments(settings.sticky(), settings.stickyTtl());
    memberHealth = new MemberHealth(failover, circuit, health, !alone);
    for (MemberSettings member : settings.members()) {
      members.add(new Member(member, circuit, random));
    }
  }

  /**
   * A pool with this proxy as its only member, which is always chosen. Its failures are shown in
   * {@link #states} but do not exclude it: the caller backs off.
   */
  public static Pool alone(ProxyUrl proxy, RandomGenerator random, ProxyEvents events) {
    return new Pool(
        PoolSettings.of(proxy.egress(), List.of(MemberSettings.of(proxy))),
        FailoverSettings.DEFAULT,
        CircuitSettings.DEFAULT,
        HealthSettings.DEFAULT,
        random,
        events,
        true);
  }

  /** The pool's name, as it is configured. */
  public String name() {
    return settings.name();
  }

  // Choosing.

  /**
   * Chooses the member for a connection. A member that is chosen is not reserved; {@link #opening}
   * does that.
   *
   * @param tried the members that have already failed for this connection
   */
  public Pick pick(ConnectRequest request, Collection<Member> tried, long nowNanos) {
    Pick pick;
    synchronized (this) {
      lastRequest = request;
      lastUsedNanos = nowNanos;
      pick = alone ? new Pick.Chosen(members.get(0), false) : choose(request, tried, nowNanos);
    }
    if (pick instanceof Pick.Chosen chosen && !alone) {
      events.selected(name(), settings.strategy().code(), chosen.panic());
    }
    return pick;
  }

  private Pick choose(ConnectRequest request, Collection<Member> tried, long now) {
    boolean panic = isPanic(now);
    List<Member> candidates = candidates(request, tried, panic, now);
    if (candidates.isEmpty()) {
      return none(request, tried, panic, now);
    }
    Object key = assignments.key(request);
    Member assigned = key == null ? null : assignments.get(key, now);
    Member member =
        assigned != null && candidates.contains(assigned)
            ? assigned
            : selection.choose(candidates, now);
    if (key != null) {
      assignments.put(key, member, now);
    }
    return new Pick.Chosen(member, panic);
  }

  /** Whether so few members are healthy that health is ignored. */
  private boolean isPanic(long now) {
    if (!settings.panics()) {
      return false;
    }
    int enabled = 0;
    int healthy = 0;
    for (Member member : members) {
      if (member.settings().enabled()) {
        enabled++;
        healthy += Ineligibility.ofHealth(member, now) == null ? 1 : 0;
      }
    }
    return healthy * 100L < (long) settings.panicPercent() * enabled;
  }

  /** The eligible members; those that failed recently only if all of them did. */
  private List<Member> candidates(
      ConnectRequest request, Collection<Member> tried, boolean panic, long now) {
    List<Member> fresh = new ArrayList<>(members.size());
    List<Member> failed = List.of();
    for (Member member : members) {
      if (tried.contains(member)
          || Ineligibility.of(member, request, settings, panic, now) != null) {
        continue;
      }
      if (!member.failedLately(now)) {
        fresh.add(member);
      } else if (fresh.isEmpty()) {
        failed = failed.isEmpty() ? new ArrayList<>(members.size()) : failed;
        failed.add(member);
      }
    }
    return fresh.isEmpty() ? failed : fresh;
  }

  private Pick none(ConnectRequest request, Collection<Member> tried, boolean panic, long now) {
    List<String> reasons = new ArrayList<>();
    long soonest = SlidingWindow.NEVER;
    for (Member member : members) {
      Ineligibility reason = Ineligibility.of(member, request, settings, panic, now);
      if (reason != null) {
        reasons.add(member.egress() + " " + reason.text(member, request, settings, now));
        soonest = Math.min(soonest, reason.nanos(member, request, settings, now));
      } else if (tried.contains(member)) {
        reasons.add(member.egress() + " has just failed");
      }
    }
    return new Pick.None(
        reasons.isEmpty() ? "it has no members" : String.join(", ", reasons),
        soonest == SlidingWindow.NEVER ? Duration.ZERO : Duration.ofNanos(soonest));
  }

  /**
   * Whether another member is eligible now, so that a connection that an exchange has refused can
   * be opened again at once.
   */
  public synchronized boolean hasAnother(ConnectRequest request, Member than, long nowNanos) {
    return !alone && !candidates(request, List.of(than), isPanic(nowNanos), nowNanos).isEmpty();
  }

  // Results.

  /** A connection through the member is being opened; it counts until {@link #closed}. */
  public void opening(Member member, ConnectRequest request, long nowNanos) {
    PendingEvents pending = new PendingEvents(name());
    synchronized (this) {
      member.active++;
      if (member.draining && !draining.contains(member)) {
        draining.add(member);
      }
      member.allowance(request.exchange()).connect(nowNanos);
      memberHealth.opening(member, nowNanos, pending);
    }
    pending.emit(events);
  }

  /**
   * The connection is open.
   *
   * @param took how long that took, from the DNS lookup to the tunnel
   */
  public void opened(Member member, ConnectRequest request, Duration took, long nowNanos) {
    PendingEvents pending = new PendingEvents(name());
    synchronized (this) {
      memberHealth.opened(member, request.target(), took, nowNanos, pending);
    }
    pending.emit(events);
  }

  /** The connection could not be opened. */
  public void failed(Member member, ConnectRequest request, FailureKind kind, long nowNanos) {
    PendingEvents pending = new PendingEvents(name());
    synchronized (this) {
      memberHealth.failed(member, request.target(), kind, nowNanos, pending);
    }
    pending.emit(events);
  }

  /** The socket, open or not, is closed. Called once for each {@link #opening}. */
  public synchronized void closed(Member member, ConnectRequest request, long nowNanos) {
    member.active--;
    if (member.draining && member.active == 0) {
      forget(member);
    }
  }

  private void forget(Member member) {
    draining.remove(member);
    assignments.forget(member);
    memberHealth.forget(member);
  }

  /**
   * An open connection is silent: its pings were not answered. That is the fault of the proxy only
   * if another member reaches the exchange.
   */
  public void silent(Member member, ConnectRequest request, long nowNanos) {
    PendingEvents pending = new PendingEvents(name());
    synchronized (this) {
      memberHealth.silent(member, request.target(), nowNanos, pending);
    }
    pending.emit(events);
  }

  /**
   * Takes REST weight of an exchange from the member's budget, for a request on a connection that
   * is open.
   *
   * @return false when the member is not eligible for it now: it cools down, its budget is
   *     exhausted, it is unhealthy, or has left the pool
   */
  public synchronized boolean spend(Member member, String exchange, int weight, long nowNanos) {
    Allowance allowance = member.allowance(exchange);
    boolean may =
        alone
            || (!member.draining
                && member.settings().enabled()
                && !allowance.isCooling(nowNanos)
                && allowance.maySpend(settings, weight, nowNanos)
                && (isHealthyEnough(member, nowNanos) || isPanic(nowNanos)));
    if (may) {
      allowance.spend(weight, nowNanos);
    }
    return may;
  }

  /** An open connection need not wait for the trial of a half open circuit. */
  private static boolean isHealthyEnough(Member member, long now) {
    Ineligibility unhealthy = Ineligibility.ofHealth(member, now);
    return unhealthy == null || unhealthy == Ineligibility.HALF_OPEN;
  }

  /**
   * The exchange responded to a request or a WebSocket handshake.
   *
   * @param retryAfter the delay that the response asks for, null without one; zero is ignored
   */
  public void answered(
      Member member,
      ConnectRequest request,
      int status,
      @Nullable Duration retryAfter,
      long nowNanos) {
    boolean rotates = settings.rotateStatuses().contains(status);
    if (!rotates && !settings.cooldownStatuses().contains(status)) {
      return;
    }
    Duration pause = pause(retryAfter);
    PendingEvents pending = new PendingEvents(name());
    synchronized (this) {
      for (Member each : members) {
        boolean shares = member.region() != null && member.region().equals(each.region());
        if (each == member || (rotates && shares)) {
          Allowance allowance = each.allowance(request.exchange());
          if (allowance.cool(status, pause.toNanos(), nowNanos) && !alone) {
            pending.cooling(each, request.exchange(), status, pause, rotates);
          }
        }
      }
    }
    pending.emit(events);
  }

  private Duration pause(@Nullable Duration asked) {
    if (asked == null || asked.isZero() || asked.isNegative()) {
      return settings.cooldown();
    }
    return asked.compareTo(LONGEST_COOLDOWN) > 0 ? LONGEST_COOLDOWN : asked;
  }

  // Probes.

  /**
   * A member was probed. The result of a member that has left the pool is ignored.
   *
   * @param failure null when the probe succeeded
   * @param target the destination of the probe, as {@code host:port}
   * @param isOfExchange whether that is an exchange, whose own outage may be the reason
   */
  public void probed(
      Member member,
      @Nullable FailureKind failure,
      Duration took,
      String target,
      boolean isOfExchange,
      long nowNanos) {
    PendingEvents pending = new PendingEvents(name());
    synchronized (this) {
      if (!members.contains(member)) {
        return;
      }
      if (failure == null) {
        memberHealth.probeSucceeded(member, target, took, nowNanos, pending);
      } else {
        memberHealth.probeFailed(member, failure, target, isOfExchange, nowNanos, pending);
      }
    }
    pending.emit(events);
  }

  /** The members that can be probed: not disabled, not draining. */
  public synchronized List<Member> probeable() {
    return members.stream().filter(member -> member.settings().enabled()).toList();
  }

  /** Whether a member was requested since then, or a connection is open. */
  public synchronized boolean isUsedSince(long nanos) {
    return lastRequest != null
        && (lastUsedNanos - nanos >= 0 || members.stream().anyMatch(member -> member.active > 0));
  }

  /** The last request, null when the pool has not been used. */
  public synchronized @Nullable ConnectRequest lastRequest() {
    return lastRequest;
  }

  // Members.

  /**
   * Replaces the members. Those that are in both lists, by URL with credentials, keep their state;
   * others drain.
   */
  public void setMembers(List<MemberSettings> present, long nowNanos) {
    PendingEvents pending = new PendingEvents(name());
    synchronized (this) {
      List<Member> before = List.copyOf(members);
      members.clear();
      present.forEach(its -> join(before, its));
      int left = 0;
      for (Member member : before) {
        if (!members.contains(member)) {
          left++;
          leave(member);
        }
      }
      int added = members.size() - (before.size() - left);
      if (added > 0 || left > 0) {
        pending.members(added, left, members.size());
      }
    }
    pending.emit(events);
  }

  /** A URL that is listed twice is one member, with the last settings. */
  private void join(List<Member> before, MemberSettings its) {
    Member member = find(members, its.url());
    if (member == null) {
      member = find(before, its.url());
      member = member == null ? find(draining, its.url()) : member;
      member = member == null ? new Member(its, circuit, random) : member;
      members.add(member);
    }
    member.setSettings(its);
    member.draining = false;
    draining.remove(member);
  }

  private void leave(Member member) {
    member.draining = true;
    if (member.active > 0) {
      draining.add(member);
    } else {
      forget(member);
    }
  }

  private static @Nullable Member find(List<Member> members, ProxyUrl url) {
    return members.stream().filter(member -> member.url().equals(url)).findFirst().orElse(null);
  }

  /** The states of the members, draining ones included. */
  public synchronized List<MemberState> states(long nowNanos) {
    List<MemberState> states = new ArrayList<>();
    members.forEach(member -> states.add(state(member, nowNanos)));
    draining.forEach(member -> states.add(state(member, nowNanos)));
    return states;
  }

  private static MemberState state(Member member, long now) {
    List<MemberState.OfExchange> exchanges = new ArrayList<>();
    member
        .allowances()
        .forEach(
            (exchange, allowance) ->
                exchanges.add(
                    new MemberState.OfExchange(
                        exchange,
                        allowance.coolNanos(now),
                        allowance.coolStatus(now),
                        allowance.connects(now),
                        allowance.weight(now))));
    return new MemberState(
        member,
        member.settings().enabled() && Ineligibility.ofHealth(member, now) == null,
        member.circuit.state(now),
        member.active,
        member.latency.nanos(),
        member.circuit.successRatio(now),
        member.draining,
        exchanges);
  }
}
