package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.market.Nearest;
import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.Compliance;
import io.cryptofeed.connect.proxy.settings.ConnectSettings;
import io.cryptofeed.connect.proxy.settings.Credentials;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.Fallback;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.RegionalSettings;
import io.cryptofeed.connect.proxy.settings.Routing;
import io.cryptofeed.connect.proxy.settings.Secrets;
import io.cryptofeed.connect.proxy.settings.Section;
import io.cryptofeed.connect.proxy.settings.Source;
import io.cryptofeed.connect.proxy.settings.TlsSettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code proxy.*} properties of a connector, and what is wrong with them. Read once, by one
 * thread.
 */
final class ProxyProperties {

  private static final String PREFIX = "proxy.";
  private static final String ENABLED = "proxy.enabled";
  private static final Pattern SCOPED =
      Pattern.compile(
          "proxy\\.(?:default|exchanges\\.(?<exchange>[^.]+))\\.(?<transport>rest|websocket)"
              + "\\.(?<leaf>.+)");
  private static final Pattern WITHOUT_TRANSPORT =
      Pattern.compile(
          "(?<scope>proxy\\.(?:default|exchanges\\.[^.]+))(?:\\.(?:url|username|password|timeout\\.ms))?");
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final long SHORTEST_TIMEOUT_MS = 1_000;
  private static final long LONGEST_TIMEOUT_MS = 300_000;

  private final Map<String, String> properties = new TreeMap<>();
  private final SortedSet<String> exchanges;
  private final BiConsumer<String, String> error;
  private final Map<Scope, Map<Leaf, Entry>> entries = new LinkedHashMap<>();
  private final Map<Scope, Way> ways = new LinkedHashMap<>();
  private boolean faulty;

  ProxyProperties(
      Map<String, String> all, Collection<String> exchangeIds, BiConsumer<String, String> error) {
    all.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX) && value != null) {
            properties.put(key, value.strip());
          }
        });
    this.exchanges = new TreeSet<>(exchangeIds);
    this.error =
        (key, message) -> {
          faulty = true;
          error.accept(key, message);
        };
  }

  /** What is configured at one place for the proxy of a transport. */
  private enum Leaf {
    URL(
        "url",
        ProxyKey.Type.URL,
        "URL",
        "The proxy, as scheme://host:port with http, https, socks4, socks4a, socks5 or socks5h; or"
            + " 'direct' for no proxy. May carry user:password@, percent-encoded."),
    USERNAME(
        "username",
        ProxyKey.Type.USERNAME,
        "User Name",
        "The user name, when the URL carries none."),
    PASSWORD(
        "password",
        ProxyKey.Type.PASSWORD,
        "Password",
        "The password that goes with the user name."),
    TIMEOUT(
        "timeout.ms",
        ProxyKey.Type.MILLIS,
        "Timeout",
        "How long opening a connection may take in all: look-up, TCP, TLS with the proxy, and the"
            + " tunnel. 1000 to 300000 ms.");

    private final String code;
    private final ProxyKey.Type type;
    private final String displayName;
    private final String documentation;

    Leaf(String code, ProxyKey.Type type, String displayName, String documentation) {
      this.code = code;
      this.type = type;
      this.displayName = displayName;
      this.documentation = documentation;
    }

    static Optional<Leaf> of(String code) {
      return Arrays.stream(values()).filter(leaf -> leaf.code.equals(code)).findFirst();
    }
  }

  /** Where a proxy is configured: for one exchange, or for all ({@code exchange} is null). */
  private record Scope(@Nullable String exchange, Transport transport) {

    String key(Leaf leaf) {
      return prefix() + "." + leaf.code;
    }

    String prefix() {
      return (exchange == null ? "proxy.default" : "proxy.exchanges." + exchange)
          + "."
          + transport.code();
    }
  }

  /** A value and the key as the user wrote it. */
  private record Entry(String key, String value) {}

  /**
   * What one scope says.
   *
   * @param kind what its URL says
   * @param proxy null unless the URL names one
   * @param timeout null when it says nothing
   */
  private record Way(Kind kind, String key, @Nullable ProxyUrl proxy, @Nullable Duration timeout) {

    enum Kind {
      UNSAID,
      DIRECT,
      PROXY,
      WRONG
    }
  }

  static List<ProxyKey> keys(Collection<String> exchangeIds) {
    List<ProxyKey> keys = new ArrayList<>();
    keys.add(
        new ProxyKey(
            ENABLED,
            ProxyKey.Type.BOOLEAN,
            "false",
            "Proxies Enabled",
            "Whether the exchanges are reached through the proxies that are configured. When true,"
                + " each exchange and transport needs a proxy, or 'direct'."));
    scopes(null).forEach(scope -> addKeys(keys, scope));
    new TreeSet<>(exchangeIds)
        .forEach(exchange -> scopes(exchange).forEach(scope -> addKeys(keys, scope)));
    return List.copyOf(keys);
  }

  ProxySettings settings() {
    properties.forEach(this::sort);
    entries.forEach((scope, given) -> ways.put(scope, way(scope, given)));
    boolean enabled = enabled();
    if (enabled) {
      findLost();
    }
    if (faulty) {
      return ProxySettings.refusing();
    }
    return enabled ? enabledSettings() : ProxySettings.disabled();
  }

  private ProxySettings enabledSettings() {
    Map<io.cryptofeed.connect.proxy.settings.Scope, Section> sections = new LinkedHashMap<>();
    ways.forEach(
        (scope, way) ->
            sections.put(
                new io.cryptofeed.connect.proxy.settings.Scope(scope.exchange, scope.transport),
                new Section(
                    way.kind == Way.Kind.DIRECT
                        ? new io.cryptofeed.connect.proxy.settings.Way.Direct()
                        : way.proxy == null
                            ? null
                            : new io.cryptofeed.connect.proxy.settings.Way.Proxy(way.proxy),
                    way.timeout,
                    new Source(way.key, "connector property"))));
    return new ProxySettings(
        true,
        new Routing(
            sections, RegionalSettings.NONE, List.of(), null, new Fallback.Fail(), Map.of()),
        Map.of(),
        HealthSettings.DEFAULT,
        FailoverSettings.DEFAULT,
        CircuitSettings.DEFAULT,
        null,
        TlsSettings.DEFAULT,
        Compliance.NONE,
        MonitoringSettings.DEFAULT,
        ConnectSettings.DEFAULT);
  }

  private static List<Scope> scopes(@Nullable String exchange) {
    return Arrays.stream(Transport.values())
        .map(transport -> new Scope(exchange, transport))
        .toList();
  }

  private static void addKeys(List<ProxyKey> keys, Scope scope) {
    String transport = scope.transport == Transport.REST ? "REST" : "WebSocket";
    String whose = scope.exchange == null ? "Default" : scope.exchange;
    String whom =
        scope.exchange == null
            ? " For the " + transport + " connections of every exchange without a proxy of its own."
            : " For the "
                + transport
                + " connections of "
                + scope.exchange
                + "; "
                + new Scope(null, scope.transport).prefix()
                + " otherwise.";
    for (Leaf leaf : Leaf.values()) {
      boolean hasDefault = leaf == Leaf.TIMEOUT && scope.exchange == null;
      keys.add(
          new ProxyKey(
              scope.key(leaf),
              leaf.type,
              hasDefault ? String.valueOf(Routing.DEFAULT_TIMEOUT.toMillis()) : null,
              whose + " " + transport + " Proxy " + leaf.displayName,
              leaf.documentation + whom));
    }
  }

  /** Puts a property where it belongs. */
  private void sort(String key, String value) {
    if (key.equals(ENABLED)) {
      return;
    }
    Matcher scoped = SCOPED.matcher(key);
    if (!scoped.matches()) {
      error.accept(key, unknown(key));
      return;
    }
    Transport transport = Transport.valueOf(scoped.group("transport").toUpperCase(Locale.ROOT));
    String exchange = scoped.group("exchange");
    Scope scope = new Scope(exchange == null ? null : folded(exchange), transport);
    Optional<Leaf> leaf = Leaf.of(scoped.group("leaf"));
    if (!isConfigured(scope)) {
      error.accept(key, notConfigured(scope));
    } else if (leaf.isEmpty()) {
      String prefix = key.substring(0, scoped.start("leaf") - 1);
      error.accept(
          key,
          "unknown key; known under "
              + prefix
              + ": "
              + String.join(", ", Arrays.stream(Leaf.values()).map(known -> known.code).toList()));
    } else {
      put(scope, leaf.get(), new Entry(key, value));
    }
  }

  private void put(Scope scope, Leaf leaf, Entry entry) {
    Entry first =
        entries.computeIfAbsent(scope, any -> new EnumMap<>(Leaf.class)).putIfAbsent(leaf, entry);
    if (first != null && !first.value.equals(entry.value)) {
      error.accept(
          entry.key,
          "exchange '" + scope.exchange + "' is configured twice, here and in " + first.key);
    }
  }

  private static String folded(String exchange) {
    return exchange.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** When not one exchange could be read, that is the fault to report, and not these keys. */
  private boolean isConfigured(Scope scope) {
    return scope.exchange == null || exchanges.isEmpty() || exchanges.contains(scope.exchange);
  }

  private String notConfigured(Scope scope) {
    return "exchange '"
        + scope.exchange
        + "' is not configured; "
        + Nearest.to(String.valueOf(scope.exchange), exchanges)
            .map(near -> "did you mean " + near + "?")
            .orElse("configured: " + String.join(", ", exchanges));
  }

  private String unknown(String key) {
    Matcher withoutTransport = WITHOUT_TRANSPORT.matcher(key);
    if (withoutTransport.matches()) {
      String scope = withoutTransport.group("scope");
      return "say for which transport: " + scope + ".rest.url or " + scope + ".websocket.url";
    }
    List<String> known = keys(exchanges).stream().map(ProxyKey::name).toList();
    return Nearest.to(key, known)
        .map(near -> "unknown key; did you mean " + near + "?")
        .orElse(
            "unknown key; known are "
                + ENABLED
                + ", proxy.default.<rest|websocket>.* and"
                + " proxy.exchanges.<exchange>.<rest|websocket>.*");
  }

  private boolean enabled() {
    String value = properties.get(ENABLED);
    if (value == null && !properties.isEmpty()) {
      error.accept(
          ENABLED,
          "proxies are configured, but not whether to use them; write true, or false to connect"
              + " directly");
      return false;
    }
    if (value == null || value.equalsIgnoreCase("false")) {
      return false;
    }
    if (!value.equalsIgnoreCase("true")) {
      error.accept(ENABLED, "must be true or false, was '" + value + "'");
    }
    return true;
  }

  private Way way(Scope scope, Map<Leaf, Entry> given) {
    Duration timeout = timeout(given.get(Leaf.TIMEOUT));
    Entry url = given.get(Leaf.URL);
    Entry username = given.get(Leaf.USERNAME);
    Entry password = given.get(Leaf.PASSWORD);
    Entry credential = username != null ? username : password;
    if (url == null) {
      rejectCredentials(
          given, "credentials without a proxy; set " + scope.key(Leaf.URL) + " as well");
      return new Way(Way.Kind.UNSAID, scope.key(Leaf.URL), null, timeout);
    }
    if (url.value.equalsIgnoreCase("direct")) {
      rejectCredentials(
          given,
          "credentials without a proxy; remove them, or name the proxy in "
              + url.key
              + ", which is 'direct'");
      return new Way(Way.Kind.DIRECT, url.key, null, timeout);
    }
    ProxyUrl proxy = proxy(url);
    if (proxy == null) {
      return new Way(Way.Kind.WRONG, url.key, null, timeout);
    }
    if (credential != null) {
      proxy = with(proxy, url, credential, username, password);
    }
    return new Way(Way.Kind.PROXY, url.key, proxy, timeout);
  }

  private void rejectCredentials(Map<Leaf, Entry> given, String message) {
    for (Leaf leaf : List.of(Leaf.USERNAME, Leaf.PASSWORD)) {
      Entry entry = given.get(leaf);
      if (entry != null) {
        error.accept(entry.key, message);
      }
    }
  }

  private @Nullable ProxyUrl proxy(Entry url) {
    try {
      return ProxyUrl.parse(url.value);
    } catch (IllegalArgumentException e) {
      error.accept(url.key, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private ProxyUrl with(
      ProxyUrl proxy,
      Entry url,
      Entry credential,
      @Nullable Entry username,
      @Nullable Entry password) {
    if (proxy.credentials() != null) {
      error.accept(
          credential.key, "credentials are given twice, here and in " + url.key + "; keep one");
      return proxy;
    }
    if (username == null) {
      error.accept(credential.key, "a password without a user name; set the user name as well");
      return proxy;
    }
    Credentials credentials =
        new Credentials(username.value, password == null ? "" : password.value);
    Secrets.fault(username.value)
        .or(() -> credentials.userFault(proxy.scheme()))
        .ifPresent(fault -> error.accept(username.key, fault));
    if (password != null) {
      Secrets.fault(password.value)
          .or(() -> credentials.passwordFault(proxy.scheme()))
          .ifPresent(fault -> error.accept(password.key, fault));
    }
    return proxy.with(credentials);
  }

  private @Nullable Duration timeout(@Nullable Entry entry) {
    if (entry == null) {
      return null;
    }
    if (WHOLE_NUMBER.matcher(entry.value).matches()) {
      long millis = Long.parseLong(entry.value);
      if (millis >= SHORTEST_TIMEOUT_MS && millis <= LONGEST_TIMEOUT_MS) {
        return Duration.ofMillis(millis);
      }
    }
    error.accept(
        entry.key,
        "must be "
            + SHORTEST_TIMEOUT_MS
            + ".."
            + LONGEST_TIMEOUT_MS
            + " milliseconds, was '"
            + entry.value
            + "'");
    return null;
  }

  private void findLost() {
    for (Transport transport : Transport.values()) {
      List<String> lost =
          exchanges.stream().filter(exchange -> way(exchange, transport) == null).toList();
      if (!lost.isEmpty()) {
        error.accept(
            new Scope(null, transport).key(Leaf.URL),
            "no proxy for the "
                + transport.code()
                + " connections of "
                + String.join(", ", lost)
                + "; set one, or write 'direct' to go without");
      }
    }
  }

  /** The exchange's own way, or else that of all. */
  private @Nullable Way way(String exchange, Transport transport) {
    return Stream.of(new Scope(exchange, transport), new Scope(null, transport))
        .map(ways::get)
        .filter(way -> way != null && way.kind != Way.Kind.UNSAID)
        .findFirst()
        .orElse(null);
  }
}
