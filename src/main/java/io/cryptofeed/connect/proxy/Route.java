package io.cryptofeed.connect.proxy;

import java.time.Duration;

/** The way that the connections of one exchange and transport take. Never shows credentials. */
sealed interface Route {

  /** The egress of a direct connection. */
  String DIRECT = "direct";

  /** The key that configured it. */
  String key();

  /** How long opening a connection may take in all. */
  Duration timeout();

  /** {@code direct}, or the proxy as {@code scheme://host:port}. */
  String egress();

  /** Straight to the destination. */
  record Direct(String key, Duration timeout) implements Route {

    @Override
    public String egress() {
      return DIRECT;
    }

    @Override
    public String toString() {
      return DIRECT;
    }
  }

  /** Through a proxy. */
  record Proxied(ProxyUrl proxy, String key, Duration timeout) implements Route {

    @Override
    public String egress() {
      return proxy.egress();
    }

    /** The proxy, credentials masked. */
    @Override
    public String toString() {
      return proxy.toString();
    }
  }
}
