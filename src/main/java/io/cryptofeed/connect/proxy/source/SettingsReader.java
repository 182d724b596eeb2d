package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.Compliance;
import io.cryptofeed.connect.proxy.settings.ConnectSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.Fallback;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.ManagerSettings;
import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import io.cryptofeed.connect.proxy.settings.Pin;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.RegionalSettings;
import io.cryptofeed.connect.proxy.settings.Routing;
import io.cryptofeed.connect.proxy.settings.Scope;
import io.cryptofeed.connect.proxy.settings.Section;
import io.cryptofeed.connect.proxy.settings.Source;
import io.cryptofeed.connect.proxy.settings.TlsSettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.settings.TrustStore;
import io.cryptofeed.connect.proxy.settings.Via;
import io.cryptofeed.connect.proxy.source.RouteReader.Configured;
import io.cryptofeed.connect.text.KnownSecrets;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes settings of the merged values, and finds what is wrong with them. Used by one thread. */
final class SettingsReader {

  private static final String POOL = "pool:";
  private static final Pattern CLASS_NAME =
      Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(?:\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");

  /** Names of a manager's settings whose values are secret. */
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i)password|passwd|secret|token|credential|auth|api.?key");

  private final TypedValues values;
  private final Faults faults;
  private final Set<String> exchanges;
  private final Collection<String> knownExchanges;
  private final Compliance compliance;
  private final @Nullable ManagerSettings manager;
  private final RouteReader routes;

  SettingsReader(
      TypedValues values, Collection<String> exchanges, Collection<String> knownExchanges) {
    this.values = values;
    this.faults = values.faults();
    this.exchanges = new TreeSet<>(exchanges);
    this.knownExchanges = new TreeSet<>(knownExchanges);
    this.knownExchanges.addAll(exchanges);
    compliance = new Compliance(values.hosts("proxy.allowed"), values.flag("proxy.require.auth"));
    manager = manager();
    routes = new RouteReader(values, compliance, poolNames());
  }

  private Set<String> poolNames() {
    Set<String> names = values.namesUnder("proxy.pools.");
    if (manager != null) {
      names.addAll(manager.pools());
    }
    return names;
  }

  /**
   * @param enabled whether the settings are used, so that every exchange needs a route
   */
  ProxySettings read(boolean enabled) {
    Map<String, PoolSettings> pools = pools();
    Map<Scope, Section> sections = sections();
    checkClass("proxy.region.detector");
    RegionalSettings regional = new RegionReader(values, routes, knownExchanges).read();
    boolean unmatchedIsDirect = values.choice("proxy.unmatched").equals("direct");
    Routing routing =
        new Routing(
            sections,
            regional,
            values.hostsWithPorts("proxy.no.proxy"),
            unmatchedIsDirect ? unmatched() : null,
            fallback("proxy.fallback").orElse(new Fallback.Fail()),
            fallbacks());
    checkFallbacks(routing);
    if (enabled
        && !unmatchedIsDirect
        && regional.rules().isEmpty()
        && regional.fallback() == null) {
      findLost(routing);
    }
    warnOfUnusedPools(pools.keySet());
    return new ProxySettings(
        enabled,
        routing,
        pools,
        health(),
        failover(),
        circuit(),
        manager,
        tls(),
        compliance,
        monitoring(),
        connect());
  }

  private static Section unmatched() {
    return new Section(new Via.Direct(), null, new Source("proxy.unmatched", "the configuration"));
  }

  // Ways.

  private Map<Scope, Section> sections() {
    Map<Scope, Section> sections = new LinkedHashMap<>();
    for (Transport transport : Transport.values()) {
      put(sections, new Scope(null, transport));
      for (String exchange : exchanges) {
        put(sections, new Scope(exchange, transport));
      }
    }
    return sections;
  }

  private void put(Map<Scope, Section> sections, Scope scope) {
    String timeoutKey = scope.prefix() + ".timeout.ms";
    Configured configured = routes.read(scope.prefix());
    Value given = values.get(timeoutKey);
    Duration timeout = given == null ? null : values.millis(timeoutKey);
    Value value = configured != null ? configured.value() : given;
    if (value != null) {
      sections.put(
          scope,
          new Section(configured == null ? null : configured.via(), timeout, value.source()));
    }
  }

  /** Which exchanges would be refused; invalid routes are errors already. */
  private void findLost(Routing routing) {
    for (Transport transport : Transport.values()) {
      String defaultKey = new Scope(null, transport).prefix() + ".url";
      List<String> lost =
          exchanges.stream()
              .filter(exchange -> routing.route(exchange, transport, null, null, 0).isEmpty())
              .filter(exchange -> !isFaulty(new Scope(exchange, transport)))
              .toList();
      if (!lost.isEmpty() && !isFaulty(new Scope(null, transport))) {
        faults.error(
            defaultKey,
            "no proxy for the "
                + transport.code()
                + " connections of "
                + String.join(", ", lost)
                + "; set one, or write 'direct' to go without");
      }
    }
  }

  private boolean isFaulty(Scope scope) {
    return faults.has(scope.prefix() + ".url") || faults.has(scope.prefix() + ".pool");
  }

  private Optional<Fallback> fallback(String key) {
    Value value = values.get(key);
    String text = String.valueOf(values.text(key)).toLowerCase(Locale.ROOT);
    if (value == null || text.equals("fail")) {
      return value == null ? Optional.empty() : Optional.of(new Fallback.Fail());
    }
    if (text.equals("direct")) {
      faults.warn(
          key + ": direct: connections go around their proxies when all of these have failed");
      return Optional.of(new Fallback.Direct());
    }
    if (text.startsWith(POOL)) {
      return Optional.ofNullable(routes.poolName(value, text.substring(POOL.length())))
          .map(Fallback.Pool::new);
    }
    faults.error(value, "must be fail, direct or pool:<name>, was " + QuotedText.of(value.text()));
    return Optional.empty();
  }

  private Map<String, Fallback> fallbacks() {
    Map<String, Fallback> fallbacks = new TreeMap<>();
    for (String exchange : exchanges) {
      fallback("proxy.exchanges." + exchange + ".fallback")
          .ifPresent(own -> fallbacks.put(exchange, own));
    }
    return fallbacks;
  }

  private void checkFallbacks(Routing routing) {
    for (String exchange : exchanges) {
      Fallback fallback = routing.fallbacks().getOrDefault(exchange, routing.fallback());
      boolean own = routing.fallbacks().containsKey(exchange);
      boolean isItself =
          fallback instanceof Fallback.Pool backup
              && Arrays.stream(Transport.values())
                  .flatMap(transport -> routing.route(exchange, transport, null, null, 0).stream())
                  .anyMatch(route -> route.via().equals(new Via.Pool(backup.name())));
      String key = own ? "proxy.exchanges." + exchange + ".fallback" : "proxy.fallback";
      if (isItself && !faults.has(key)) {
        faults.error(key, "the backup pool is the pool itself");
      }
    }
  }

  // Pools.

  private Map<String, PoolSettings> pools() {
    Map<String, PoolSettings> pools = new TreeMap<>();
    PoolReader reader =
        new PoolReader(values, routes, name -> manager != null && manager.supplies(name));
    for (String name : poolNames()) {
      pools.put(name, reader.read(name));
    }
    return pools;
  }

  private void warnOfUnusedPools(Set<String> names) {
    for (String name : names) {
      if (!routes.poolsUsed().contains(name)) {
        faults.warn("proxy.pools." + name + ": pool '" + name + "' is not used");
      }
    }
  }

  private @Nullable ManagerSettings manager() {
    String className = values.text("proxy.manager.class");
    Map<String, String> config = new TreeMap<>();
    String prefix = "proxy.manager.config.";
    for (Value value : values.under(prefix)) {
      String secret = values.secret(value.key());
      if (secret != null) {
        String name = value.key().substring(prefix.length());
        if (SECRET_NAME.matcher(name).find()) {
          KnownSecrets.addCredential(secret);
        }
        config.put(name, secret);
      }
    }
    Duration refresh = values.millis("proxy.manager.refresh.ms");
    boolean fallsBack = values.flag("proxy.manager.fallback.to.static");
    if (className == null) {
      return null;
    }
    checkClass("proxy.manager.class");
    if (className.equals("dns")) {
      checkDns(config);
    }
    return new ManagerSettings(
        className, refresh, fallsBack, Set.copyOf(values.words("proxy.manager.pools")), config);
  }

  private void checkClass(String key) {
    Value value = values.get(key);
    if (value != null && !CLASS_NAME.matcher(value.text()).matches()) {
      faults.error(value, "must be the name of a class, was " + QuotedText.of(value.text()));
    }
  }

  private void checkDns(Map<String, String> config) {
    String srv = config.get("srv");
    if (srv != null && !srv.matches("_[^.]+\\._(?:tcp|udp)\\..+")) {
      faults.error(
          "proxy.manager.config.srv",
          "the name of SRV records starts with _service._tcp, as _socks5._tcp.proxies.example");
    } else if (srv == null && !config.containsKey("name")) {
      faults.error(
          "proxy.manager.config.name",
          "the manager dns needs a name to resolve; set proxy.manager.config.name or"
              + " proxy.manager.config.srv");
    } else if (srv == null && !config.containsKey("port")) {
      faults.error(
          "proxy.manager.config.port", "addresses have no ports; set the port of the proxies");
    }
  }

  // The rest.

  private HealthSettings health() {
    Duration interval = values.millis("proxy.health.interval.ms");
    Duration timeout = values.millis("proxy.health.timeout.ms");
    if (timeout.compareTo(interval) >= 0
        && !faults.has("proxy.health.interval.ms")
        && !faults.has("proxy.health.timeout.ms")) {
      String key =
          values.isGiven("proxy.health.timeout.ms")
              ? "proxy.health.timeout.ms"
              : "proxy.health.interval.ms";
      faults.error(
          key,
          "the timeout ("
              + timeout.toMillis()
              + " ms) must be shorter than the interval ("
              + interval.toMillis()
              + " ms)");
    }
    HealthSettings.Method method =
        HealthSettings.Method.valueOf(
            values.choice("proxy.health.method").toUpperCase(Locale.ROOT));
    return new HealthSettings(
        values.flag("proxy.health.enabled"),
        method,
        new TargetReader(values).read(method),
        interval,
        timeout,
        values.count("proxy.health.rise"),
        values.count("proxy.health.fall"),
        values.flag("proxy.health.lazy"),
        values.statuses("proxy.health.expected.statuses"));
  }

  private FailoverSettings failover() {
    return new FailoverSettings(
        values.flag("proxy.failover.enabled"),
        values.count("proxy.failover.max.attempts"),
        values.millis("proxy.failover.retry.failed.after.ms"));
  }

  private CircuitSettings circuit() {
    Duration open = values.millis("proxy.circuit.open.ms");
    Duration openMax = values.millis("proxy.circuit.open.max.ms");
    if (openMax.compareTo(open) < 0) {
      String key =
          values.isGiven("proxy.circuit.open.max.ms")
              ? "proxy.circuit.open.max.ms"
              : "proxy.circuit.open.ms";
      faults.error(
          key,
          "open.max.ms ("
              + openMax.toMillis()
              + ") must not be smaller than open.ms ("
              + open.toMillis()
              + ")");
    }
    return new CircuitSettings(
        values.count("proxy.circuit.consecutive"),
        values.count("proxy.circuit.failure.percent"),
        values.count("proxy.circuit.min.calls"),
        values.millis("proxy.circuit.window.ms"),
        open,
        openMax,
        values.count("proxy.circuit.half.open"));
  }

  private TlsSettings tls() {
    String location = values.text("proxy.tls.truststore.location");
    String password = values.secret("proxy.tls.truststore.password");
    if (password != null) {
      KnownSecrets.add(password);
    }
    String type =
        values
            .choice(
                "proxy.tls.truststore.type",
                text -> Optional.of(text).filter(Set.of("pkcs12", "jks", "pem")::contains))
            .map(known -> known.toUpperCase(Locale.ROOT))
            .orElse(null);
    if (location != null && !faults.has("proxy.tls.truststore.password")) {
      checkTrustStore(location, password, type);
    }
    Map<String, Set<Pin>> exchangePins = new TreeMap<>();
    String prefix = "proxy.pins.";
    for (Value value : values.under(prefix)) {
      exchangePins.put(value.key().substring(prefix.length()), values.pins(value.key()));
    }
    return new TlsSettings(location, password, type, values.pins("proxy.tls.pins"), exchangePins);
  }

  private void checkTrustStore(String location, @Nullable String password, @Nullable String type) {
    try {
      TrustStore.read(location, password, type);
    } catch (IOException | RuntimeException e) {
      faults.error(
          "proxy.tls.truststore.location",
          "cannot read proxy.tls.truststore.location (" + e.getMessage() + ")");
    }
  }

  private MonitoringSettings monitoring() {
    return new MonitoringSettings(
        values.millis("proxy.monitoring.latency.alert.ms"),
        values.count("proxy.monitoring.success.rate.alert.percent"),
        values.flag("proxy.monitoring.detailed.logging"));
  }

  private ConnectSettings connect() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String prefix = "proxy.connect.headers.";
    for (Value value : values.under(prefix)) {
      String name = value.key().substring(prefix.length());
      String text = values.secret(value.key());
      if (text == null) {
        continue;
      }
      boolean isHeader =
          name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")
              && text.chars().noneMatch(Character::isISOControl);
      if (isHeader) {
        KnownSecrets.addCredential(text);
        headers.put(name, text);
      } else {
        faults.error(value, "no HTTP header has such a name, or a control character in its value");
      }
    }
    ConnectSettings.Dns dns =
        ConnectSettings.Dns.valueOf(values.choice("proxy.dns").toUpperCase(Locale.ROOT));
    if (dns == ConnectSettings.Dns.LOCAL) {
      faults.warn(
          "proxy.dns: local: the host names of exchanges are resolved by the worker's name servers, which"
              + " see them");
    }
    return new ConnectSettings(dns, values.flag("proxy.tcp.quickack"), headers);
  }
}
