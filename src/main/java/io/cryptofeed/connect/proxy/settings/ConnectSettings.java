package io.cryptofeed.connect.proxy.settings;

import java.util.Map;

/**
 * How proxies are spoken to.
 *
 * @param dns who looks the destination's name up
 * @param quickAck whether what a proxy sends is acknowledged at once, where the machine can
 * @param headers what is added to the CONNECT request of http and https proxies; may hold secrets
 */
public record ConnectSettings(Dns dns, boolean quickAck, Map<String, String> headers) {

  /** What is done where nothing is said. */
  public static final ConnectSettings DEFAULT = new ConnectSettings(Dns.AUTO, true, Map.of());

  public ConnectSettings {
    headers = Map.copyOf(headers);
  }

  /** Who looks the destination's name up. */
  public enum Dns {
    /** The proxy, except socks4, which cannot. */
    AUTO,
    /** Always the proxy; a socks4 proxy is spoken to as socks4a. */
    REMOTE,
    /** Always the worker. */
    LOCAL;

    /** Whether the worker resolves the destinations of a proxy of this scheme. */
    public boolean resolvesLocally(Scheme scheme) {
      return this == LOCAL || (this == AUTO && scheme == Scheme.SOCKS4);
    }
  }

  /** Without the headers' values, which may hold secrets. */
  @Override
  public String toString() {
    return "dns=" + dns + " quickack=" + quickAck + " headers=" + headers.keySet();
  }
}
