package io.cryptofeed.connect.proxy.settings;

/** What a place in the configuration says about how to go. Never shows credentials. */
public sealed interface Way {

  /** Without a proxy, as somebody wrote in so many words. */
  record Direct() implements Way {
    @Override
    public String toString() {
      return "direct";
    }
  }

  /** Through one proxy. */
  record Proxy(ProxyUrl url) implements Way {
    @Override
    public String toString() {
      return url.toString();
    }
  }

  /** Through one of the proxies of a pool. */
  record Pool(String name) implements Way {
    @Override
    public String toString() {
      return "pool:" + name;
    }
  }
}
