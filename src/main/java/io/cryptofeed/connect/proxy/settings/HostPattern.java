package io.cryptofeed.connect.proxy.settings;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Some hosts: a name or an address ({@code proxy.example}), all names below one ({@code
 * *.example}), a network ({@code 10.0.0.0/8}), or all ({@code *}); with a port ({@code
 * proxy.example:8443}), only that port of them. Names are compared without case, and never
 * resolved. Immutable, equal by text.
 */
public final class HostPattern {

  private static final int LAST_PORT = 65_535;

  /** An IPv6 address with a port needs brackets: without them, its last part is not a port. */
  private static final Pattern WITH_PORT =
      Pattern.compile("(?<host>[^:/]+|\\[[^]]+]):(?<port>[0-9]{1,5})");

  private final String text;
  private final @Nullable IpSubnetFilterRule network;

  /** The only port that is meant; 0 for all. */
  private final int port;

  private HostPattern(String text, @Nullable IpSubnetFilterRule network, int port) {
    this.text = text;
    this.network = network;
    this.port = port;
  }

  /** Reads a pattern that may end with a port; empty if the text is not one. */
  public static Optional<HostPattern> parseWithPort(String text) {
    Matcher withPort = WITH_PORT.matcher(text.strip());
    if (!withPort.matches()) {
      return parse(text);
    }
    int port = Integer.parseInt(withPort.group("port"));
    return port < 1 || port > LAST_PORT
        ? Optional.empty()
        : parse(withPort.group("host")).map(any -> new HostPattern(any.text, any.network, port));
  }

  /** Reads a pattern without a port; empty if the text is not one. */
  public static Optional<HostPattern> parse(String text) {
    String pattern = text.strip().toLowerCase(Locale.ROOT);
    int slash = pattern.indexOf('/');
    if (slash >= 0) {
      return network(pattern, slash).map(network -> new HostPattern(pattern, network, 0));
    }
    String host = pattern.startsWith("*.") ? pattern.substring(2) : pattern;
    if (pattern.equals("*")) {
      return Optional.of(new HostPattern(pattern, null, 0));
    }
    return HostName.address(host, 1)
        .filter(address -> address.isUnresolved() ? isName(host) : !pattern.startsWith("*"))
        .map(address -> new HostPattern(pattern.replaceAll("^\\[|]$", ""), null, 0));
  }

  /** Whether a text is one host, by name or address: neither all names below one nor a network. */
  public static boolean isHost(String text) {
    return parse(text).isPresent() && !text.contains("*") && !text.contains("/");
  }

  private static boolean isName(String host) {
    return host.matches("[^\\s*/\\\\@:?#.]+(?:\\.[^\\s*/\\\\@:?#.]+)*");
  }

  private static Optional<IpSubnetFilterRule> network(String pattern, int slash) {
    String digits = pattern.substring(slash + 1);
    if (!digits.matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    return HostName.address(pattern.substring(0, slash), 1)
        .filter(address -> !address.isUnresolved())
        .flatMap(
            address -> {
              try {
                return Optional.of(
                    new IpSubnetFilterRule(
                        address.getAddress(), Integer.parseInt(digits), IpFilterRuleType.ACCEPT));
              } catch (IllegalArgumentException wrongLength) {
                return Optional.empty();
              }
            });
  }

  /** Whether this port of a host is among them. A name is never in a network. */
  public boolean matches(String host, int hostPort) {
    return (port == 0 || port == hostPort) && matches(host);
  }

  /** Whether a host is among them. A name is never in a network. */
  public boolean matches(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    // A dot at the end only says that a name is complete.
    String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    if (network != null) {
      return HostName.address(name, 1)
          .filter(address -> !address.isUnresolved())
          .filter(this::isInNetwork)
          .isPresent();
    }
    return text.equals("*")
        || (text.startsWith("*.") ? name.endsWith(text.substring(1)) : name.equals(text));
  }

  private boolean isInNetwork(InetSocketAddress address) {
    return network != null && network.matches(address);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostPattern pattern
        && text.equals(pattern.text)
        && port == pattern.port;
  }

  @Override
  public int hashCode() {
    return text.hashCode() + port;
  }

  @Override
  public String toString() {
    return port == 0 ? text : (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + port;
  }
}
