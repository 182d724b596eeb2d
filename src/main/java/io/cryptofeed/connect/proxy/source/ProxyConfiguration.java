package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Reads the configuration of the proxy layer. */
public final class ProxyConfiguration {

  private ProxyConfiguration() {}

  /**
   * Reads the {@code proxy.*} properties. Settings with faults refuse every connection.
   *
   * @param properties all properties of the connector; others are ignored
   * @param exchangeIds the ids of the exchanges that are configured
   * @param error takes each fault as key and message; the message never quotes a secret
   */
  public static ProxySettings parse(
      Map<String, String> properties,
      Collection<String> exchangeIds,
      BiConsumer<String, String> error) {
    return new ProxyProperties(properties, exchangeIds, error).settings();
  }

  /** Every key of the proxy layer, those of each exchange included. */
  public static List<ProxyKey> keys(Collection<String> exchangeIds) {
    return ProxyProperties.keys(exchangeIds);
  }
}
