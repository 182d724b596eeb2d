package io.cryptofeed.connect.proxy.settings;

import java.util.List;
import java.util.Optional;

/**
 * Which proxies may be used at all.
 *
 * @param allowed the hosts; empty means every host
 * @param requiresAuth whether a proxy must be given credentials
 */
public record Compliance(List<HostPattern> allowed, boolean requiresAuth) {

  /** Every proxy may. */
  public static final Compliance NONE = new Compliance(List.of(), false);

  public Compliance {
    allowed = List.copyOf(allowed);
  }

  /** Why a proxy may not be used. */
  public Optional<String> fault(ProxyUrl proxy) {
    if (!allowed.isEmpty() && allowed.stream().noneMatch(hosts -> hosts.matches(proxy.host()))) {
      return Optional.of(
          "proxy host '" + proxy.host() + "' is not among those of proxy.allowed: " + allowed);
    }
    return requiresAuth && proxy.credentials() == null
        ? Optional.of(proxy.egress() + " has no credentials, but proxy.require.auth is true")
        : Optional.empty();
  }
}
