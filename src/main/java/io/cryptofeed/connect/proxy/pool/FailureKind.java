package io.cryptofeed.connect.proxy.pool;

import java.util.Locale;

/** Who is to blame for a connection that could not be opened. */
public enum FailureKind {
  /** The proxy: it has no address, doesn't answer, or falls silent. */
  PROXY_DOWN,
  /** The proxy refuses the user name or the password, or asks for them. */
  PROXY_AUTH,
  /** The proxy's rules forbid the destination. */
  PROXY_DENIED,
  /** TLS with the proxy fails. */
  PROXY_TLS,
  /** The destination: the proxy says so. */
  TARGET,
  /** The proxy could not reach the destination, and that may be the fault of either. */
  AMBIGUOUS,
  /** Nobody was tried: there is no route, or no member that may be used. */
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
