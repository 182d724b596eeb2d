package io.cryptofeed.connect.proxy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Which connection takes which proxy. Immutable. */
public final class ProxySettings {

  private static final ProxySettings DISABLED = new ProxySettings();

  private ProxySettings() {}

  /** Every connection is direct. */
  public static ProxySettings disabled() {
    return DISABLED;
  }

  /**
   * Reads the {@code proxy.*} properties.
   *
   * @param properties all properties of the connector; others are ignored
   * @param exchangeIds the ids of the exchanges that are configured
   * @param error takes each fault as key and message; the message never quotes a secret
   */
  public static ProxySettings parse(
      Map<String, String> properties,
      Collection<String> exchangeIds,
      BiConsumer<String, String> error) {
    return DISABLED;
  }

  /** Every key of the proxy layer, those of each exchange included. */
  public static List<ProxyKey> keys(Collection<String> exchangeIds) {
    return List.of();
  }
}
