package io.cryptofeed.connect.proxy.settings;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/** Host names and literal addresses, without ever looking one up. */
public final class HostName {

  private HostName() {}

  /** The name in lower case and ASCII; empty when it cannot be a name. */
  public static Optional<String> ascii(String name) {
    try {
      return Optional.of(IDN.toASCII(name).toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * A socket address that is resolved when the host is a literal address, in brackets or not, and
   * unresolved when it is a name; empty when it is neither.
   */
  public static Optional<InetSocketAddress> address(String host, int port) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(bare);
    if (literal == null) {
      return ascii(host)
          .filter(name -> !name.isEmpty())
          .map(name -> InetSocketAddress.createUnresolved(name, port));
    }
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByAddress(literal), port));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
