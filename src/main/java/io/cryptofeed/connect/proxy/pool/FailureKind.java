package io.cryptofeed.connect.proxy.pool;

import java.util.Locale;

/** What caused the failure of a connection attempt. */
public enum FailureKind {
  /** The proxy: it has no address, does not respond, or becomes silent. */
  PROXY_DOWN,
  /** The proxy rejected the credentials, or requires some. */
  PROXY_AUTH,
  /** The proxy's rules forbid the destination. */
  PROXY_DENIED,
  /** TLS with the proxy fails. */
  PROXY_TLS,
  /** The destination, as the proxy reports. */
  TARGET,
  /** The proxy could not reach the destination; either may be at fault. */
  AMBIGUOUS,
  /** Nothing was tried: there is no route, or no eligible member. */
  NO_WAY;

  /** The lower-case name used in metrics and logs. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether another proxy may do better. */
  public boolean isOfTheProxy() {
    return this != TARGET && this != NO_WAY;
  }
}
