package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
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
 * Some proxies, how each is doing, and which comes next. Does no I/O and reads no clock: all times
 * are readings of {@link System#nanoTime()}. Safe for use by many threads; events are told on the
 * thread that caused them, when the pool is free again.
 */
public final class Pool {

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
  private final Assignments assignments;
  private final FaultAttribution evidence;
  private final List<Member> members = new ArrayList<>();

  /** What has left the pool, and still has open connections. */
  private final List<Member> draining = new ArrayList<>();

  private @Nullable ConnectRequest lastErrand;
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
    this.failover = failover;
    this.circuit = circuit;
    this.health = health;
    this.random = random;
    this.events = events;
    this.alone = alone;
    selection = Selection.of(settings, random);
    assignments = new Assignments(settings.sticky(), settings.stickyTtl());
    evidence = new FaultAttribution(circuit.window().toNanos());
    for (MemberSettings member : settings.members()) {
      members.add(new Member(member, circuit, random));
    }
  }

  /**
   * A pool that has this proxy for its only member, which is always chosen. What it suffers is seen
   * in its {@link #states}, and keeps nobody from using it; whoever does waits by himself.
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
   * @param tried the members that have failed for this connection already
   */
  public Pick pick(ConnectRequest errand, Collection<Member> tried, long nowNanos) {
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

  private Pick choose(ConnectRequest errand, Collection<Member> tried, long now) {
    boolean panic = isPanic(now);
    List<Member> candidates = candidates(errand, tried, panic, now);
    if (candidates.isEmpty()) {
      return none(errand, tried, panic, now);
    }
    Object key = assignments.key(errand);
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

  /** Whether so few are healthy that health must not count. */
  private boolean isPanic(long now) {
    if (!settings.panics()) {
      return false;
    }
    int enabled = 0;
    int healthy = 0;
    for (Member member : members) {
      if (member.settings().enabled()) {
        enabled++;
        healthy += Ineligibility.illness(member, now) == null ? 1 : 0;
      }
    }
    return healthy * 100L < (long) settings.panicPercent() * enabled;
  }

  /** Those that may be used; those of them that have failed lately only if all have. */
  private List<Member> candidates(
      ConnectRequest errand, Collection<Member> tried, boolean panic, long now) {
    List<Member> fresh = new ArrayList<>(members.size());
    List<Member> failed = List.of();
    for (Member member : members) {
      if (tried.contains(member)
          || Ineligibility.of(member, errand, settings, panic, now) != null) {
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

  private Pick none(ConnectRequest errand, Collection<Member> tried, boolean panic, long now) {
    List<String> reasons = new ArrayList<>();
    long soonest = SlidingWindow.NEVER;
    for (Member member : members) {
      Ineligibility obstacle = Ineligibility.of(member, errand, settings, panic, now);
      if (obstacle != null) {
        reasons.add(member.egress() + " " + obstacle.words(member, errand, settings, now));
        soonest = Math.min(soonest, obstacle.nanos(member, errand, settings, now));
      } else if (tried.contains(member)) {
        reasons.add(member.egress() + " has just failed");
      }
    }
    return new Pick.None(
        reasons.isEmpty() ? "it has no members" : String.join(", ", reasons),
        soonest == SlidingWindow.NEVER ? Duration.ZERO : Duration.ofNanos(soonest));
  }

  /**
   * Whether another member than this one could be chosen now: whether it is worth to reconnect at
   * once after an exchange has refused this one.
   */
  public synchronized boolean hasAnother(ConnectRequest errand, Member than, long nowNanos) {
    return !alone && !candidates(errand, List.of(than), isPanic(nowNanos), nowNanos).isEmpty();
  }

  // What comes of it.

  /** A connection through the member is being opened; it counts until {@link #closed}. */
  public void opening(Member member, ConnectRequest errand, long nowNanos) {
    PendingEvents changes = new PendingEvents(name());
    synchronized (this) {
      member.active++;
      if (member.draining && !draining.contains(member)) {
        draining.add(member);
      }
      member.allowance(errand.exchange()).connect(nowNanos);
      if (member.circuit.begin(nowNanos)) {
        tellCircuit(member, Circuit.HALF_OPEN, changes);
      }
    }
    changes.tell(events);
  }

  /**
   * The connection is open.
   *
   * @param took how long that took, look-up to tunnel
   */
  public void opened(Member member, ConnectRequest errand, Duration took, long nowNanos) {
    PendingEvents changes = new PendingEvents(name());
    synchronized (this) {
      learn(member, took, nowNanos);
      if (member.circuit.succeeded(nowNanos)) {
        tellCircuit(member, Circuit.CLOSED, changes);
      }
      member.clearRefusal();
      tellHealth(member, "it accepts the user name and the password", nowNanos, changes);
      reached(member, errand.target(), nowNanos, changes);
    }
    changes.tell(events);
  }

  private void learn(Member member, Duration took, long now) {
    member.latency.sample(took.toNanos(), now);
    member.belief.succeeded(took.toNanos(), now);
    member.clearFailed();
  }

  private void reached(Member member, String target, long now, PendingEvents changes) {
    member.clearDenial(target);
    for (Member guilty : evidence.reached(member, target, now)) {
      blame(guilty, now, changes);
    }
  }

  /** The connection could not be opened. */
  public void failed(Member member, ConnectRequest errand, FailureKind kind, long nowNanos) {
    PendingEvents changes = new PendingEvents(name());
    synchronized (this) {
      if (kind == FailureKind.PROXY_DOWN || kind == FailureKind.PROXY_TLS) {
        comesLast(member, nowNanos);
        member.belief.failed(nowNanos);
        if (member.circuit.failed(nowNanos)) {
          tellCircuit(member, Circuit.OPEN, changes);
        }
      } else {
        member.circuit.withdraw();
        suffers(member, errand.target(), kind, nowNanos, changes);
      }
    }
    changes.tell(events);
  }

  /** A failure that is not the proxy's, or not yet known to be, or not a matter of the circuit. */
  private void suffers(
      Member member, String target, FailureKind kind, long now, PendingEvents changes) {
    switch (kind) {
      case AMBIGUOUS -> {
        comesLast(member, now);
        if (evidence.convicts(member, target, now)) {
          blame(member, now, changes);
        }
      }
      case PROXY_AUTH -> {
        comesLast(member, now);
        member.belief.failed(now);
        refuses(member, now, changes);
      }
      case PROXY_DENIED -> denies(member, target, now);
      case TARGET -> evidence.unreachable(member, target, now);
      case PROXY_DOWN, PROXY_TLS, NO_WAY -> {}
    }
  }

  private void comesLast(Member member, long now) {
    member.setFailedUntil(now + failover.retryFailedAfter().toNanos());
  }

  private void blame(Member member, long now, PendingEvents changes) {
    member.belief.failed(now);
    if (member.circuit.blame(now)) {
      tellCircuit(member, Circuit.OPEN, changes);
    }
  }

  private void refuses(Member member, long now, PendingEvents changes) {
    member.setRefusesUntil(now + failover.retryFailedAfter().toNanos());
    tellHealth(member, "auth: it refuses the user name or the password", now, changes);
  }

  private void denies(Member member, String target, long now) {
    member.setDenies(target, now + failover.retryFailedAfter().toNanos());
  }

  /** The socket, open or not, is gone. Called once for each {@link #opening}. */
  public synchronized void closed(Member member, ConnectRequest errand, long nowNanos) {
    member.active--;
    if (member.draining && member.active == 0) {
      forget(member);
    }
  }

  private void forget(Member member) {
    draining.remove(member);
    assignments.forget(member);
    evidence.forget(member);
  }

  /**
   * An open connection fell silent: its pings were not answered. An exchange that hangs is not the
   * proxy's fault, so that it takes evidence to hold it against the member.
   */
  public void silent(Member member, ConnectRequest errand, long nowNanos) {
    PendingEvents changes = new PendingEvents(name());
    synchronized (this) {
      suffers(member, errand.target(), FailureKind.AMBIGUOUS, nowNanos, changes);
    }
    changes.tell(events);
  }

  /**
   * Takes REST weight of an exchange from the member's budget, for a request on a connection that
   * is open.
   *
   * @return false when the member may not be used for it now: it cools down, its budget is spent,
   *     it is unhealthy, or has left the pool
   */
  public synchronized boolean spend(Member member, String exchange, int weight, long nowNanos) {
    Allowance allowance = member.allowance(exchange);
    boolean may =
        alone
            || (!member.draining
                && member.settings().enabled()
                && !allowance.isCooling(nowNanos)
                && allowance.maySpend(settings, weight, nowNanos)
                && (isWell(member, nowNanos) || isPanic(nowNanos)));
    if (may) {
      allowance.spend(weight, nowNanos);
    }
    return may;
  }

  /** What is open already need not wait for the trial of a circuit that is half open. */
  private static boolean isWell(Member member, long now) {
    Ineligibility illness = Ineligibility.illness(member, now);
    return illness == null || illness == Ineligibility.ON_TRIAL;
  }

  /**
   * The exchange answered a request or a WebSocket handshake.
   *
   * @param retryAfter how long it asks us to wait, null when it doesn't say; zero says nothing
   */
  public void answered(
      Member member,
      ConnectRequest errand,
      int status,
      @Nullable Duration retryAfter,
      long nowNanos) {
    boolean rotates = settings.rotateStatuses().contains(status);
    if (!rotates && !settings.cooldownStatuses().contains(status)) {
      return;
    }
    Duration pause = pause(retryAfter);
    PendingEvents changes = new PendingEvents(name());
    synchronized (this) {
      for (Member each : members) {
        boolean shares = member.region() != null && member.region().equals(each.region());
        if (each == member || (rotates && shares)) {
          Allowance allowance = each.allowance(errand.exchange());
          if (allowance.cool(status, pause.toNanos(), nowNanos) && !alone) {
            changes.cooling(each, errand.exchange(), status, pause, rotates);
          }
        }
      }
    }
    changes.tell(events);
  }

  private Duration pause(@Nullable Duration asked) {
    if (asked == null || asked.isZero() || asked.isNegative()) {
      return settings.cooldown();
    }
    return asked.compareTo(LONGEST_COOLDOWN) > 0 ? LONGEST_COOLDOWN : asked;
  }

  // Probes.

  /**
   * A member was probed. Of one that has left meanwhile, nothing is learnt.
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
    PendingEvents changes = new PendingEvents(name());
    synchronized (this) {
      if (!members.contains(member)) {
        return;
      }
      if (failure == null) {
        rise(member, took, nowNanos, changes);
        if (goesThrough()) {
          reached(member, target, nowNanos, changes);
        }
      } else if (isItsOwn(member, failure, target, isOfExchange, nowNanos)) {
        fall(member, failure, nowNanos, changes);
      }
    }
    changes.tell(events);
  }

  /** Whether probes go through the proxy, and not only to it. */
  private boolean goesThrough() {
    return health.method() != HealthSettings.Method.TCP;
  }

  private void rise(Member member, Duration took, long now, PendingEvents changes) {
    member.falls = 0;
    member.rises++;
    learn(member, took, now);
    member.probedUp |= member.rises >= health.rise();
    if (goesThrough()) {
      member.clearRefusal();
    }
    if (member.circuit.close(now)) {
      tellCircuit(member, Circuit.CLOSED, changes);
    }
    tellHealth(member, "its probes succeed", now, changes);
  }

  private boolean isItsOwn(
      Member member, FailureKind failure, String target, boolean isOfExchange, long now) {
    return switch (failure) {
      case PROXY_DOWN, PROXY_TLS, PROXY_AUTH -> true;
      case AMBIGUOUS, TARGET -> !isOfExchange || evidence.convicts(member, target, now);
      case PROXY_DENIED -> {
        denies(member, target, now);
        yield !isOfExchange;
      }
      case NO_WAY -> false;
    };
  }

  private void fall(Member member, FailureKind failure, long now, PendingEvents changes) {
    member.rises = 0;
    member.falls++;
    member.belief.failed(now);
    if (member.circuit.state(now) == Circuit.HALF_OPEN && member.circuit.blame(now)) {
      tellCircuit(member, Circuit.OPEN, changes);
    }
    if (failure == FailureKind.PROXY_AUTH) {
      refuses(member, now, changes);
    }
    member.probedUp &= member.falls < health.fall();
    tellHealth(member, "its probes fail, the last one with " + failure.code(), now, changes);
  }

  /** Tells if it is another than what was told last. */
  private static void tellHealth(Member member, String reason, long now, PendingEvents changes) {
    boolean healthy = member.probedUp && !member.refusesCredentials(now);
    if (healthy != member.toldHealthy) {
      member.toldHealthy = healthy;
      changes.health(member, healthy, reason);
    }
  }

  /** Nobody is kept from a member that is alone, so that there is nothing to tell of it. */
  private void tellCircuit(Member member, Circuit state, PendingEvents changes) {
    if (!alone) {
      changes.circuit(
          member, state, state == Circuit.OPEN ? member.circuit.openFor() : Duration.ZERO);
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
  public synchronized @Nullable ConnectRequest lastErrand() {
    return lastErrand;
  }

  // Who belongs to it.

  /**
   * Replaces the members. Those that are in both lists, by URL with credentials, keep their state;
   * others drain.
   */
  public void setMembers(List<MemberSettings> present, long nowNanos) {
    PendingEvents changes = new PendingEvents(name());
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
        changes.members(added, left, members.size());
      }
    }
    changes.tell(events);
  }

  /** A URL that is listed twice is one member, with what is said of it last. */
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
        member.settings().enabled() && Ineligibility.illness(member, now) == null,
        member.circuit.state(now),
        member.active,
        member.latency.nanos(),
        member.circuit.successRatio(now),
        member.draining,
        exchanges);
  }
}
