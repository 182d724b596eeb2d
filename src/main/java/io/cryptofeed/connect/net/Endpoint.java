package io.cryptofeed.connect.net;

import java.net.MalformedURLException;
import java.net.URI;
import java.util.Locale;

/**
 * The host that a URL names and whether TLS is spoken with it, for example {@code
 * stream.binance.com:9443}.
 *
 * @param secure whether TLS is spoken
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 */
record Endpoint(boolean secure, String host, int port) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int LAST_PORT = 65535;

  /** The endpoint of a {@code ws} or {@code wss} URL. */
  static Endpoint webSocket(URI uri) throws MalformedURLException {
    return of(uri, "ws", "wss");
  }

  /** The endpoint of an {@code http} or {@code https} URL. */
  static Endpoint http(URI uri) throws MalformedURLException {
    return of(uri, "http", "https");
  }

  private static Endpoint of(URI uri, String plain, String secure) throws MalformedURLException {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String authority = uri.getRawAuthority();
    if (!(scheme.equals(plain) || scheme.equals(secure)) || authority == null) {
      throw new MalformedURLException(
          String.format(
              "the URL with scheme %s and host %s cannot be opened: it must be %s://host or %s://host",
              uri.getScheme(), uri.getHost(), plain, secure));
    }
    boolean isSecure = scheme.equals(secure);
    // URI.getHost() does not accept a host with an underscore, which is common in container
    // networks.
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = hostAndPort.indexOf(':', hostAndPort.lastIndexOf(']') + 1);
    String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    String port = colon < 0 ? "" : hostAndPort.substring(colon + 1);
    if (host.isEmpty()) {
      throw new MalformedURLException("the URL " + scheme + "://" + hostAndPort + " has no host");
    }
    return new Endpoint(isSecure, withoutBrackets(host), port(port, isSecure, hostAndPort));
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String text, boolean secure, String hostAndPort)
      throws MalformedURLException {
    if (text.isEmpty()) {
      return secure ? HTTPS_PORT : HTTP_PORT;
    }
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= LAST_PORT) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // reported below, as a number out of range is
    }
    throw new MalformedURLException("the port of " + hostAndPort + " is not 1 to " + LAST_PORT);
  }

  /** The {@code Host} header: brackets around IPv6, no port where it is the scheme's own. */
  String hostHeader() {
    return port == (secure ? HTTPS_PORT : HTTP_PORT) ? bracketed() : toString();
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  @Override
  public String toString() {
    return bracketed() + ":" + port;
  }
}
