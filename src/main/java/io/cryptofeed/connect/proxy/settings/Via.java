package io.cryptofeed.connect.proxy.settings;

/**
 * How a connection reaches its exchange: direct, through a proxy, or through a pool. Never shows
 * credentials.
 */
public sealed interface Via {

  /** Without a proxy, as the configuration says explicitly. */
  record Direct() implements Via {
    @Override
    public String toString() {
      return "direct";
    }
  }

  /** Through one proxy. */
  record Proxy(ProxyUrl url) implements Via {
    @Override
    public String toString() {
      return url.toString();
    }
  }

  /** Through one of the proxies of a pool. */
  record Pool(String name) implements Via {
    @Override
    public String toString() {
      return "pool:" + name;
    }
  }
}
