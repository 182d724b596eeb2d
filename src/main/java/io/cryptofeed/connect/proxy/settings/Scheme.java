package io.cryptofeed.connect.proxy.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a proxy speaks, and over what. */
public enum Scheme {
  /** CONNECT over plain TCP. */
  HTTP(3128),
  /** CONNECT over TLS with the proxy. */
  HTTPS(443),
  /** The client resolves the destination, to an IPv4 address. */
  SOCKS4(1080),
  /** The proxy resolves the destination. */
  SOCKS4A(1080),
  /** The proxy resolves the destination. */
  SOCKS5(1080),
  /** The same as {@link #SOCKS5}; curl's word for it. */
  SOCKS5H(1080);

  private final String code = name().toLowerCase(Locale.ROOT);
  private final int usualPort;

  Scheme(int usualPort) {
    this.usualPort = usualPort;
  }

  public static Optional<Scheme> of(String text) {
    return Arrays.stream(values()).filter(scheme -> scheme.code.equalsIgnoreCase(text)).findFirst();
  }

  public static List<String> codes() {
    return Arrays.stream(values()).map(Scheme::code).toList();
  }

  /** As in a URL. */
  public String code() {
    return code;
  }

  public int usualPort() {
    return usualPort;
  }

  public boolean isHttp() {
    return this == HTTP || this == HTTPS;
  }

  public boolean isSocks4() {
    return this == SOCKS4 || this == SOCKS4A;
  }

  public boolean isSocks5() {
    return this == SOCKS5 || this == SOCKS5H;
  }
}
