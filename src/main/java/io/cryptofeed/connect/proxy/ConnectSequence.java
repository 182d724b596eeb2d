package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.ProxiedChannel.Through;
import io.cryptofeed.connect.proxy.connect.ConnectAttempt;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.connect.Hop;
import io.cryptofeed.connect.proxy.connect.OpenChannels;
import io.cryptofeed.connect.proxy.pool.ConnectRequest;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.pool.Member;
import io.cryptofeed.connect.proxy.pool.Pick;
import io.cryptofeed.connect.proxy.pool.Pool;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Exit;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.Fallback;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Route;
import io.cryptofeed.connect.proxy.settings.Way;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One connection from the choice of its way to the open passage: up to so many members of a pool
 * one after the other, then the fallback, all within the one deadline of the route. Everything
 * happens on the channel's event loop.
 */
final class ConnectSequence {

  private static final long NANOS_BELOW_A_MILLI = 999_999;

  private final ProxyLayer layer;
  private final OpenChannels open;
  private final EventLoop loop;
  private final Destination to;
  private final ConnectRequest errand;
  private final Consumer<ProxiedChannel> origin;
  private final Promise<ProxiedChannel> promise;
  private final List<Member> tried = new ArrayList<>();
  private final List<ConnectFailure> failures = new ArrayList<>();
  private Duration timeout = Duration.ZERO;
  private long deadlineNanos;
  private @Nullable ProxiedChannel arrived;

  ConnectSequence(
      ProxyLayer layer,
      OpenChannels open,
      EventLoop loop,
      Destination to,
      Consumer<ProxiedChannel> origin,
      Promise<ProxiedChannel> promise) {
    this.layer = layer;
    this.open = open;
    this.loop = loop;
    this.to = to;
    this.errand = to.errand();
    this.origin = origin;
    this.promise = promise;
  }

  void start() {
    Optional<Route> route = layer.route(to.exchange(), to.transport(), to.host());
    if (route.isEmpty()) {
      refuse(noRoute());
      return;
    }
    timeout = route.get().timeout();
    deadlineNanos = System.nanoTime() + timeout.toNanos();
    Way way = route.get().way();
    if (way instanceof Way.Pool pool) {
      throughPool(new PoolLeg(pool.name(), route.get(), route.get().fallback()));
    } else if (way instanceof Way.Proxy proxy) {
      throughProxy(proxy.url(), route.get());
    } else {
      directly(route.get());
    }
  }

  private ConnectFailure noRoute() {
    if (layer.lacksRegion()) {
      return new ConnectFailure(
          Stage.ROUTE,
          FailureKind.NO_WAY,
          "none",
          "the way of exchange="
              + to.exchange()
              + " depends on the region of this worker, which is not known; set proxy.region, or"
              + " check proxy.region.detector",
          null);
    }
    String key = "proxy.exchanges." + to.exchange() + "." + to.transport().code() + ".url";
    return new ConnectFailure(
        Stage.ROUTE,
        FailureKind.NO_WAY,
        "none",
        "exchange="
            + to.exchange()
            + " has no proxy for its "
            + to.transport().code()
            + " connections; set "
            + key
            + ", or write 'direct' there",
        null);
  }

  private void refuse(ConnectFailure failure) {
    layer
        .events()
        .refused(
            to.exchange(),
            to.transport(),
            to.target(),
            failure.egress(),
            String.valueOf(failure.getMessage()));
    promise.tryFailure(failure);
  }

  // Directly.

  private void directly(Route route) {
    if (route.source().key().equals(ProxyLayer.UNMATCHED)) {
      layer.events().unmatched(to.exchange(), to.transport(), to.target());
    }
    attempt(
        new Hop(null, route.source().key(), shareOfTime(1)),
        new Exit(Hop.DIRECT, null, Hop.DIRECT, null),
        Through.NOTHING,
        promise::tryFailure);
  }

  private void directlyInstead(Route route) {
    ConnectFailure reason = summary(route);
    layer
        .events()
        .directFallback(
            to.exchange(),
            to.transport(),
            to.target(),
            route.way().toString(),
            String.valueOf(reason.getMessage()));
    attempt(
        new Hop(null, "proxy.fallback", shareOfTime(1)),
        new Exit(Hop.DIRECT, null, Hop.DIRECT, null),
        Through.NOTHING,
        promise::tryFailure);
  }

  // Through one proxy.

  private void throughProxy(ProxyUrl proxy, Route route) {
    Pool pool = layer.single(proxy);
    if (pool.pick(errand, tried, System.nanoTime()) instanceof Pick.Chosen chosen) {
      Duration share = shareOfTime(isLast(route.fallback()) ? 1 : 2);
      attemptThrough(
          pool,
          chosen.member(),
          new Hop(proxy, route.source().key(), share),
          new Exit(proxy.egress(), null, proxy.egress(), null),
          failure -> {
            failures.add(failure);
            fallBack(route, route.fallback(), failure.kind());
          });
    }
  }

  // Through a pool.

  /**
   * The part of a journey that one pool has.
   *
   * @param fallback what comes after it
   */
  private record PoolLeg(String name, Route route, Fallback fallback) {}

  private void throughPool(PoolLeg leg) {
    Pool pool = layer.pool(leg.name(), to.exchange());
    Pick pick = pool.pick(errand, tried, System.nanoTime());
    if (pick instanceof Pick.None none) {
      if (failures.isEmpty()) {
        failures.add(noMember(leg, none));
      }
      fallBack(leg.route(), leg.fallback(), FailureKind.PROXY_DOWN);
    } else if (pick instanceof Pick.Chosen chosen) {
      throughMember(leg, pool, chosen.member());
    }
  }

  private static ConnectFailure noMember(PoolLeg leg, Pick.None none) {
    return new ConnectFailure(
        Stage.ROUTE,
        FailureKind.NO_WAY,
        "pool:" + leg.name(),
        "no member of pool '" + leg.name() + "' may be used now: " + none.reasons(),
        none.retryAfter(),
        null);
  }

  private void throughMember(PoolLeg leg, Pool pool, Member member) {
    FailoverSettings failover = layer.settings().failover();
    int attempts = failover.enabled() ? failover.maxAttempts() : 1;
    int attemptsLeft = Math.max(1, attempts - tried.size());
    int untried = Math.max(1, pool.probeable().size() - tried.size());
    boolean fallbackFollows = !isLast(leg.fallback());
    Duration share = shareOfTime(Math.min(attemptsLeft, untried) + (fallbackFollows ? 1 : 0));
    String key = "proxy.pools." + leg.name() + ".members";
    Exit exit = new Exit("pool:" + leg.name(), leg.name(), member.egress(), member.region());
    attemptThrough(
        pool,
        member,
        new Hop(member.url(), key, share),
        exit,
        failure -> {
          failures.add(failure);
          tried.add(member);
          afterFailure(leg, exit, failure, attemptsLeft - 1);
        });
  }

  private void afterFailure(PoolLeg leg, Exit exit, ConnectFailure failure, int attemptsLeft) {
    boolean targetFailedTwice =
        failures.stream().filter(past -> past.kind() == FailureKind.TARGET).count() > 1;
    if (attemptsLeft > 0 && !targetFailedTwice && timeLeft().toMillis() > 0) {
      layer
          .events()
          .failover(to.exchange(), to.transport(), exit, String.valueOf(failure.getMessage()));
      throughPool(leg);
    } else {
      fallBack(leg.route(), leg.fallback(), failure.kind());
    }
  }

  // When all have failed.

  private static boolean isLast(Fallback fallback) {
    return fallback instanceof Fallback.Fail;
  }

  private void fallBack(Route route, Fallback fallback, FailureKind kind) {
    boolean hopeless = kind == FailureKind.TARGET || timeLeft().toMillis() <= 0;
    if (hopeless || fallback instanceof Fallback.Fail) {
      ConnectFailure failure = summary(route);
      if (failure.kind() == FailureKind.NO_WAY) {
        refuse(failure);
      } else {
        promise.tryFailure(failure);
      }
    } else if (fallback instanceof Fallback.Pool backup) {
      tried.clear();
      throughPool(new PoolLeg(backup.name(), route, new Fallback.Fail()));
    } else {
      directlyInstead(route);
    }
  }

  /** One failure as it is; several as one that names them all. */
  private ConnectFailure summary(Route route) {
    ConnectFailure last = failures.get(failures.size() - 1);
    if (failures.size() == 1) {
      return last;
    }
    String each =
        failures.stream()
            .map(failure -> String.valueOf(failure.getMessage()))
            .collect(Collectors.joining("; "));
    ConnectFailure summary =
        new ConnectFailure(
            last.stage(),
            last.kind(),
            route.way().toString(),
            failures.size() + " proxies failed for " + to.target() + ": " + each,
            last.retryAfter(),
            last);
    failures.subList(0, failures.size() - 1).forEach(summary::addSuppressed);
    return summary;
  }

  // One attempt.

  private void attemptThrough(
      Pool pool, Member member, Hop leg, Exit exit, Consumer<ConnectFailure> onFailure) {
    pool.opening(member, errand, System.nanoTime());
    attempt(leg, exit, new Through(pool, member), onFailure);
  }

  /** Tells the pool how the attempt ended, and when its connection does. */
  private void settle(Through through, Future<Channel> attempt) {
    Pool pool = through.pool();
    Member member = through.member();
    if (pool == null || member == null) {
      return;
    }
    if (attempt.isSuccess()) {
      attempt
          .getNow()
          .closeFuture()
          .addListener(gone -> pool.closed(member, errand, System.nanoTime()));
      return;
    }
    // Given up, or the pipeline behind could not be built: no fault of the proxy.
    FailureKind kind =
        attempt.cause() instanceof ConnectFailure failure ? failure.kind() : FailureKind.NO_WAY;
    pool.failed(member, errand, kind, System.nanoTime());
    pool.closed(member, errand, System.nanoTime());
  }

  private void attempt(Hop leg, Exit exit, Through through, Consumer<ConnectFailure> onFailure) {
    long startNanos = System.nanoTime();
    Promise<Channel> attempt = loop.newPromise();
    ConnectAttempt connect =
        new ConnectAttempt(
            loop,
            to,
            leg,
            new ConnectAttempt.Tools(layer.tls(), layer.names(), open, layer.settings().connect()),
            (channel, steps) -> {
              if (!promise.setUncancellable()) {
                throw new GivenUp();
              }
              ProxiedChannel passage =
                  new ProxiedChannel(channel, errand, exit, through, layer.events());
              if (through.pool() != null && through.member() != null) {
                long now = System.nanoTime();
                through
                    .pool()
                    .opened(through.member(), errand, Duration.ofNanos(now - startNanos), now);
              }
              layer.events().connected(to.exchange(), to.transport(), to.target(), exit, steps);
              arrived = passage;
              origin.accept(passage);
            },
            attempt);
    promise.addListener(done -> attempt.cancel(false));
    attempt.addListener(
        (Future<Channel> done) -> {
          settle(through, done);
          ended(done, exit, onFailure);
        });
    connect.start();
  }

  private void ended(Future<Channel> attempt, Exit exit, Consumer<ConnectFailure> onFailure) {
    if (attempt.isSuccess()) {
      promise.trySuccess(arrived);
    } else if (promise.isDone()) {
      return;
    } else if (attempt.cause() instanceof ConnectFailure failure) {
      layer
          .events()
          .connectFailed(
              to.exchange(),
              to.transport(),
              to.target(),
              exit,
              failure.kind(),
              String.valueOf(failure.getMessage()));
      onFailure.accept(failure);
    } else {
      promise.tryFailure(attempt.cause());
    }
  }

  /** Nobody waits for the connection any more. */
  private static final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GivenUp() {
      super("the connection was given up", null, false, false);
    }
  }

  // Time.

  private Duration timeLeft() {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }

  /** What one of so many attempts may take of the time that is left: at first, all of it. */
  private Duration shareOfTime(int attempts) {
    long nanos = (failures.isEmpty() ? timeout : timeLeft()).toNanos() / attempts;
    return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(nanos + NANOS_BELOW_A_MILLI));
  }
}
