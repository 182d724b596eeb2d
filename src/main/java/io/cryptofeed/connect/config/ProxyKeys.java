package io.cryptofeed.connect.config;

import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.source.ProxyConfiguration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Defines the keys of the proxy layer, {@code proxy.*}. */
final class ProxyKeys {

  private static final String PROXY_ENABLED = "proxy.enabled";

  private ProxyKeys() {}

  /**
   * @param written the keys that are configured, which name pools and members
   */
  static void define(
      ConfigDef definition, Collection<String> exchangeIds, Collection<String> written) {
    KeyGroup group = new KeyGroup(definition, "Proxies");
    List<ProxyKey> keys = ProxyConfiguration.keys(exchangeIds, written);
    List<String> others =
        keys.stream().map(ProxyKey::name).filter(name -> !name.equals(PROXY_ENABLED)).toList();
    for (ProxyKey key : keys) {
      boolean isSwitch = key.name().equals(PROXY_ENABLED);
      group.define(
          key.name(),
          type(key),
          key.defaultValue(),
          Validators.inContext(key.allowed()),
          isSwitch ? Importance.HIGH : Importance.MEDIUM,
          key.documentation(),
          key.type().isSecret() ? Width.LONG : Width.MEDIUM,
          displayName(key.name()),
          isSwitch ? others : List.of(),
          isSwitch ? choices(key) : choices(key).when(PROXY_ENABLED));
    }
  }

  private static Choices choices(ProxyKey key) {
    return switch (key.type()) {
      case BOOLEAN -> Choices.of(true, false);
      case CHOICE -> Choices.of(key.choices());
      default -> Choices.free();
    };
  }

  /**
   * The proxy layer reads lists, numbers and flags itself: its errors are more precise, and do not
   * quote what may be a credential in the wrong place.
   */
  private static ConfigDef.Type type(ProxyKey key) {
    return switch (key.type()) {
      case BOOLEAN ->
          key.name().equals(PROXY_ENABLED) ? ConfigDef.Type.BOOLEAN : ConfigDef.Type.STRING;
      case URL, URLS, SECRET -> ConfigDef.Type.PASSWORD;
      case MILLIS, COUNT, NUMBER, CHOICE, LIST, TEXT -> ConfigDef.Type.STRING;
    };
  }

  /** {@code proxy.default.rest.timeout.ms} is Default Rest Timeout Ms. */
  private static String displayName(String key) {
    StringBuilder name = new StringBuilder();
    for (String word : key.substring("proxy.".length()).split("[._]")) {
      name.append(name.length() == 0 ? "" : " ")
          .append(word.substring(0, 1).toUpperCase(Locale.ROOT))
          .append(word.substring(1));
    }
    return name.toString();
  }
}
