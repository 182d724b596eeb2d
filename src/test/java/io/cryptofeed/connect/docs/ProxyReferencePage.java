package io.cryptofeed.connect.docs;

import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.source.ProxyConfiguration;
import java.util.Map;

/** The page about every key of the proxy layer, written from the code. */
final class ProxyReferencePage {

  /** A heading before the first key that begins so. */
  private static final Map<String, String> HEADINGS =
      Map.ofEntries(
          Map.entry("proxy.enabled", "Switches and sources"),
          Map.entry("proxy.default.<transport>.url", "Every exchange"),
          Map.entry("proxy.exchanges.<exchange>.<transport>.url", "One exchange"),
          Map.entry("proxy.pools.<pool>.members", "Pools"),
          Map.entry("proxy.health.enabled", "Health"),
          Map.entry("proxy.failover.enabled", "Failover and circuits"),
          Map.entry("proxy.regional.enabled", "Regions"),
          Map.entry("proxy.manager.class", "Managers"),
          Map.entry("proxy.tls.truststore.location", "Trust and compliance"),
          Map.entry("proxy.monitoring.latency.alert.ms", "Monitoring"),
          Map.entry("proxy.dns", "Speaking to proxies"));

  private final StringBuilder page = new StringBuilder();

  private ProxyReferencePage() {}

  static String text() {
    ProxyReferencePage reference = new ProxyReferencePage();
    reference.write();
    return reference.page.toString();
  }

  private void write() {
    page.append(
        """
        # Proxy configuration keys

        <!-- Written from the code by ReferenceDocsTest: change the code, then run
             mvn test -Dtest=ReferenceDocsTest -Ddocs.write=true -->

        Every key of the proxy layer. What stands in angle brackets is yours to fill in: `<transport>` is `rest` or
        `websocket`, `<exchange>` the id of an exchange, `<pool>` the name of a pool, `<n>` a number. How the keys work
        together is in the [user guide](user-guide.md).

        Each key can be given in three places. The environment of the worker counts more than a YAML file, and the file more
        than the properties of the connector, key by key.

        * **Property:** the key as it stands here.
        * **YAML:** the same words as nested keys, below `proxy:`. `http` may stand for `rest` and `ws` for `websocket`, a URL
          for the map that holds it, `timeout_seconds` for `timeout.ms`, and an underscore for a dot within a word.
        * **Environment:** the words in upper case, two underscores for each dot, `CRYPTOFEED_PROXY_` in place of `proxy.`;
          within the last word one underscore may stand for a dot: `CRYPTOFEED_PROXY_DEFAULT__REST__TIMEOUT_MS`.

        Keys marked as secret are of Kafka Connect's type PASSWORD: their values are hidden in the worker's REST answers
        and logs.

        """);
    for (ProxyKey key : ProxyConfiguration.families()) {
      String heading = HEADINGS.get(key.name());
      if (heading != null) {
        page.append("## ").append(heading).append("\n\n");
      }
      write(key);
    }
    page.setLength(page.length() - 1);
  }

  private void write(ProxyKey key) {
    page.append("### `").append(key.name()).append("`\n\n");
    page.append(escaped(key.documentation())).append("\n\n");
    page.append("* Values: ").append(escaped(key.allowed()));
    page.append(key.type().isSecret() ? "; secret\n" : "\n");
    boolean hasDefault = key.defaultValue() != null && !key.defaultValue().isEmpty();
    page.append("* Default: ")
        .append(hasDefault ? "`" + key.defaultValue() + "`" : "none")
        .append("\n");
    if (!key.name().startsWith("proxy.env.")) {
      page.append("* Environment: `").append(variable(key)).append("`\n");
    }
    page.append("\n");
  }

  /** Placeholders stay as they are. */
  private static String variable(ProxyKey key) {
    return ProxyConfiguration.variable(key.name())
        .replaceAll("<([A-Z]+)>", "<$1>")
        .replace("<TRANSPORT>", "<REST|WEBSOCKET>");
  }

  /** Text in which a browser takes nothing for a tag. */
  private static String escaped(String text) {
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("*.", "\\*.");
  }
}
