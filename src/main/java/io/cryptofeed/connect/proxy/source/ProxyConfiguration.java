package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.HostPattern;
import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.source.Value.Place;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration of the proxy layer: the environment counts more than YAML, and YAML more
 * than properties, key by key.
 */
public final class ProxyConfiguration {

  static final String ENABLED = "proxy.enabled";

  /** Where faults of a file are shown. */
  static final String FILE = "proxy.config.file";

  /** Where faults of the environment are shown that are about no key. */
  static final String ENVIRONMENT = "proxy.env.enabled";

  /** Alias of a key of the connector; it may be set in a file and in the environment, too. */
  public static final String PROMETHEUS_HOST = "proxy.prometheus.host";

  /** Alias of a key of the connector; it may be set in a file and in the environment, too. */
  public static final String PROMETHEUS_PORT = "proxy.prometheus.port";

  private static final String PREFIX = "proxy.";
  private static final List<String> FILE_VARIABLES = List.of("PROXY_CONFIG", "CRYPTOFEED_CONFIG");

  private final Inputs inputs;
  private final Faults faults;
  private final MergedValues merged;
  private final TypedValues values;

  private ProxyConfiguration(Inputs inputs, BiConsumer<String, String> error) {
    this.inputs = inputs;
    faults = new Faults(error);
    merged = new MergedValues(inputs.exchanges, inputs.knownExchanges, faults);
    values = new TypedValues(merged, faults);
  }

  /**
   * What there is to read.
   *
   * @param properties all properties of the connector; only those of the proxy layer are read
   * @param environment the variables of the worker
   * @param exchanges the ids of the exchanges that are configured
   * @param knownExchanges the ids of all exchanges that could be
   * @param placeholders replaces <code>${provider:key}</code> in the values of YAML and
   *     environment; in properties, the worker has done so
   */
  public record Inputs(
      Map<String, String> properties,
      Map<String, String> environment,
      Collection<String> exchanges,
      Collection<String> knownExchanges,
      UnaryOperator<Map<String, String>> placeholders) {}

  /**
   * What has been read.
   *
   * @param settings refuse every connection when there are faults
   * @param warnings what is allowed, but should be looked at, one sentence each
   * @param prometheusHost the value of {@code proxy.prometheus.host}, null unless it is set
   * @param prometheusPort the value of {@code proxy.prometheus.port}, null unless it is set
   */
  public record Reading(
      ProxySettings settings,
      List<String> warnings,
      @Nullable String prometheusHost,
      @Nullable Integer prometheusPort) {}

  /**
   * Reads everything, and reports every fault.
   *
   * @param error takes each fault as key and message; no message quotes a secret
   */
  public static Reading read(Inputs inputs, BiConsumer<String, String> error) {
    return new ProxyConfiguration(inputs, error).read();
  }

  /**
   * Reads properties alone.
   *
   * @param properties all properties of the connector; others are ignored
   * @param exchanges the ids of the exchanges that are configured
   * @param error takes each fault as key and message; no message quotes a secret
   */
  public static ProxySettings parse(
      Map<String, String> properties,
      Collection<String> exchanges,
      BiConsumer<String, String> error) {
    return read(
            new Inputs(properties, Map.of(), exchanges, exchanges, UnaryOperator.identity()), error)
        .settings();
  }

  /** The families of keys that there are. */
  public static List<ProxyKey> families() {
    return KeyCatalog.families();
  }

  /**
   * Every key that can be written for these exchanges, with the names of pools and rules that occur
   * in the keys of a configuration.
   */
  public static List<ProxyKey> keys(Collection<String> exchanges, Collection<String> written) {
    return KeyCatalog.keys(exchanges, written);
  }

  /** How a key is written as a variable of the environment. */
  public static String variable(String key) {
    return EnvironmentSource.name(key);
  }

  private Reading read() {
    readProperties();
    boolean heedsEnvironment = values.flag(ENVIRONMENT);
    Map<String, String> environment = heedsEnvironment ? inputs.environment : Map.of();
    YamlSource yaml = new YamlSource(merged, faults);
    readFile(yaml, environment);
    EnvironmentSource variables = new EnvironmentSource(environment, merged, yaml);
    variables.read();
    if (values.flag("proxy.env.standard")) {
      variables.readStandard();
    }
    merged.settle();
    replacePlaceholders();
    String host = prometheusHost();
    Integer port = values.isGiven(PROMETHEUS_PORT) ? values.count(PROMETHEUS_PORT) : null;
    return new Reading(settings(), faults.warnings(), host, port);
  }

  private @Nullable String prometheusHost() {
    Value host = values.get(PROMETHEUS_HOST);
    if (host == null) {
      return null;
    }
    if (!HostPattern.isHost(host.text())) {
      faults.error(
          host,
          "must be an address or a host name of the worker, was " + QuotedText.of(host.text()));
    }
    return host.text();
  }

  private void readProperties() {
    inputs.properties.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX) && value != null) {
            merged.add(key, value, Place.PROPERTY, key);
          }
        });
  }

  private void readFile(YamlSource yaml, Map<String, String> environment) {
    for (String variable : FILE_VARIABLES) {
      String content = environment.get(variable);
      if (content != null && !content.isBlank()) {
        yaml.readTextOrFile(variable, content);
        return;
      }
    }
    String variable = environment.get(variable(FILE));
    Value file = values.get(FILE);
    if (variable != null && !variable.isBlank()) {
      yaml.readFile(variable.strip());
    } else if (file != null) {
      yaml.readFile(file.text());
    }
  }

  private void replacePlaceholders() {
    Map<String, String> open = new TreeMap<>();
    for (Value value : merged.all().values()) {
      if (value.place() != Place.PROPERTY && value.text().contains("${")) {
        open.put(value.key(), value.text());
      }
    }
    open.forEach(
        (key, text) -> {
          Value value = merged.all().get(key);
          try {
            String replaced = inputs.placeholders.apply(Map.of(key, text)).get(key);
            if (value != null && replaced != null) {
              merged.replace(value, replaced);
            }
          } catch (RuntimeException e) {
            faults.error(
                key,
                "the ${...} placeholder could not be resolved ("
                    + e.getClass().getSimpleName()
                    + "); check that the file or variable is there");
          }
        });
  }

  private ProxySettings settings() {
    boolean enabled = enabled();
    ProxySettings settings =
        new SettingsReader(values, inputs.exchanges, inputs.knownExchanges).read(enabled);
    if (!faults.isSound()) {
      return ProxySettings.refusing();
    }
    if (!enabled && hasWays()) {
      faults.clearWarnings();
      faults.warn(ENABLED + ": false, so that the other proxy settings have no effect");
    }
    return enabled ? settings : ProxySettings.disabled();
  }

  private boolean enabled() {
    boolean isSaid = values.isGiven(ENABLED);
    if (!isSaid && hasWays()) {
      faults.error(
          ENABLED,
          "proxies are configured, but not whether to use them; write true, or false to connect"
              + " directly");
    }
    return values.flag(ENABLED);
  }

  /** Whether some proxy is named: without one there is nothing to enable. */
  private boolean hasWays() {
    return merged.all().keySet().stream().anyMatch(key -> key.matches(".*\\.(?:url|pool|members)"));
  }
}
