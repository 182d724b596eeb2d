package io.cryptofeed.connect.local.proxy;

import io.netty.util.NetUtil;

/**
 * A tunnel that a client requested from a proxy.
 *
 * @param host as the client gave it
 * @param port 1 to 65535
 */
public record Tunnel(String host, int port) {

  /** Whether the proxy has to resolve the host. */
  public boolean isByName() {
    return !NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
