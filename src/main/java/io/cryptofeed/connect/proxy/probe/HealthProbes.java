package io.cryptofeed.connect.proxy.probe;

import io.cryptofeed.connect.proxy.connect.ConnectAttempt;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.connect.Hop;
import io.cryptofeed.connect.proxy.pool.ConnectRequest;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.pool.Member;
import io.cryptofeed.connect.proxy.pool.MemberState;
import io.cryptofeed.connect.proxy.pool.Pool;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.HealthSettings.Method;
import io.cryptofeed.connect.proxy.settings.HealthSettings.Target;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Probes the members of pools, so that a proxy that dies is noticed before a connection needs it,
 * and one that comes back is used again without risking a connection on it. Probes are opened
 * exactly like connections. Everything happens on one event loop.
 */
public final class HealthProbes implements AutoCloseable {

  private static final long LONGEST_TICK_MS = 1_000;
  private static final long SHORTEST_TICK_MS = 20;
  private static final int TICKS_PER_INTERVAL = 20;
  private static final int INTERVALS_IN_USE = 3;

  /** How often a member is probed at most, to see whether its circuit may close. */
  private static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Members are probed up to so much earlier or later, so that they are not probed together. */
  private static final double JITTER = 0.2;

  private final HealthSettings settings;
  private final Supplier<Collection<Pool>> pools;
  private final ConnectAttempt.Tools tools;
  private final SslContext targetTls;
  private final EventLoop loop;
  private final RandomGenerator random;
  private final ProxyEvents events;
  private final Map<Member, Long> due = new HashMap<>();
  private final Map<Member, Long> last = new HashMap<>();
  private final Set<Member> running = new HashSet<>();
  private @Nullable Future<?> ticking;

  /**
   * @param pools those that are to be probed now
   * @param targetTls for targets of the method http that speak TLS
   */
  public HealthProbes(
      HealthSettings settings,
      Supplier<Collection<Pool>> pools,
      ConnectAttempt.Tools tools,
      SslContext targetTls,
      EventLoop loop,
      RandomGenerator random,
      ProxyEvents events) {
    this.settings = settings;
    this.pools = pools;
    this.tools = tools;
    this.targetTls = targetTls;
    this.loop = loop;
    this.random = random;
    this.events = events;
  }

  /** Begins. Any thread. */
  public void start() {
    long tick =
        Math.max(
            SHORTEST_TICK_MS,
            Math.min(LONGEST_TICK_MS, settings.interval().toMillis() / TICKS_PER_INTERVAL));
    ticking = loop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
  }

  /** Ends. Any thread. */
  @Override
  public void close() {
    Future<?> present = ticking;
    if (present != null) {
      present.cancel(false);
    }
  }

  private void tick() {
    long now = System.nanoTime();
    Set<Member> present = new HashSet<>();
    for (Pool pool : pools.get()) {
      present.addAll(pool.probeable());
      long recently = now - INTERVALS_IN_USE * settings.interval().toNanos();
      if (!settings.lazy() || pool.isUsedSince(recently)) {
        probeDue(pool, now);
      }
    }
    due.keySet().retainAll(present);
    last.keySet().retainAll(present);
  }

  private void probeDue(Pool pool, long now) {
    for (MemberState state : pool.states(now)) {
      Member member = state.member();
      if (state.draining() || !member.isEnabled() || running.contains(member)) {
        continue;
      }
      // Whether a proxy is well again is better found out by a probe than by a connection.
      boolean onTrial = state.circuit() == MemberState.Circuit.HALF_OPEN;
      long at = due.computeIfAbsent(member, any -> now + random.nextLong(intervalNanos()));
      if (at - now <= 0
          || (onTrial && now - last.getOrDefault(member, now - TRIAL_NANOS) >= TRIAL_NANOS)) {
        due.put(member, now + jitteredInterval());
        last.put(member, now);
        probe(pool, member);
      }
    }
  }

  private long intervalNanos() {
    return settings.interval().toNanos();
  }

  private long jitteredInterval() {
    return Math.round(intervalNanos() * (1 - JITTER + 2 * JITTER * random.nextDouble()));
  }

  // One probe.

  private void probe(Pool pool, Member member) {
    Target target = settings.target();
    boolean isOfExchange = target == null;
    ConnectRequest request = pool.lastRequest();
    if (target == null && request != null) {
      int colon = request.target().lastIndexOf(':');
      target =
          new Target(
              true,
              request.target().substring(0, colon),
              Integer.parseInt(request.target().substring(colon + 1)),
              "/");
    }
    if (target == null) {
      return;
    }
    running.add(member);
    long start = System.nanoTime();
    String name = target.host() + ":" + target.port();
    connect(member, target, pool.name())
        .addListener(
            (Future<Channel> done) -> {
              running.remove(member);
              if (done.isSuccess()) {
                done.getNow().close();
              }
              FailureKind failure = done.isSuccess() ? null : kind(done.cause());
              Duration took = Duration.ofNanos(System.nanoTime() - start);
              events.probed(
                  pool.name(),
                  member.egress(),
                  failure == null,
                  took,
                  failure == null ? "well" : String.valueOf(done.cause().getMessage()));
              pool.probed(member, failure, took, name, isOfExchange, System.nanoTime());
            });
  }

  private FailureKind kind(Throwable cause) {
    if (settings.method() == Method.TCP) {
      return FailureKind.PROXY_DOWN;
    }
    return cause instanceof ConnectFailure failure ? failure.kind() : FailureKind.AMBIGUOUS;
  }

  /** As far as the method goes. */
  private Future<Channel> connect(Member member, Target target, String pool) {
    Promise<Channel> opened = loop.newPromise();
    String key = "proxy.pools." + pool + ".members";
    boolean onlyTcp = settings.method() == Method.TCP;
    Destination to =
        onlyTcp
            ? new Destination("", Transport.REST, member.url().host(), member.url().port())
            : new Destination("", Transport.REST, target.host(), target.port());
    Hop hop = new Hop(onlyTcp ? null : member.url(), key, settings.timeout());
    if (settings.method() != Method.HTTP) {
      new ConnectAttempt(loop, to, hop, tools, (channel, steps) -> {}, opened).start();
      return opened;
    }
    Promise<Channel> answered = loop.newPromise();
    new ConnectAttempt(
            loop,
            to,
            hop,
            tools,
            (channel, steps) -> new HttpProbe(target, settings, answered).begin(channel, targetTls),
            opened)
        .start();
    opened.addListener(
        done -> {
          if (!done.isSuccess()) {
            answered.tryFailure(done.cause());
          }
        });
    return answered;
  }
}
