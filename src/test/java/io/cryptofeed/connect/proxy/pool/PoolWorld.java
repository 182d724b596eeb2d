package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Sticky;
import io.cryptofeed.connect.proxy.settings.Strategy;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A pool in a time of its own, and what it has told. Members are named by their hosts. The time
 * begins shortly before the readings of the clock overflow, so that most tests cross that.
 */
final class PoolWorld implements ProxyEvents {

  static final String TARGET = "stream.binance.com:443";
  static final Duration TOOK = Duration.ofMillis(20);

  private final List<MemberSettings> members = new ArrayList<>();
  private Strategy strategy = Strategy.FAILOVER;
  private Sticky sticky = Sticky.NONE;
  private Duration tolerance = Duration.ofMillis(50);
  private int explorePercent;
  private boolean panics;
  private int maxConnections;
  private int maxConnectsPer5m;
  private int weightPerMinute;
  private Set<Integer> rotateStatuses = Set.of();
  private HealthSettings health = HealthSettings.DEFAULT;
  private @Nullable Pool pool;

  long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();
  final List<String> told = new ArrayList<>();
  final SplittableRandom random = new SplittableRandom(7);

  /** A pool of members that differ in nothing; by default the first that may be used is chosen. */
  static PoolWorld of(String... hosts) {
    PoolWorld world = new PoolWorld();
    for (String host : hosts) {
      world.members.add(MemberSettings.of(url(host)));
    }
    return world;
  }

  static PoolWorld of(MemberSettings... members) {
    PoolWorld world = new PoolWorld();
    world.members.addAll(List.of(members));
    return world;
  }

  static ProxyUrl url(String host) {
    return ProxyUrl.parse("socks5://" + host + ":1080");
  }

  static MemberSettings inRegion(String host, @Nullable String region) {
    return new MemberSettings(url(host), 1, region, 0, true);
  }

  static MemberSettings disabled(String host) {
    return new MemberSettings(url(host), 1, null, 0, false);
  }

  PoolWorld strategy(Strategy its) {
    strategy = its;
    return this;
  }

  PoolWorld sticky(Sticky its) {
    sticky = its;
    return this;
  }

  PoolWorld explorePercent(int percent) {
    explorePercent = percent;
    return this;
  }

  PoolWorld panics() {
    panics = true;
    return this;
  }

  PoolWorld maxConnections(int most) {
    maxConnections = most;
    return this;
  }

  PoolWorld maxConnectsPer5m(int most) {
    maxConnectsPer5m = most;
    return this;
  }

  PoolWorld weightPerMinute(int most) {
    weightPerMinute = most;
    return this;
  }

  PoolWorld rotatesOn(int... statuses) {
    List<Integer> all = new ArrayList<>();
    for (int status : statuses) {
      all.add(status);
    }
    rotateStatuses = Set.copyOf(all);
    return this;
  }

  PoolWorld probedBy(HealthSettings.Method method) {
    HealthSettings usual = HealthSettings.DEFAULT;
    health =
        new HealthSettings(
            true,
            method,
            null,
            usual.interval(),
            usual.timeout(),
            usual.rise(),
            usual.fall(),
            usual.lazy(),
            Set.of());
    return this;
  }

  PoolSettings settings() {
    return new PoolSettings(
        "eu",
        members,
        strategy,
        sticky,
        Duration.ofMinutes(10),
        tolerance,
        explorePercent,
        panics,
        50,
        maxConnections,
        maxConnectsPer5m,
        weightPerMinute,
        Set.of(418, 429),
        Duration.ofMinutes(1),
        rotateStatuses);
  }

  Pool pool() {
    Pool present = pool;
    if (present == null) {
      present =
          new Pool(
              settings(), FailoverSettings.DEFAULT, CircuitSettings.DEFAULT, health, random, this);
      pool = present;
    }
    return present;
  }

  Member member(String host) {
    return state(host).member();
  }

  MemberState state(String host) {
    return pool().states(now).stream()
        .filter(state -> state.member().url().host().equals(host))
        .findFirst()
        .orElseThrow();
  }

  void pass(Duration time) {
    now += time.toNanos();
  }

  void passSeconds(long seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  // Errands.

  static ConnectRequest request() {
    return request("binance", "0-ws-1", TARGET, 0);
  }

  static ConnectRequest forExchange(String exchange) {
    return request(exchange, "0-ws-1", "ws." + exchange + ".com:443", 0);
  }

  static ConnectRequest ofSession(String session) {
    return request("binance", session, TARGET, 0);
  }

  static ConnectRequest to(String target) {
    return request("binance", "0-ws-1", target, 0);
  }

  static ConnectRequest weighing(int weight) {
    return request("binance", "0-rest-1", "api.binance.com:443", weight);
  }

  private static ConnectRequest request(
      String exchange, String session, String target, int weight) {
    return new ConnectRequest(exchange, Transport.WEBSOCKET, session, target, weight);
  }

  // What happens. Where no request is named, it is the usual one.

  /** The host of the member that is chosen, or {@code none}. */
  String pick() {
    return pick(request());
  }

  String pick(ConnectRequest request, String... tried) {
    List<Member> failed = new ArrayList<>();
    for (String host : tried) {
      failed.add(member(host));
    }
    return pool().pick(request, failed, now) instanceof Pick.Chosen chosen
        ? chosen.member().url().host()
        : "none";
  }

  Pick.None refusal(ConnectRequest request) {
    return (Pick.None) pool().pick(request, List.of(), now);
  }

  void opens(String host) {
    opens(host, request(), TOOK);
  }

  void opens(String host, ConnectRequest request, Duration took) {
    Member member = member(host);
    pool().opening(member, request, now);
    pool().opened(member, request, took, now);
  }

  void closes(String host) {
    pool().closed(member(host), request(), now);
  }

  void works(String host) {
    works(host, request());
  }

  void works(String host, ConnectRequest request) {
    Member member = member(host);
    opens(host, request, TOOK);
    pool().closed(member, request, now);
  }

  void fails(String host, FailureKind kind) {
    fails(host, request(), kind);
  }

  void fails(String host, ConnectRequest request, FailureKind kind) {
    Member member = member(host);
    pool().opening(member, request, now);
    pool().failed(member, request, kind, now);
    pool().closed(member, request, now);
  }

  /** Fails so often in a row that its circuit opens. */
  void breaks(String host) {
    for (int i = 0; i < CircuitSettings.DEFAULT.consecutive(); i++) {
      fails(host, FailureKind.PROXY_DOWN);
    }
  }

  void answers(String host, int status, @Nullable Duration retryAfter) {
    pool().answered(member(host), request(), status, retryAfter, now);
  }

  void probed(String host, @Nullable FailureKind failure) {
    pool().probed(member(host), failure, TOOK, TARGET, true, now);
  }

  void probesFail(String host) {
    for (int i = 0; i < HealthSettings.DEFAULT.fall(); i++) {
      probed(host, FailureKind.PROXY_DOWN);
    }
  }

  // Events.

  private static String host(String egress) {
    return egress.substring("socks5://".length(), egress.lastIndexOf(':'));
  }

  @Override
  public void selected(String pool, String strategy, boolean panic) {
    told.add("selected " + strategy + (panic ? " in panic" : ""));
  }

  @Override
  public void healthChanged(String pool, String egress, boolean healthy, String reason) {
    told.add(host(egress) + (healthy ? " healthy: " : " unhealthy: ") + reason);
  }

  @Override
  public void circuitChanged(String pool, String egress, Circuit state, Duration openFor) {
    told.add(host(egress) + " circuit " + state);
  }

  @Override
  public void coolingDown(
      String pool, String egress, String exchange, int status, Duration pause, boolean rotates) {
    told.add(
        host(egress)
            + " cools down for "
            + exchange
            + " "
            + pause.toSeconds()
            + " s after "
            + status
            + (rotates ? ", rotates" : ""));
  }

  @Override
  public void membersChanged(String pool, int added, int draining, int total) {
    told.add("members +" + added + " -" + draining + " =" + total);
  }
}
