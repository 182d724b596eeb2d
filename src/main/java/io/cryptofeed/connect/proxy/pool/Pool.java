package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Sticky;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Some proxies, how each is doing, and which comes next. Does no I/O and reads no clock: all times
 * are readings of {@link System#nanoTime()}. Safe for use by many threads.
 */
public final class Pool {

  private static final int MOST_ASSIGNMENTS = 4_096;
  private static final Duration LONGEST_COOLDOWN = Duration.ofDays(3);

  private final PoolSettings settings;
  private final FailoverSettings failover;
  private final CircuitSettings circuit;
  private final HealthSettings health;
  private final RandomGenerator random;
  private final ProxyEvents events;

  /** Whether its only member is chosen whatever its state. */
  private final boolean alone;

  private final Selection selection;
  private final Evidence evidence;
  private final List<Member> members = new ArrayList<>();

  /** What has left the pool, and still has open connections. */
  private final List<Member> draining = new ArrayList<>();

  /** Who was given which member, the one that asked last at the end. */
  private final Map<Object, Assignment> assignments =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Assignment> eldest) {
          return size() > MOST_ASSIGNMENTS;
        }
      };

  private @Nullable Errand lastErrand;
  private long lastUsedNanos;

  private record Assignment(Member member, long nanos) {}

  private record Connection(String exchange, Object transport, String session) {}

  /**
   * @param random for strategies and jitter
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
    this.failover = failover;
    this.circuit = circuit;
    this.health = health;
    this.random = random;
    this.events = events;
    this.alone = alone;
    selection = Selection.of(settings, random);
    evidence = new Evidence(circuit.window().toNanos());
    for (MemberSettings member : settings.members()) {
      members.add(new Member(member, circuit, random));
    }
  }

  /** A pool that has this proxy for its only member, which is always chosen. */
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
   * @param tried the members that have failed for this connection already
   */
  public Pick pick(Errand errand, Collection<Member> tried, long nowNanos) {
    Pick pick;
    synchronized (this) {
      lastErrand = errand;
      lastUsedNanos = nowNanos;
      pick = alone ? new Pick.Chosen(members.get(0), false) : choose(errand, tried, nowNanos);
    }
    if (pick instanceof Pick.Chosen chosen && !alone) {
      events.selected(name(), settings.strategy().code(), chosen.panic());
    }
    return pick;
  }

  private Pick choose(Errand errand, Collection<Member> tried, long now) {
    boolean panic = settings.panics() && isPanic(now);
    List<Member> candidates = candidates(errand, tried, panic, now);
    if (candidates.isEmpty()) {
      return new Pick.None(reasons(errand, tried, now), retryAfter(errand, now));
    }
    Object key = key(errand);
    Assignment assigned = key == null ? null : assignments.get(key);
    boolean keeps =
        assigned != null
            && now - assigned.nanos() <= settings.stickyTtl().toNanos()
            && candidates.contains(assigned.member());
    Member member =
        keeps && assigned != null ? assigned.member() : selection.choose(fresh(candidates, now));
    if (key != null) {
      assignments.put(key, new Assignment(member, now));
    }
    return new Pick.Chosen(member, panic);
  }

  private @Nullable Object key(Errand errand) {
    if (settings.sticky() == Sticky.EXCHANGE) {
      return errand.exchange();
    }
    return settings.sticky() == Sticky.NONE || errand.session().isEmpty()
        ? null
        : new Connection(errand.exchange(), errand.transport(), errand.session());
  }

  private List<Member> candidates(
      Errand errand, Collection<Member> tried, boolean panic, long now) {
    List<Member> candidates = new ArrayList<>(members.size());
    for (Member member : members) {
      if (!tried.contains(member)
          && (panic || member.isHealthy(now))
          && isAllowed(member, errand, now)) {
        candidates.add(member);
      }
    }
    return candidates;
  }

  /** Those that have not failed lately, unless all have. */
  private static List<Member> fresh(List<Member> candidates, long now) {
    boolean someFailed = false;
    for (Member member : candidates) {
      someFailed |= member.failedLately(now);
    }
    if (!someFailed) {
      return candidates;
    }
    List<Member> fresh =
        candidates.stream().filter(member -> !member.failedLately(now)).toList();
    return fresh.isEmpty() ? candidates : fresh;
  }

  /** Whether rules and limits, and not health, let a member be used. */
  private boolean isAllowed(Member member, Errand errand, long now) {
    if (!member.settings().enabled()
        || (settings.maxConnections() > 0 && member.active >= settings.maxConnections())
        || member.denies(errand.target(), now)) {
      return false;
    }
    Allowance allowance = member.allowance(errand.exchange());
    return !allowance.isCooling(now)
        && allowance.mayConnect(settings, now)
        && allowance.maySpend(settings, errand.weight(), now);
  }

  private boolean isPanic(long now) {
    int enabled = 0;
    int healthy = 0;
    for (Member member : members) {
      enabled += member.settings().enabled() ? 1 : 0;
      healthy += member.settings().enabled() && member.isHealthy(now) ? 1 : 0;
    }
    return healthy * 100L < (long) settings.panicPercent() * enabled;
  }

  private String reasons(Errand errand, Collection<Member> tried, long now) {
    if (members.isEmpty()) {
      return "it has no members";
    }
    List<String> reasons = new ArrayList<>();
    for (Member member : members) {
      reasons.add(member.egress() + " " + reason(member, errand, tried, now));
    }
    return String.join(", ", reasons);
  }

  private String reason(Member member, Errand errand, Collection<Member> tried, long now) {
    Allowance allowance = member.allowance(errand.exchange());
    if (!member.settings().enabled()) {
      return "is disabled";
    } else if (tried.contains(member)) {
      return "has just failed";
    } else if (allowance.isCooling(now)) {
      return "cools down for "
          + errand.exchange()
          + " after status "
          + allowance.coolStatus(now)
          + " for "
          + seconds(allowance.coolNanos(now));
    } else if (member.refusesCredentials(now)) {
      return "refuses its user name or password";
    } else if (!member.probedUp) {
      return "fails its probes";
    } else if (!member.circuit.permits(now)) {
      return "failed too often, left alone for " + seconds(member.circuit.openNanos(now));
    } else if (member.denies(errand.target(), now)) {
      return "forbids " + errand.target();
    } else if (!allowance.mayConnect(settings, now)) {
      return "has opened "
          + settings.maxConnectsPer5m()
          + " connections to "
          + errand.exchange()
          + " in five minutes";
    } else if (!allowance.maySpend(settings, errand.weight(), now)) {
      return "has spent its weight of "
          + settings.weightPerMinute()
          + " per minute for "
          + errand.exchange();
    }
    return "has " + member.active + " open connections, its limit";
  }

  private static String seconds(long nanos) {
    return Math.max(1, Math.round(nanos / 1e9)) + " s";
  }

  /** The soonest moment at which a member may be used that may not be now. */
  private Duration retryAfter(Errand errand, long now) {
    long soonest = 0;
    for (Member member : members) {
      Allowance allowance = member.allowance(errand.exchange());
      long wait = Math.max(allowance.coolNanos(now), member.circuit.openNanos(now));
      if (!allowance.mayConnect(settings, now)) {
        wait = Math.max(wait, allowance.nanosUntilConnect(settings, now));
      }
      if (!allowance.maySpend(settings, errand.weight(), now)) {
        wait = Math.max(wait, allowance.nanosUntilSpend(settings, errand.weight(), now));
      }
      boolean waits = member.settings().enabled() && wait > 0;
      if (waits && (soonest == 0 || wait < soonest)) {
        soonest = wait;
      }
    }
    return Duration.ofNanos(soonest);
  }

  /**
   * Whether another member than this one could be chosen now: whether it is worth to reconnect at
   * once after an exchange has refused this one.
   */
  public synchronized boolean hasAnother(Errand errand, Member than, long nowNanos) {
    return !alone && !candidates(errand, List.of(than), false, nowNanos).isEmpty();
  }

  // What comes of it.

  /** A connection through the member is being opened; it counts until {@link #closed}. */
  public synchronized void opening(Member member, Errand errand, long nowNanos) {
    member.active++;
    member.circuit.begin(nowNanos);
    member.allowance(errand.exchange()).connect(nowNanos);
  }

  /**
   * The connection is open.
   *
   * @param took how long that took, look-up to tunnel
   */
  public void opened(Member member, Errand errand, Duration took, long nowNanos) {
    Changes changes = new Changes();
    synchronized (this) {
      works(member, took, nowNanos, changes);
      reached(member, errand.target(), nowNanos, changes);
    }
    changes.tell();
  }

  /** The connection could not be opened. */
  public void failed(Member member, Errand errand, FailureKind kind, long nowNanos) {
    Changes changes = new Changes();
    synchronized (this) {
      member.belief.failed();
      if (kind.isOfTheProxy()) {
        member.failedLately = true;
        member.failedUntil = nowNanos + failover.retryFailedAfter().toNanos();
      }
      blame(member, errand.target(), kind, nowNanos, changes);
    }
    changes.tell();
  }

  private void blame(
      Member member, String target, FailureKind kind, long now, Changes changes) {
    switch (kind) {
      case PROXY_DOWN, PROXY_TLS -> convict(member, kind.code(), now, changes);
      case AMBIGUOUS -> {
        if (evidence.convicts(member, target, now)) {
          convict(member, kind.code(), now, changes);
        } else {
          member.circuit.withdraw();
        }
      }
      case PROXY_AUTH -> {
        member.circuit.withdraw();
        boolean isNew = !member.refusesCredentials(now);
        member.refusesCredentials = true;
        member.refusesUntil = now + failover.retryFailedAfter().toNanos();
        if (isNew) {
          changes.health(member, false, "it refuses the user name or the password");
        }
      }
      case PROXY_DENIED -> {
        member.circuit.withdraw();
        if (!alone) {
          member.denied.put(target, now + failover.retryFailedAfter().toNanos());
        }
      }
      case TARGET, NO_WAY -> member.circuit.withdraw();
    }
  }

  private void convict(Member member, String reason, long now, Changes changes) {
    if (member.circuit.failed(now)) {
      changes.circuit(member, Circuit.OPEN, member.circuit.openFor());
      changes.health(member, false, reason);
    }
  }

  private void works(Member member, Duration took, long now, Changes changes) {
    member.latency.sample(took.toNanos(), now);
    member.belief.succeeded(took.toNanos());
    member.failedLately = false;
    if (member.refusesCredentials) {
      member.refusesCredentials = false;
      changes.health(member, true, "it accepts the user name and the password");
    }
    if (member.circuit.succeeded(now)) {
      changes.circuit(member, Circuit.CLOSED, Duration.ZERO);
      changes.health(member, true, "it works again");
    }
  }

  private void reached(Member member, String target, long now, Changes changes) {
    for (Member guilty : evidence.reached(member, target, now)) {
      convict(guilty, "it can't reach " + target + ", which others can", now, changes);
    }
  }

  /** The socket, open or not, is gone. Called once for each {@link #opening}. */
  public synchronized void closed(Member member, Errand errand, long nowNanos) {
    member.active--;
    if (member.active == 0) {
      draining.remove(member);
    }
  }

  /** An open connection fell silent: its pings were not answered. */
  public void silent(Member member, Errand errand, long nowNanos) {
    failed(member, errand, FailureKind.AMBIGUOUS, nowNanos);
  }

  /**
   * Takes REST weight of an exchange from the member's budget, for a request on a connection that is
   * open.
   *
   * @return false when the member may not be used for it now: it cools down, its budget is spent, it
   *     is unhealthy, or has left the pool
   */
  public synchronized boolean spend(Member member, String exchange, int weight, long nowNanos) {
    Allowance allowance = member.allowance(exchange);
    boolean may =
        alone
            || (!member.draining
                && !allowance.isCooling(nowNanos)
                && allowance.maySpend(settings, weight, nowNanos)
                && (settings.panics() || member.isHealthy(nowNanos)));
    if (may) {
      allowance.spend(weight, nowNanos);
    }
    return may;
  }

  /**
   * The exchange answered a request or a WebSocket handshake.
   *
   * @param retryAfter how long it asks us to wait, null when it doesn't say
   */
  public void answered(
      Member member, Errand errand, int status, @Nullable Duration retryAfter, long nowNanos) {
    boolean rotates = settings.rotateStatuses().contains(status);
    if (alone || !(rotates || settings.cooldownStatuses().contains(status))) {
      return;
    }
    Duration asked = retryAfter == null ? settings.cooldown() : retryAfter;
    Duration pause = asked.compareTo(LONGEST_COOLDOWN) > 0 ? LONGEST_COOLDOWN : asked;
    Changes changes = new Changes();
    synchronized (this) {
      for (Member each : members) {
        boolean sameRegion = member.region() != null && member.region().equals(each.region());
        if (each == member || (rotates && sameRegion)) {
          each.allowance(errand.exchange()).cool(status, nowNanos + pause.toNanos(), nowNanos);
          changes.cooling(each, errand.exchange(), status, pause, rotates);
        }
      }
    }
    changes.tell();
  }

  // Probes.

  /**
   * A member was probed.
   *
   * @param failure null when it is well
   * @param target what the probe went to, as {@code host:port}
   * @param isOfExchange whether that is an exchange, whose own outage may be the reason
   */
  public void probed(
      Member member,
      @Nullable FailureKind failure,
      Duration took,
      String target,
      boolean isOfExchange,
      long nowNanos) {
    Changes changes = new Changes();
    synchronized (this) {
      if (failure == null) {
        rise(member, took, nowNanos, changes);
        reached(member, target, nowNanos, changes);
      } else if (isItsOwn(member, failure, target, isOfExchange, nowNanos)) {
        fall(member, failure, nowNanos, changes);
      }
    }
    changes.tell();
  }

  private boolean isItsOwn(
      Member member, FailureKind failure, String target, boolean isOfExchange, long now) {
    return switch (failure) {
      case PROXY_DOWN, PROXY_TLS, PROXY_AUTH -> true;
      case AMBIGUOUS, TARGET, PROXY_DENIED ->
          !isOfExchange || evidence.convicts(member, target, now);
      case NO_WAY -> false;
    };
  }

  private void rise(Member member, Duration took, long now, Changes changes) {
    member.falls = 0;
    member.rises++;
    member.latency.sample(took.toNanos(), now);
    member.belief.succeeded(took.toNanos());
    if (!member.probedUp && member.rises >= health.rise()) {
      member.probedUp = true;
      changes.health(member, true, "its probes succeed");
    }
    if (member.probedUp) {
      member.failedLately = false;
      if (member.circuit.state(now) != Circuit.OPEN && member.circuit.succeeded(now)) {
        changes.circuit(member, Circuit.CLOSED, Duration.ZERO);
        changes.health(member, true, "its probes succeed");
      }
    }
  }

  private void fall(Member member, FailureKind failure, long now, Changes changes) {
    member.rises = 0;
    member.falls++;
    member.belief.failed();
    if (member.circuit.state(now) == Circuit.HALF_OPEN && member.circuit.failed(now)) {
      changes.circuit(member, Circuit.OPEN, member.circuit.openFor());
    }
    if (member.probedUp && member.falls >= health.fall()) {
      member.probedUp = false;
      changes.health(member, false, "its probes fail: " + failure.code());
    }
  }

  /** The members that are to be probed, were they all to be: not disabled, not draining. */
  public synchronized List<Member> probeable() {
    return members.stream().filter(member -> member.settings().enabled()).toList();
  }

  /** Whether somebody has asked for a member since, or a connection is open. */
  public synchronized boolean isUsedSince(long nanos) {
    return lastErrand != null
        && (lastUsedNanos - nanos >= 0 || members.stream().anyMatch(member -> member.active > 0));
  }

  /** What the pool was last used for, null when it has not been used. */
  public synchronized @Nullable Errand lastErrand() {
    return lastErrand;
  }

  // Who belongs to it.

  /** Replaces the members. Those that are in both lists keep their state; others drain. */
  public void setMembers(List<MemberSettings> present, long nowNanos) {
    int added = 0;
    int left = 0;
    synchronized (this) {
      List<Member> known = new ArrayList<>(members);
      known.addAll(draining);
      List<Member> next = new ArrayList<>();
      for (MemberSettings its : present) {
        Member member = find(known, its.url());
        if (member == null) {
          member = new Member(its, circuit, random);
          added++;
        }
        member.setSettings(its);
        member.draining = false;
        draining.remove(member);
        next.add(member);
      }
      for (Member member : members) {
        if (!next.contains(member)) {
          left++;
          member.draining = true;
          if (member.active > 0) {
            draining.add(member);
          }
        }
      }
      members.clear();
      members.addAll(next);
    }
    if (added > 0 || left > 0) {
      events.membersChanged(name(), added, left, present.size());
    }
  }

  private static @Nullable Member find(List<Member> members, ProxyUrl url) {
    return members.stream().filter(member -> member.url().equals(url)).findFirst().orElse(null);
  }

  /** How the members are doing, those that drain included. */
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
        member.settings().enabled() && member.isHealthy(now),
        member.circuit.state(now),
        member.active,
        member.latency.nanos(),
        member.circuit.successRatio(now),
        member.draining,
        exchanges);
  }

  /** What is told to others once the lock is free. */
  private final class Changes {

    private @Nullable List<Runnable> all;

    void health(Member member, boolean healthy, String reason) {
      add(() -> events.healthChanged(name(), member.egress(), healthy, reason));
    }

    void circuit(Member member, Circuit state, Duration openFor) {
      add(() -> events.circuitChanged(name(), member.egress(), state, openFor));
    }

    void cooling(Member member, String exchange, int status, Duration pause, boolean rotates) {
      add(() -> events.coolingDown(name(), member.egress(), exchange, status, pause, rotates));
    }

    private void add(Runnable event) {
      all = Objects.requireNonNullElseGet(all, ArrayList::new);
      all.add(event);
    }

    void tell() {
      if (all != null) {
        all.forEach(Runnable::run);
      }
    }
  }
}
