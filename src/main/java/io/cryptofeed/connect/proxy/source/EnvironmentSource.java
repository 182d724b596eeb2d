package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.HostPattern;
import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.source.Value.Place;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings in environment variables.
 *
 * <p>{@code CRYPTOFEED_PROXY_DEFAULT__REST__URL} is {@code proxy.default.rest.url}: two underscores
 * stand for a dot, and one may. {@code CRYPTOFEED_PROXY_DEFAULT_REST} and {@code
 * CRYPTOFEED_PROXY_BINANCE_WEBSOCKET} are short for URLs.
 */
final class EnvironmentSource {

  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentSource.class);

  private static final String PREFIX = "CRYPTOFEED_PROXY_";
  private static final Pattern SHORT =
      Pattern.compile("(?<scope>[A-Z0-9_]+?)_(?<transport>REST|HTTP|WEBSOCKET|WS)");

  /**
   * The variables that Kubernetes sets in every pod for a service named {@code cryptofeed-proxy}.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          PREFIX
              + "(?:SERVICE_HOST|SERVICE_PORT(?:_.+)?|PORT|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_.+)?)");

  private static final Map<String, String> PLAIN =
      Map.of(
          "PROXY_REST", "proxy.default.rest.url",
          "PROXY_WEBSOCKET", "proxy.default.websocket.url");

  private final Map<String, String> environment;
  private final MergedValues merged;
  private final YamlSource yaml;

  EnvironmentSource(Map<String, String> environment, MergedValues merged, YamlSource yaml) {
    this.environment = new TreeMap<>(environment);
    this.merged = merged;
    this.yaml = yaml;
  }

  /** How a key is written as a variable. */
  static String name(String key) {
    String rest = key.substring("proxy.".length());
    return PREFIX + rest.toUpperCase(Locale.ROOT).replace(".", "__");
  }

  void read() {
    environment.forEach(
        (name, value) -> {
          if (value.isBlank()) {
            return; // as good as not set
          }
          if (name.startsWith(PREFIX) && !SERVICE_LINK.matcher(name).matches()) {
            read(name, name.substring(PREFIX.length()), value);
          } else if (PLAIN.containsKey(name)) {
            plain(name, PLAIN.get(name), value);
          }
        });
  }

  /** To set a proxy is to want it. */
  private void plain(String name, String key, String value) {
    merged.add(key, value, Place.PLAIN_ENVIRONMENT, name);
    Value read = merged.get(key);
    if (read != null) {
      merged.addDefault(ProxyConfiguration.ENABLED, "true", read);
    }
  }

  private void read(String name, String rest, String value) {
    String key = "proxy." + rest.replace("__", ".").toLowerCase(Locale.ROOT);
    if (YamlSource.isFlow(value) && !isWord(key)) {
      yaml.readFlow(key, value, Place.ENVIRONMENT, name);
      return;
    }
    Matcher brief = SHORT.matcher(rest);
    boolean isKey = KeyCatalog.find(KeyNames.canonical(key).key()).isPresent();
    if (!isKey && !rest.contains("__") && brief.matches()) {
      String scope = brief.group("scope");
      String transport = KeyNames.transport(brief.group("transport")).orElseThrow();
      key =
          (scope.equals("DEFAULT")
                  ? "proxy.default"
                  : "proxy.exchanges." + KeyNames.exchange(scope))
              + "."
              + transport
              + ".url";
    } else if (!isKey && isScope(key)) {
      key += ".url";
    }
    merged.add(key, value, Place.ENVIRONMENT, name);
  }

  /** A password may begin like a list or a map. */
  private static boolean isWord(String key) {
    return KeyCatalog.find(KeyNames.canonical(key).key())
        .filter(known -> known.type() == ProxyKey.Type.SECRET || known.name().endsWith(".username"))
        .isPresent();
  }

  private static boolean isScope(String key) {
    return KeyCatalog.find(KeyNames.canonical(key).key() + ".url").isPresent();
  }

  /** The variables that most programs heed, for what nothing else says. */
  void readStandard() {
    for (String name : List.of("ALL_PROXY", "HTTPS_PROXY", "all_proxy", "https_proxy")) {
      Optional.ofNullable(environment.get(name))
          .filter(value -> !value.isBlank())
          .ifPresent(
              value -> {
                if (merged.get("proxy.default.rest.url") == null
                    && merged.get("proxy.default.rest.pool") == null) {
                  merged.add("proxy.default.rest.url", value, Place.STANDARD_ENVIRONMENT, name);
                }
                if (merged.get("proxy.default.websocket.url") == null
                    && merged.get("proxy.default.websocket.pool") == null) {
                  merged.add(
                      "proxy.default.websocket.url", value, Place.STANDARD_ENVIRONMENT, name);
                }
              });
    }
    for (String name : List.of("NO_PROXY", "no_proxy")) {
      String value = environment.get(name);
      if (value != null && !value.isBlank() && merged.get("proxy.no.proxy") == null) {
        String hosts = hosts(name, value);
        if (!hosts.isEmpty()) {
          merged.add("proxy.no.proxy", hosts, Place.STANDARD_ENVIRONMENT, name);
        }
      }
    }
  }

  /**
   * The hosts of {@code NO_PROXY}, as curl and Go read it: separated by commas or spaces; a name
   * stands for itself and all names below it, a name with a dot before it only for those below.
   * Other programs ignore what they cannot read in it, so that must not stop a connector.
   */
  private static String hosts(String name, String value) {
    Set<String> hosts = new LinkedHashSet<>();
    for (String word : value.strip().split("[\\s,]+", -1)) {
      String host = word.replaceFirst("^\\.", "*.").replaceFirst("\\.(?=:[0-9]+$|$)", "");
      if (word.isEmpty()) {
        continue;
      }
      if (HostPattern.parseWithPort(host).isEmpty()) {
        LOG.warn(
            "environment variable {}: {} is not a host; it is ignored", name, QuotedText.of(word));
        continue;
      }
      hosts.add(host);
      boolean isName =
          host.matches("[^*/\\[:]+(?::[0-9]+)?") && !host.matches("[0-9.]+(?::[0-9]+)?");
      if (isName) {
        hosts.add("*." + host);
      }
    }
    return String.join(",", hosts);
  }
}
