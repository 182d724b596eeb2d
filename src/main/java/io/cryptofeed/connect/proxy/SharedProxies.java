package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.settings.ProxySettings;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets the tasks of one connector in one JVM share what they learn about their proxies: health,
 * cooldowns, budgets. Connectors do not see each other, and neither do tasks whose settings differ,
 * as those of before and after a change do. Safe for use by many threads.
 */
public final class SharedProxies {

  private final MetricsView view;
  private final Map<Key, ProxyLayer> layers = new HashMap<>();

  private record Key(String connector, ProxySettings settings) {}

  /**
   * @param view where the numbers of each connector are shown
   */
  public SharedProxies(MetricsView view) {
    this.view = view;
  }

  /**
   * An injector for one task, to be closed by it.
   *
   * @throws IllegalArgumentException when the trust store cannot be read; names the key
   */
  public synchronized ProxyInjector injector(String connector, ProxySettings settings) {
    layers.values().removeIf(ProxyLayer::isClosed);
    Key key = new Key(connector, settings);
    ProxyLayer shared = layers.get(key);
    if (shared != null) {
      try {
        return new ProxyInjector(shared);
      } catch (IllegalStateException closedMeanwhile) {
        layers.remove(key);
      }
    }
    ProxyLayer opened = ProxyLayer.open(connector, settings, view);
    layers.put(key, opened);
    return new ProxyInjector(opened);
  }

  /** How many connectors share something now. */
  public synchronized int size() {
    layers.values().removeIf(ProxyLayer::isClosed);
    return layers.size();
  }
}
