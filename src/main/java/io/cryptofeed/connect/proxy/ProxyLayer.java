package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.connect.ConnectAttempt;
import io.cryptofeed.connect.proxy.connect.NameResolution;
import io.cryptofeed.connect.proxy.connect.OpenChannels;
import io.cryptofeed.connect.proxy.connect.ProxyTls;
import io.cryptofeed.connect.proxy.manager.PoolSupply;
import io.cryptofeed.connect.proxy.monitor.PoolStates;
import io.cryptofeed.connect.proxy.monitor.ProxyMonitor;
import io.cryptofeed.connect.proxy.pool.Pool;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.probe.HealthProbes;
import io.cryptofeed.connect.proxy.settings.ManagerSettings;
import io.cryptofeed.connect.proxy.settings.Pin;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Route;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.settings.Via;
import io.cryptofeed.connect.text.LogContext;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What injectors share: the settings, and the state of the proxies. Open from its first injector to
 * its last. Safe for use by many threads.
 */
public final class ProxyLayer {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyInjector.class);

  /** The key that allows a direct connection without a route. */
  static final String UNMATCHED = "proxy.unmatched";

  private static final int CHECK_SECONDS = 5;
  private static final long CLOSE_TIMEOUT_MS = 1_000;
  private static final String NO_EGRESS = "none";

  private final String name;
  private final ProxySettings settings;
  private final ProxyTls tls;
  private final AddressResolverGroup<InetSocketAddress> names;
  private final ProxyEvents events;
  private final RandomGenerator random = new ThreadRandom();
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();
  private final OpenChannels probing = new OpenChannels();
  private final Regions regions;
  private final @Nullable PoolSupply supply;
  private final Map<ProxyUrl, Pool> single = new ConcurrentHashMap<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final List<AutoCloseable> owned = new CopyOnWriteArrayList<>();
  private volatile @Nullable EventLoopGroup background;
  private int users;
  private boolean closed;

  /**
   * Opens a layer that counts, logs and audits what happens.
   *
   * @param name of the connector, or of whoever else uses it
   * @param shows where the numbers are shown as long as the layer is open
   * @throws IllegalArgumentException when the trust store cannot be read; names the key
   */
  static ProxyLayer open(String name, ProxySettings settings, MetricsView shows) {
    ProxyMonitor monitor = new ProxyMonitor(settings.monitoring());
    ProxyTls tls = ProxyTls.of(settings.tls(), monitor::pinMismatch);
    ProxyLayer layer = new ProxyLayer(name, settings, tls, NameResolution.ofThisWorker(), monitor);
    try {
      layer.owns(shows.show(name, monitor::samples));
      layer.watch(monitor);
      return layer;
    } catch (RuntimeException | Error e) {
      layer.close();
      throw e;
    }
  }

  public ProxyLayer(
      String name,
      ProxySettings settings,
      ProxyTls tls,
      AddressResolverGroup<InetSocketAddress> names,
      ProxyEvents events) {
    this.name = name;
    this.settings = settings;
    this.tls = tls;
    this.names = names;
    this.events = events;
    regions = new Regions(settings.routing().regional());
    supply = supply();
    if (supply == null || !supply.isPerExchange()) {
      settings.pools().keySet().forEach(pool -> pool(pool, ""));
    }
    probe();
  }

  private @Nullable PoolSupply supply() {
    ManagerSettings manager = settings.enabled() ? settings.manager() : null;
    if (manager == null) {
      return null;
    }
    PoolSupply opened =
        new PoolSupply(
            manager,
            PoolSupply.manager(manager),
            settings.compliance(),
            background(),
            random,
            events);
    owns(opened);
    return opened;
  }

  private void probe() {
    if (settings.enabled() && settings.health().enabled() && !settings.pools().isEmpty()) {
      HealthProbes probes =
          new HealthProbes(
              settings.health(),
              pools::values,
              new ConnectAttempt.Tools(tls, names, probing, settings.connect()),
              tls.target(),
              background(),
              random,
              events);
      owns(probing::close);
      owns(probes);
      probes.start();
    }
  }

  /** Closes something together with the layer. */
  private void owns(AutoCloseable closeable) {
    owned.add(closeable);
  }

  private void watch(ProxyMonitor monitor) {
    monitor.observe(
        () -> {
          long now = System.nanoTime();
          return pools.values().stream()
              .map(pool -> new PoolStates(pool.name(), pool.states(now)))
              .toList();
        });
    if (settings.enabled()) {
      background()
          .scheduleAtFixedRate(monitor::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** The event loop of background work, for which no connection waits. */
  private synchronized EventLoop background() {
    EventLoopGroup loops = background;
    if (loops == null) {
      loops =
          new MultiThreadIoEventLoopGroup(
              1,
              LogContext.ofConnector(
                  new DefaultThreadFactory("cryptofeed-" + name + "-proxy", true)),
              NioIoHandler.newFactory());
      background = loops;
    }
    return loops.next();
  }

  ProxySettings settings() {
    return settings;
  }

  ProxyTls tls() {
    return tls;
  }

  AddressResolverGroup<InetSocketAddress> names() {
    return names;
  }

  ProxyEvents events() {
    return events;
  }

  /**
   * The route of a connection; empty when it has none.
   *
   * @param host null to ask about the exchange in general
   */
  Optional<Route> route(String exchange, Transport transport, @Nullable String host, int port) {
    return settings.route(exchange, transport, region(), host, port);
  }

  private @Nullable String region() {
    return regions.region();
  }

  /** Whether routes depend on a region that is not known. */
  boolean lacksRegion() {
    return settings.routing().needsRegion() && region() == null;
  }

  /** The pool of this name for an exchange. */
  public Pool pool(String name, String exchange) {
    PoolSupply supplying = supply;
    boolean isShared = supplying == null || !supplying.isPerExchange() || !isSupplied(name);
    return pools.computeIfAbsent(
        isShared ? name : name + "@" + exchange,
        shown -> open(shown, name, isShared ? null : exchange));
  }

  private boolean isSupplied(String name) {
    return settings.manager() != null && settings.manager().supplies(name);
  }

  private Pool open(String shown, String name, @Nullable String exchange) {
    PoolSettings its = Objects.requireNonNull(settings.pools().get(name), name);
    boolean startsEmpty =
        isSupplied(name) && settings.manager() != null && !settings.manager().fallsBackToStatic();
    Pool pool =
        new Pool(
            its.named(shown, startsEmpty ? List.of() : its.members()),
            settings.failover(),
            settings.circuit(),
            settings.health(),
            random,
            events);
    if (supply != null && isSupplied(name)) {
      supply.supply(pool, name, exchange);
    }
    return pool;
  }

  /** The pool that has this proxy for its only member. */
  Pool single(ProxyUrl proxy) {
    return single.computeIfAbsent(proxy, url -> Pool.alone(url, random, events));
  }

  String egress(String exchange, Transport transport) {
    return route(exchange, transport, null, 0).map(ProxyLayer::egress).orElse(NO_EGRESS);
  }

  private static String egress(Route route) {
    return route.via() instanceof Via.Proxy proxy ? proxy.url().egress() : route.via().toString();
  }

  boolean pacesRest(String exchange) {
    return route(exchange, Transport.REST, null, 0)
        .map(
            route ->
                route.via() instanceof Via.Pool pool ? settings.pools().get(pool.name()) : null)
        .filter(pool -> pool.weightPerMinute() > 0)
        .isPresent();
  }

  boolean hasPool(String exchange, Transport transport) {
    return route(exchange, transport, null, 0)
        .filter(route -> route.via() instanceof Via.Pool)
        .isPresent();
  }

  String newSession() {
    return name + "-" + sessions.incrementAndGet();
  }

  Set<Pin> exchangePins(String host) {
    return settings.tls().pinsOf(host);
  }

  void logRoutes(Collection<String> exchanges) {
    for (String exchange : new TreeSet<>(exchanges)) {
      for (Transport transport : Transport.values()) {
        route(exchange, transport, null, 0)
            .ifPresentOrElse(
                route -> log(exchange, transport, route),
                () ->
                    LOG.warn(
                        "exchange={} transport={} route=none: its connections are refused",
                        exchange,
                        transport.code()));
      }
    }
  }

  private void log(String exchange, Transport transport, Route route) {
    LOG.info(
        "exchange={} transport={} route={} source=\"{}\"",
        exchange,
        transport.code(),
        route.via(),
        route.source());
    if (events instanceof ProxyMonitor monitor) {
      monitor.configured(exchange, transport, route.via().toString(), route.source());
    }
    if (route.via() instanceof Via.Proxy proxy
        && settings.connect().dns().resolvesLocally(proxy.url().scheme())) {
      LOG.warn(
          "exchange={} transport={} route={}: the host name of the exchange is resolved by the worker's"
              + " name servers; with socks4a and socks5 the proxy resolves it (proxy.dns)",
          exchange,
          transport.code(),
          route.via());
    }
  }

  /** An injector begins to use the layer. */
  synchronized void joined() {
    if (closed) {
      throw new IllegalStateException("the proxy layer of " + name + " is closed");
    }
    users++;
  }

  /** An injector is done with the layer; the last one closes it. */
  void left() {
    if (isLast()) {
      close();
    }
  }

  private void close() {
    for (AutoCloseable closeable : owned) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOG.warn("proxy layer of {}: cannot close {}", name, closeable, e);
      }
    }
    names.close();
    EventLoopGroup loops = background;
    if (loops != null) {
      loops
          .shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    }
  }

  private synchronized boolean isLast() {
    users--;
    closed = users == 0;
    return closed;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** For all threads, each with a generator of its own. */
  private static final class ThreadRandom implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }
}
