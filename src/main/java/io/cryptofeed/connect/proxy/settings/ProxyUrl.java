package io.cryptofeed.connect.proxy.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy: {@code scheme://[user[:password]@]host:port}, credentials percent-encoded. Immutable,
 * equal by value.
 *
 * <p>It is parsed by hand, because {@link java.net.URI} puts its whole input, and so the password,
 * into its messages, and finds no host in {@code socks5://my_proxy:1080}. What is quoted in a
 * message here cannot be a part of a secret: a port that is not a number, for one, may be a
 * password whose {@code @} was forgotten.
 *
 * @param host a name in ASCII, lower case, or an address without brackets
 * @param port 1 to 65535
 * @param credentials null for a proxy that asks for none
 */
public record ProxyUrl(Scheme scheme, String host, int port, @Nullable Credentials credentials) {

  private static final int LONGEST_HOST = 253;
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern LOOKS_LIKE_IPV4 = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");
  private static final Pattern BARE_IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*:[0-9]*");
  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
  private static final Pattern DELIMITER = Pattern.compile("[/?#\\\\]");
  private static final Pattern HARMLESS_SCHEME = Pattern.compile("(?:socks|http)[0-9]?[a-z]?");
  private static final Set<String> EXCHANGE_SCHEMES = Set.of("ws", "wss");
  private static final Set<String> CIRCUMVENTION_SCHEMES =
      Set.of("ss", "ssr", "vmess", "vless", "trojan", "hysteria", "hysteria2", "tuic");

  /**
   * Reads a URL; white space around it does not count.
   *
   * @throws IllegalArgumentException says what is wrong, and never quotes a secret
   */
  public static ProxyUrl parse(String text) {
    String url = text.strip();
    if (url.isEmpty()) {
      throw fault("proxy URL is empty; write 'direct' for no proxy");
    }
    Secrets.fault(url)
        .ifPresent(
            fault -> {
              throw fault(fault);
            });
    rejectWhitespace(url);
    int separator = url.indexOf("://");
    if (separator < 0) {
      throw fault(
          url.indexOf('/') < 0
              ? "no scheme; write socks5://host:port or http://host:port"
              : "no scheme; write scheme://host:port with one of " + Scheme.codes());
    }
    Scheme scheme = scheme(url.substring(0, separator));
    String rest = url.substring(separator + 3);
    int at = rest.lastIndexOf('@');
    Credentials credentials = at < 0 ? null : credentials(scheme, rest.substring(0, at));
    return endpoint(scheme, rest.substring(at + 1), credentials);
  }

  /** The same proxy, with these credentials. */
  public ProxyUrl with(Credentials given) {
    return new ProxyUrl(scheme, host, port, given);
  }

  /** {@code scheme://host:port}, without credentials. */
  public String egress() {
    return scheme.code() + "://" + authority();
  }

  /** The URL, credentials masked. */
  @Override
  public String toString() {
    return credentials == null ? egress() : scheme.code() + "://***@" + authority();
  }

  private String authority() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  private static void rejectWhitespace(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (Character.isWhitespace(c) || Character.isISOControl(c) || Character.isSpaceChar(c)) {
        throw fault(
            "whitespace or control character at position "
                + (i + 1)
                + "; percent-encode it (space is %20)");
      }
    }
  }

  private static Scheme scheme(String text) {
    if (text.isEmpty()) {
      throw fault("no scheme before '://'");
    }
    return Scheme.of(text).orElseThrow(() -> unsupported(text.toLowerCase(Locale.ROOT)));
  }

  private static IllegalArgumentException unsupported(String scheme) {
    String cure = "";
    if (scheme.equals("socks")) {
      cure = "; did you mean socks5?";
    } else if (EXCHANGE_SCHEMES.contains(scheme)) {
      cure = "; that is the exchange's scheme; a proxy uses http, https or socks";
    } else if (CIRCUMVENTION_SCHEMES.contains(scheme)) {
      cure = "; run a local client for it and point at its socks5 port";
    }
    boolean quotable = !cure.isEmpty() || HARMLESS_SCHEME.matcher(scheme).matches();
    return fault(
        "unsupported scheme"
            + (quotable ? " '" + scheme + "'" : "")
            + " (supported: "
            + String.join(", ", Scheme.codes())
            + ")"
            + cure);
  }

  private static Credentials credentials(Scheme scheme, String userInfo) {
    if (userInfo.isEmpty()) {
      throw fault("empty user info before '@'; remove the '@'");
    }
    if (userInfo.indexOf('@') >= 0) {
      throw fault("'@' inside the user name or password; write it as %40");
    }
    Matcher delimiter = DELIMITER.matcher(userInfo);
    if (delimiter.find()) {
      throw fault(
          "'"
              + delimiter.group()
              + "' inside the user name or password; percent-encode it"
              + " (/=%2F ?=%3F #=%23 \\=%5C)");
    }
    int colon = userInfo.indexOf(':');
    String user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon), "user name");
    String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1), "password");
    Credentials credentials = new Credentials(user, password);
    credentials
        .userFault(scheme)
        .or(() -> credentials.passwordFault(scheme))
        .ifPresent(
            fault -> {
              throw fault(fault);
            });
    if (colon >= 0 && userInfo.indexOf(':', colon + 1) >= 0) {
      throw fault("second ':' in user info; write a ':' in the password as %3A");
    }
    return credentials;
  }

  private static String decode(String text, String part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    byte[] encoded = text.getBytes(UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] != '%') {
        bytes.write(encoded[i]);
        continue;
      }
      int high = i + 2 < encoded.length ? Character.digit((char) encoded[i + 1], 16) : -1;
      int low = i + 2 < encoded.length ? Character.digit((char) encoded[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw fault("bad percent-encoding in the " + part + "; write a literal '%' as %25");
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw fault("percent-encoded bytes of the " + part + " are not UTF-8");
    }
  }

  private static ProxyUrl endpoint(
      Scheme scheme, String authority, @Nullable Credentials credentials) {
    String host;
    String afterHost;
    if (authority.startsWith("[")) {
      int end = authority.indexOf(']');
      if (end < 0) {
        throw fault("'[' without ']' in the host");
      }
      host = ipv6(authority.substring(1, end));
      afterHost = authority.substring(end + 1);
      if (!afterHost.isEmpty() && ":/?#\\,;".indexOf(afterHost.charAt(0)) < 0) {
        throw fault("unexpected text after ']'");
      }
    } else {
      if (BARE_IPV6.matcher(authority).matches()) {
        throw fault("an IPv6 address must stand in brackets: socks5://[::1]:1080");
      }
      int end = indexOfAny(authority, ":/?#\\,;");
      host = authority.substring(0, end);
      afterHost = authority.substring(end);
      if (host.isEmpty()) {
        throw fault("host is empty");
      }
    }
    int port = port(scheme, afterHost);
    return new ProxyUrl(scheme, host.indexOf(':') < 0 ? nameOrIpv4(host) : host, port, credentials);
  }

  private static String ipv6(String address) {
    byte[] bytes =
        address.indexOf(':') < 0 || address.indexOf('%') >= 0
            ? null
            : NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      throw fault("no IPv6 address between '[' and ']'");
    }
    return address.toLowerCase(Locale.ROOT);
  }

  private static int port(Scheme scheme, String afterHost) {
    if (!afterHost.startsWith(":")) {
      throw fault(
          "port is missing; write "
              + scheme.code()
              + "://host:port (usual: "
              + scheme.usualPort()
              + ")");
    }
    int end = 1 + indexOfAny(afterHost.substring(1), "/?#\\,;");
    String digits = afterHost.substring(1, end);
    String tail = afterHost.substring(end);
    if (digits.isEmpty()) {
      throw fault("port is empty after ':'");
    }
    if (!DIGITS.matcher(digits).matches()) {
      throw fault(
          "the port is not a number (if that was a password: user:password needs '@' and a host"
              + " after it)");
    }
    if (digits.length() > 5 || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65535) {
      throw fault("port is outside 1..65535");
    }
    rejectTail(tail);
    return Integer.parseInt(digits);
  }

  private static void rejectTail(String tail) {
    if (tail.isEmpty() || tail.equals("/")) {
      return;
    }
    if (tail.charAt(0) == ',' || tail.charAt(0) == ';') {
      throw fault(
          "',' or ';' after the port: one URL only here; a list belongs in proxy.pools.<name>.members");
    }
    String part =
        switch (tail.charAt(0)) {
          case '/' -> "path";
          case '?' -> "query";
          case '#' -> "fragment";
          default -> "backslash";
        };
    throw fault("a proxy URL ends after the port; remove the " + part);
  }

  private static String nameOrIpv4(String text) {
    if (text.indexOf('%') >= 0) {
      throw fault("percent-encoding is not allowed in the host");
    }
    if (text.indexOf('*') >= 0) {
      throw fault("wildcards are not allowed in a proxy host");
    }
    String host = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (host.isEmpty() || host.startsWith(".") || host.contains("..")) {
      throw fault("empty label (two dots) in the host");
    }
    if (LOOKS_LIKE_IPV4.matcher(host).matches()) {
      if (!IPV4.matcher(host).matches() || !NetUtil.isValidIpV4Address(host)) {
        throw fault("not an IPv4 address");
      }
      return host;
    }
    String name = HostName.ascii(host).orElseThrow(() -> fault("not a valid host name"));
    if (name.length() > LONGEST_HOST) {
      throw fault("host name longer than 253 characters");
    }
    for (String label : name.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw fault("not a valid host name");
      }
    }
    return name;
  }

  private static int indexOfAny(String text, String characters) {
    for (int i = 0; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static IllegalArgumentException fault(String message) {
    return new IllegalArgumentException(message);
  }
}
