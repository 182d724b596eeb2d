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
import io.cryptofeed.connect.proxy.settings.Via;
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
 * Opens one connection: finds its route, tries a limited number of members of a pool one after the
 * other, then the fallback, all within the one deadline of the route. Everything happens on the
 * channel's event loop.
 */
final class ConnectSequence {

  private static final long NANOS_BELOW_A_MILLI = 999_999;

  private final ProxyLayer layer;
  private final OpenChannels open;
  private final EventLoop loop;
  private final Destination to;
  private final ConnectRequest request;
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
    this.request = to.request();
    this.origin = origin;
    this.promise = promise;
  }

  void start() {
    Optional<Route> route = layer.route(to.exchange(), to.transport(), to.host(), to.port());
    if (route.isEmpty()) {
      refuse(noRoute());
      return;
    }
    timeout = route.get().timeout();
    deadlineNanos = System.nanoTime() + timeout.toNanos();
    Via via = route.get().via();
    if (via instanceof Via.Pool pool) {
      throughPool(new PoolRoute(pool.name(), route.get(), route.get().fallback()));
    } else if (via instanceof Via.Proxy proxy) {
      throughProxy(proxy.url(), route.get());
    } else {
      direct(route.get());
    }
  }

  private ConnectFailure noRoute() {
    if (layer.lacksRegion()) {
      return new ConnectFailure(
          Stage.ROUTE,
          FailureKind.NO_WAY,
          "none",
          "the route of exchange="
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

  // Direct.

  private void direct(Route route) {
    if (route.source().key().equals(ProxyLayer.UNMATCHED)) {
      layer.events().unmatched(to.exchange(), to.transport(), to.target());
    }
    attempt(
        new Hop(null, route.source().key(), shareOfTime(1)),
        new Exit(Hop.DIRECT, null, Hop.DIRECT, null),
        Through.NOTHING,
        promise::tryFailure);
  }

  private void fallBackToDirect(Route route) {
    ConnectFailure reason = summary(route);
    layer
        .events()
        .directFallback(
            to.exchange(),
            to.transport(),
            to.target(),
            route.via().toString(),
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
    if (pool.pick(request, tried, System.nanoTime()) instanceof Pick.Chosen chosen) {
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
   * The pool that is tried, and what follows.
   *
   * @param fallback what follows when all its members have failed
   */
  private record PoolRoute(String name, Route route, Fallback fallback) {}

  private void throughPool(PoolRoute poolRoute) {
    Pool pool = layer.pool(poolRoute.name(), to.exchange());
    Pick pick = pool.pick(request, tried, System.nanoTime());
    if (pick instanceof Pick.None none) {
      if (failures.isEmpty()) {
        failures.add(noMember(poolRoute, none));
      }
      fallBack(poolRoute.route(), poolRoute.fallback(), FailureKind.PROXY_DOWN);
    } else if (pick instanceof Pick.Chosen chosen) {
      throughMember(poolRoute, pool, chosen.member());
    }
  }

  private static ConnectFailure noMember(PoolRoute poolRoute, Pick.None none) {
    return new ConnectFailure(
        Stage.ROUTE,
        FailureKind.NO_WAY,
        "pool:" + poolRoute.name(),
        "no member of pool '" + poolRoute.name() + "' is eligible now: " + none.reasons(),
        none.retryAfter(),
        null);
  }

  private void throughMember(PoolRoute poolRoute, Pool pool, Member member) {
    FailoverSettings failover = layer.settings().failover();
    int attempts = failover.enabled() ? failover.maxAttempts() : 1;
    int attemptsLeft = Math.max(1, attempts - tried.size());
    int untried = Math.max(1, pool.probeable().size() - tried.size());
    boolean fallbackFollows = !isLast(poolRoute.fallback());
    Duration share = shareOfTime(Math.min(attemptsLeft, untried) + (fallbackFollows ? 1 : 0));
    String key = "proxy.pools." + poolRoute.name() + ".members";
    Exit exit =
        new Exit("pool:" + poolRoute.name(), poolRoute.name(), member.egress(), member.region());
    attemptThrough(
        pool,
        member,
        new Hop(member.url(), key, share),
        exit,
        failure -> {
          failures.add(failure);
          tried.add(member);
          afterFailure(poolRoute, exit, failure, attemptsLeft - 1);
        });
  }

  private void afterFailure(
      PoolRoute poolRoute, Exit exit, ConnectFailure failure, int attemptsLeft) {
    boolean targetFailedTwice =
        failures.stream().filter(past -> past.kind() == FailureKind.TARGET).count() > 1;
    if (attemptsLeft > 0 && !targetFailedTwice && timeLeft().toMillis() > 0) {
      layer
          .events()
          .failover(to.exchange(), to.transport(), exit, String.valueOf(failure.getMessage()));
      throughPool(poolRoute);
    } else {
      fallBack(poolRoute.route(), poolRoute.fallback(), failure.kind());
    }
  }

  // When all have failed.

  private static boolean isLast(Fallback fallback) {
    return fallback instanceof Fallback.Fail;
  }

  private void fallBack(Route route, Fallback fallback, FailureKind kind) {
    boolean cannotHelp = kind == FailureKind.TARGET || timeLeft().toMillis() <= 0;
    if (cannotHelp || fallback instanceof Fallback.Fail) {
      ConnectFailure failure = summary(route);
      if (failure.kind() == FailureKind.NO_WAY) {
        refuse(failure);
      } else {
        promise.tryFailure(failure);
      }
    } else if (fallback instanceof Fallback.Pool backup) {
      tried.clear();
      throughPool(new PoolRoute(backup.name(), route, new Fallback.Fail()));
    } else {
      fallBackToDirect(route);
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
            route.via().toString(),
            failures.size() + " proxies failed for " + to.target() + ": " + each,
            last.retryAfter(),
            last);
    failures.subList(0, failures.size() - 1).forEach(summary::addSuppressed);
    return summary;
  }

  // One attempt.

  private void attemptThrough(
      Pool pool, Member member, Hop hop, Exit exit, Consumer<ConnectFailure> onFailure) {
    pool.opening(member, request, System.nanoTime());
    attempt(hop, exit, new Through(pool, member), onFailure);
  }

  /** Reports to the pool how the attempt ended, and when its connection is closed. */
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
          .addListener(gone -> pool.closed(member, request, System.nanoTime()));
      return;
    }
    // Cancelled, or the pipeline could not be built: not the fault of the proxy.
    FailureKind kind =
        attempt.cause() instanceof ConnectFailure failure ? failure.kind() : FailureKind.NO_WAY;
    pool.failed(member, request, kind, System.nanoTime());
    pool.closed(member, request, System.nanoTime());
  }

  private void attempt(Hop hop, Exit exit, Through through, Consumer<ConnectFailure> onFailure) {
    long startNanos = System.nanoTime();
    Promise<Channel> attempt = loop.newPromise();
    ConnectAttempt connect =
        new ConnectAttempt(
            loop,
            to,
            hop,
            new ConnectAttempt.Tools(layer.tls(), layer.names(), open, layer.settings().connect()),
            (channel, steps) -> {
              if (!promise.setUncancellable()) {
                throw new Abandoned();
              }
              ProxiedChannel proxied =
                  new ProxiedChannel(channel, request, exit, through, layer.events());
              if (through.pool() != null && through.member() != null) {
                long now = System.nanoTime();
                through
                    .pool()
                    .opened(through.member(), request, Duration.ofNanos(now - startNanos), now);
              }
              layer.events().connected(to.exchange(), to.transport(), to.target(), exit, steps);
              arrived = proxied;
              origin.accept(proxied);
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

  /** The caller does not wait for the connection any more. */
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Abandoned() {
      super("the connection was cancelled", null, false, false);
    }
  }

  // Time.

  private Duration timeLeft() {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }

  /** The share of one attempt of the time that is left; at first, of the whole timeout. */
  private Duration shareOfTime(int attempts) {
    long nanos = (failures.isEmpty() ? timeout : timeLeft()).toNanos() / attempts;
    return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(nanos + NANOS_BELOW_A_MILLI));
  }
}
