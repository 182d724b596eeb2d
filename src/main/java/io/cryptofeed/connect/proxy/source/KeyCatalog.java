package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.settings.ProxyKey.Type;
import io.cryptofeed.connect.proxy.settings.Strategy;
import io.cryptofeed.connect.text.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Every key of the proxy layer: what it takes, what it means. */
final class KeyCatalog {

  private static final long HOUR_MS = 3_600_000;
  private static final long DAY_MS = 24 * HOUR_MS;
  private static final int MANY = 1_000_000;

  private static final List<ProxyKey> KEYS = new Writer().keys;

  private static final List<Family> FAMILIES = KEYS.stream().map(Family::of).toList();

  private KeyCatalog() {}

  /** A key and the expression that its members match. */
  private record Family(ProxyKey key, Pattern pattern) {

    static Family of(ProxyKey key) {
      String expression =
          Pattern.quote(key.name())
              .replace("<exchange>", "\\E[a-z0-9_]+\\Q")
              .replace("<transport>", "\\E(?:rest|websocket)\\Q")
              .replace("<pool>", "\\E[a-z0-9_-]+\\Q")
              .replace("<n>", "\\E[0-9]{1,4}\\Q")
              .replace("<host>", "\\E.+\\Q")
              .replace("<name>", "\\E.+\\Q");
      return new Family(key, Pattern.compile(expression));
    }
  }

  /** All keys, families with their placeholders. */
  static List<ProxyKey> families() {
    return KEYS;
  }

  /** What is known of a whole key. */
  static Optional<ProxyKey> find(String key) {
    for (Family family : FAMILIES) {
      if (family.pattern().matcher(key).matches()) {
        return Optional.of(family.key().named(key));
      }
    }
    return Optional.empty();
  }

  /**
   * The keys that can be written, each by its whole name: those without a placeholder, those of
   * these exchanges, and those of the pools, rules and other names that occur in some keys.
   */
  static List<ProxyKey> keys(Collection<String> exchanges, Collection<String> written) {
    Set<String> pools = names(written, Pattern.compile("proxy\\.pools\\.([a-z0-9_-]+)\\..+"));
    Set<String> rules = names(written, Pattern.compile("proxy\\.regional\\.rules\\.([0-9]+)\\..+"));
    List<ProxyKey> keys = new ArrayList<>();
    for (ProxyKey family : KEYS) {
      Set<String> names = new LinkedHashSet<>(Set.of(family.name()));
      names = replaced(names, "<transport>", List.of("rest", "websocket"));
      names = replaced(names, "<exchange>", new TreeSet<>(exchanges));
      names = replaced(names, "<pool>", pools);
      if (family.name().startsWith("proxy.regional")) {
        names = replaced(names, "<n>", rules);
      }
      names.stream()
          .filter(name -> name.indexOf('<') < 0)
          .forEach(name -> keys.add(family.named(name)));
    }
    for (String key : new TreeSet<>(written)) {
      find(key)
          .filter(found -> keys.stream().noneMatch(known -> known.name().equals(key)))
          .ifPresent(keys::add);
    }
    return keys;
  }

  private static Set<String> names(Collection<String> keys, Pattern pattern) {
    Set<String> names = new TreeSet<>();
    for (String key : keys) {
      Matcher matcher = pattern.matcher(key);
      if (matcher.matches()) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  private static Set<String> replaced(
      Set<String> names, String placeholder, Collection<String> values) {
    Set<String> replaced = new LinkedHashSet<>();
    for (String name : names) {
      if (name.contains(placeholder)) {
        values.forEach(value -> replaced.add(name.replace(placeholder, value)));
      } else {
        replaced.add(name);
      }
    }
    return replaced;
  }

  /** The key that was probably meant. */
  static Optional<String> nearest(String key, Collection<String> exchanges, Set<String> written) {
    return Nearest.to(key, keys(exchanges, written).stream().map(ProxyKey::name).toList());
  }

  /** What may stand after a prefix and a dot, in alphabetical order; none when nothing may. */
  static Set<String> knownUnder(String prefix) {
    List<String> words = List.of(prefix.split("\\."));
    Set<String> leaves = new TreeSet<>();
    for (ProxyKey family : KEYS) {
      List<String> own = List.of(family.name().split("\\."));
      boolean fits =
          own.size() > words.size()
              && IntStream.range(0, words.size())
                  .allMatch(at -> own.get(at).equals(words.get(at)) || own.get(at).startsWith("<"));
      if (fits) {
        leaves.add(String.join(".", own.subList(words.size(), own.size())));
      }
    }
    return leaves;
  }

  static @Nullable String defaultOf(String key) {
    return find(key).map(ProxyKey::defaultValue).orElse(null);
  }

  /** Writes the catalogue down. */
  private static final class Writer {

    private final List<ProxyKey> keys = new ArrayList<>();

    Writer() {
      general();
      scopes("proxy.default.<transport>", "of all exchanges without one of their own", "30000");
      scopes("proxy.exchanges.<exchange>.<transport>", "of this exchange", null);
      text(
          "proxy.exchanges.<exchange>.fallback",
          null,
          "What happens to connections of this exchange when every proxy has failed; overrides"
              + " proxy.fallback.");
      pools();
      health();
      failover();
      regional();
      manager();
      security();
      monitoring();
      connecting();
    }

    private void general() {
      flag(
          "proxy.enabled",
          "false",
          "Whether the configured proxies are used. If true, each exchange and transport needs a"
              + " route: a proxy, a pool, or 'direct'.");
      text(
          "proxy.config.file",
          null,
          "A YAML file on the worker whose 'proxy' section is read, too. It takes precedence over"
              + " these properties; the environment takes precedence over it.");
      flag(
          "proxy.env.enabled",
          "true",
          "Whether the worker's environment is read: CRYPTOFEED_PROXY_*, PROXY_REST, PROXY_WEBSOCKET,"
              + " PROXY_CONFIG. It takes precedence over all other sources, for every connector of the"
              + " worker.");
      flag(
          "proxy.env.standard",
          "false",
          "Whether ALL_PROXY, HTTPS_PROXY and NO_PROXY of the environment are read, too. All other"
              + " sources take precedence over them.");
      list(
          "proxy.no.proxy",
          "Destinations of direct connections: names, *.suffixes, addresses, networks such as"
              + " 10.0.0.0/8; a port after a name or an address limits it to that port.");
      choice(
          "proxy.unmatched",
          "fail",
          List.of("fail", "direct"),
          "What happens to a connection without a configured route: fail refuses it; direct opens a"
              + " direct connection.");
      text(
          "proxy.fallback",
          "fail",
          "What happens to a connection when every proxy of its route has failed: fail; pool:<pool>"
              + " tries another pool; direct opens a direct connection, which is logged and counted"
              + " each time.");
    }

    private void scopes(String prefix, String whose, @Nullable String timeout) {
      String which = " For the REST or WebSocket connections " + whose + ".";
      add(
          prefix + ".url",
          Type.URL,
          null,
          "The proxy, as scheme://host:port with http, https, socks4, socks4a, socks5 or socks5h; or"
              + " 'direct' for none. It may contain user:password@, percent-encoded."
              + which);
      text(prefix + ".pool", null, "A pool, instead of one proxy." + which);
      text(prefix + ".username", null, "The user name, if the URL has none." + which);
      secret(prefix + ".password", "The password of the user name." + which);
      number(
          prefix + ".timeout.ms",
          Type.MILLIS,
          timeout,
          1_000,
          300_000,
          "The timeout for opening a connection: DNS lookup, TCP, TLS with the proxy, the tunnel,"
              + " and failover to other members of a pool, all together."
              + which);
    }

    private void pools() {
      String pool = "proxy.pools.<pool>";
      add(
          pool + ".members",
          Type.URLS,
          null,
          "The proxies of the pool, separated by commas or line breaks.");
      String member = pool + ".members.<n>";
      add(member + ".url", Type.URL, null, "One proxy of the pool; members are in numeric order.");
      number(
          member + ".weight",
          Type.NUMBER,
          "1",
          0.1,
          10,
          "The share of the member, if the strategy is weighted.");
      text(
          member + ".region",
          null,
          "A label of the region in which the exchange sees the proxy, such as EU.");
      number(
          member + ".priority",
          Type.COUNT,
          "0",
          0,
          MANY,
          "If the strategy is failover, the lowest number comes first.");
      flag(member + ".enabled", "true", "Whether the member is used.");
      text(member + ".username", null, "The user name, if the URL has none.");
      secret(member + ".password", "The password of the user name.");
      choice(
          pool + ".strategy",
          "round_robin",
          Strategy.codes(),
          "How a member is chosen: round_robin takes turns; random; weighted is random by weight;"
              + " least_connections takes the member with the fewest open connections; failover the"
              + " first eligible one by priority; latency the fastest one; adaptive the one with the"
              + " lowest cost, learned by Thompson sampling.");
      choice(
          pool + ".sticky",
          "connection",
          List.of("connection", "exchange", "none"),
          "What keeps its member: connection, each connection when it reconnects; exchange, all"
              + " connections of an exchange together; none.");
      millis(
          pool + ".sticky.ttl.ms",
          "600000",
          1_000,
          7 * DAY_MS,
          "How long a member is kept after its last use.");
      number(
          pool + ".tolerance.ms",
          Type.MILLIS,
          "50",
          0,
          60_000,
          "Strategy latency: the current member is replaced only by one that is faster by more than"
              + " this.");
      number(
          pool + ".explore.percent",
          Type.COUNT,
          "5",
          0,
          100,
          "Strategy latency: the share of connections that take a random member, to measure it.");
      choice(
          pool + ".panic",
          "fail",
          List.of("fail", "all"),
          "What happens when fewer than panic.percent of the members are healthy: fail uses the"
              + " healthy ones, and none when there is none; all uses every member.");
      number(
          pool + ".panic.percent",
          Type.COUNT,
          "50",
          1,
          100,
          "The share of healthy members below which panic applies.");
      number(
          pool + ".max.connections",
          Type.COUNT,
          "0",
          0,
          MANY,
          "The maximum number of open connections of each member, 0 for no limit.");
      number(
          pool + ".max.connects.per.5m",
          Type.COUNT,
          "0",
          0,
          MANY,
          "The maximum number of connections to one exchange that are opened through each member"
              + " within five minutes, 0 for no limit.");
      number(
          pool + ".weight.per.minute",
          Type.COUNT,
          "0",
          0,
          MANY,
          "The maximum REST weight of one exchange through each member within a minute; then the"
              + " next member is used. 0 for no limit of the pool: the limit of the exchange then"
              + " applies to all members together.");
      list(
          pool + ".cooldown.statuses",
          "418,429",
          "HTTP statuses of an exchange after which a member cools down for this exchange, until"
              + " Retry-After.");
      millis(
          pool + ".cooldown.ms",
          "60000",
          1_000,
          3 * DAY_MS,
          "How long a member cools down, if the response has no Retry-After.");
      list(
          pool + ".rotate.on.status",
          "",
          "HTTP statuses, such as 403 and 451, after which another member is used, with another region"
              + " label than the refused one. Empty: never because of a status.");
    }

    private void health() {
      flag("proxy.health.enabled", "true", "Whether the members of pools are probed.");
      choice(
          "proxy.health.method",
          "tunnel",
          List.of("tcp", "tunnel", "http"),
          "How far a probe goes: a TCP connection to the proxy; a tunnel through it to the target; or"
              + " an HTTP request to the target.");
      text(
          "proxy.health.target",
          null,
          "The destination of probes: host:port, or a URL for http. The default is the host that the pool"
              + " was last used for.");
      list(
          "proxy.health.expected.statuses",
          "",
          "Method http: the statuses of a healthy proxy; empty for 200 to 399.");
      millis(
          "proxy.health.interval.ms", "30000", 1_000, DAY_MS, "How often each member is probed.");
      millis(
          "proxy.health.timeout.ms",
          "5000",
          100,
          60_000,
          "The timeout of a probe; shorter than the interval.");
      count("proxy.health.rise", "2", 1, 100, "Probes in a row that make a member healthy again.");
      count(
          "proxy.health.fall", "3", 1, 100, "Failed probes in a row that make a member unhealthy.");
      flag(
          "proxy.health.lazy",
          "true",
          "Whether pools that were not used for three intervals are not probed.");
    }

    private void failover() {
      flag("proxy.failover.enabled", "true", "Whether another member is tried when one fails.");
      count(
          "proxy.failover.max.attempts",
          "3",
          1,
          100,
          "How many members are tried for one connection, within its one timeout.");
      millis(
          "proxy.failover.retry.failed.after.ms",
          "300000",
          0,
          DAY_MS,
          "How long a member that failed is chosen last, unless it succeeds before.");
      count(
          "proxy.circuit.consecutive",
          "5",
          1,
          1_000,
          "Failures in a row that open a circuit breaker.");
      count(
          "proxy.circuit.failure.percent",
          "50",
          1,
          100,
          "The share of failures within the window that opens a circuit breaker.");
      count(
          "proxy.circuit.min.calls",
          "5",
          1,
          1_000,
          "The minimum number of attempts within the window for this share.");
      millis("proxy.circuit.window.ms", "60000", 1_000, HOUR_MS, "The length of the window.");
      millis(
          "proxy.circuit.open.ms",
          "10000",
          100,
          HOUR_MS,
          "How long a circuit breaker stays open the first time; it doubles each time, with jitter.");
      millis(
          "proxy.circuit.open.max.ms",
          "300000",
          100,
          DAY_MS,
          "The maximum time that a circuit breaker stays open.");
      count(
          "proxy.circuit.half.open", "1", 1, 100, "Trial attempts that are permitted after that.");
    }

    private void regional() {
      flag("proxy.regional.enabled", "false", "Whether the rules by region apply.");
      text(
          "proxy.region",
          null,
          "The region of this worker, as two letters; CRYPTOFEED_PROXY_REGION in its environment.");
      text(
          "proxy.region.detector",
          null,
          "A class that detects the region: an io.cryptofeed.connect.proxy.spi.RegionDetector on the"
              + " plugin's path.");
      String rule = "proxy.regional.rules.<n>";
      list(rule + ".regions", "*", "The regions that the rule applies to; * for every region.");
      list(
          rule + ".exchanges",
          "*",
          "The exchanges that the rule applies to; * for every exchange.");
      list(rule + ".transports", "rest,websocket", "The transports that the rule applies to.");
      add(
          rule + ".url",
          Type.URL,
          null,
          "The proxy, or 'direct'. The first matching rule applies.");
      text(rule + ".pool", null, "A pool, instead of one proxy.");
      text(rule + ".username", null, "The user name, if the URL has none.");
      secret(rule + ".password", "The password of the user name.");
      add(
          "proxy.regional.fallback.url",
          Type.URL,
          null,
          "The proxy, or 'direct', in regions without a matching rule.");
      text("proxy.regional.fallback.pool", null, "A pool, instead of one proxy.");
    }

    private void manager() {
      text(
          "proxy.manager.class",
          null,
          "The manager that supplies the members of pools: dns, or a class that implements"
              + " io.cryptofeed.connect.proxy.spi.ProxyManager.");
      list("proxy.manager.pools", "", "The pools that the manager supplies; empty for all.");
      millis(
          "proxy.manager.refresh.ms",
          "300000",
          5_000,
          DAY_MS,
          "How often the members are requested from the manager.");
      flag(
          "proxy.manager.fallback.to.static",
          "true",
          "Whether the configured members are used until the manager has responded.");
      secret(
          "proxy.manager.config.<name>",
          "A setting of the manager. For dns: name (A and AAAA records; may hold {pool} and {exchange}),"
              + " srv (SRV records), port, scheme, username, password, nameserver.");
    }

    private void security() {
      text(
          "proxy.tls.truststore.location",
          null,
          "A file with the certificate authorities that are trusted for https proxies: PKCS12, JKS or"
              + " PEM. The default is what the worker's JVM trusts.");
      secret("proxy.tls.truststore.password", "The password of the trust store.");
      choice(
          "proxy.tls.truststore.type",
          null,
          List.of("PKCS12", "JKS", "PEM"),
          "The type of the trust store; by default it is derived from the name of the file.");
      list(
          "proxy.tls.pins",
          "",
          "The public keys that https proxies must have, each as sha256/ and the Base64 of the"
              + " SHA-256 of its SubjectPublicKeyInfo. Name a backup as well.");
      list(
          "proxy.pins.<host>",
          "",
          "The public keys that this host of an exchange must have. Exchanges change their keys"
              + " without notice, so pin the keys of proxies instead.");
      list(
          "proxy.allowed",
          "",
          "The hosts that proxies may have: names, *.suffixes, addresses, networks. Empty for any.");
      flag(
          "proxy.require.auth",
          "false",
          "Whether a proxy without credentials is a configuration error.");
    }

    private void monitoring() {
      number(
          "proxy.monitoring.latency.alert.ms",
          Type.MILLIS,
          "500",
          0,
          300_000,
          "An average time to connect above this raises an alert; 0 for none.");
      count(
          "proxy.monitoring.success.rate.alert.percent",
          "95",
          0,
          100,
          "A success rate below this raises an alert; 0 for none.");
      flag(
          "proxy.monitoring.detailed.logging",
          "false",
          "Whether every connection is logged with the duration of each step. Credentials are never"
              + " logged.");
      number(
          ProxyConfiguration.PROMETHEUS_PORT,
          Type.COUNT,
          null,
          0,
          65_535,
          "An alias of metrics.prometheus.port, whether or not proxies are enabled. If both are set,"
              + " their values must be the same.");
      text(
          ProxyConfiguration.PROMETHEUS_HOST,
          null,
          "An alias of metrics.prometheus.host, whether or not proxies are enabled. If both are set,"
              + " their values must be the same.");
    }

    private void connecting() {
      choice(
          "proxy.dns",
          "auto",
          List.of("auto", "remote", "local"),
          "Who resolves the host names of exchanges: remote is the proxy; local is the worker, whose"
              + " name servers then see them; auto is the proxy, except with socks4, which does not"
              + " support that.");
      flag(
          "proxy.tcp.quickack",
          "true",
          "Whether data from a proxy is acknowledged at once. This saves 40 ms with proxies that have"
              + " Nagle's algorithm enabled. Linux only.");
      secret(
          "proxy.connect.headers.<name>",
          "A header that is added to the CONNECT request of http and https proxies.");
    }

    private void flag(String name, String defaultValue, String documentation) {
      add(name, Type.BOOLEAN, defaultValue, documentation);
    }

    private void text(String name, @Nullable String defaultValue, String documentation) {
      add(name, Type.TEXT, defaultValue, documentation);
    }

    private void secret(String name, String documentation) {
      add(name, Type.SECRET, null, documentation);
    }

    private void list(String name, String documentation) {
      list(name, "", documentation);
    }

    private void list(String name, String defaultValue, String documentation) {
      add(name, Type.LIST, defaultValue, documentation);
    }

    private void millis(
        String name, String defaultValue, long least, long most, String documentation) {
      number(name, Type.MILLIS, defaultValue, least, most, documentation);
    }

    private void count(
        String name, String defaultValue, int least, int most, String documentation) {
      number(name, Type.COUNT, defaultValue, least, most, documentation);
    }

    private void choice(
        String name, @Nullable String defaultValue, List<String> choices, String documentation) {
      keys.add(new ProxyKey(name, Type.CHOICE, defaultValue, 0, 0, choices, documentation));
    }

    private void number(
        String name,
        Type type,
        @Nullable String defaultValue,
        double least,
        double most,
        String documentation) {
      keys.add(new ProxyKey(name, type, defaultValue, least, most, List.of(), documentation));
    }

    private void add(String name, Type type, @Nullable String defaultValue, String documentation) {
      keys.add(new ProxyKey(name, type, defaultValue, 0, 0, List.of(), documentation));
    }
  }
}
