package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Who supplies the members of pools.
 *
 * @param className {@code dns}, or a class that implements {@code ProxyManager}
 * @param refresh how often it is asked, at least 5 s
 * @param fallsBackToStatic whether the configured members are used until it has answered
 * @param pools the pools that it supplies; empty means every pool
 * @param config what follows {@code proxy.manager.config.}; may hold secrets
 */
public record ManagerSettings(
    String className,
    Duration refresh,
    boolean fallsBackToStatic,
    Set<String> pools,
    Map<String, String> config) {

  public ManagerSettings {
    pools = Set.copyOf(pools);
    config = Map.copyOf(config);
  }

  /** Whether it supplies the members of a pool. */
  public boolean supplies(String pool) {
    return pools.isEmpty() || pools.contains(pool);
  }

  /** Without the configuration, which may hold secrets. */
  @Override
  public String toString() {
    return className + " every " + refresh.toMillis() + " ms";
  }
}
