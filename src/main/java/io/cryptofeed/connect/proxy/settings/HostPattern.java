package io.cryptofeed.connect.proxy.settings;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Some hosts: a name or an address ({@code proxy.example}), all names below one ({@code
 * *.example}), a network ({@code 10.0.0.0/8}), or all ({@code *}). Names are compared without case,
 * and never resolved. Immutable, equal by text.
 */
public final class HostPattern {

  private final String text;
  private final @Nullable IpSubnetFilterRule network;

  private HostPattern(String text, @Nullable IpSubnetFilterRule network) {
    this.text = text;
    this.network = network;
  }

  /** Reads a pattern; empty when the text is none. */
  public static Optional<HostPattern> parse(String text) {
    String pattern = text.strip().toLowerCase(Locale.ROOT);
    int slash = pattern.indexOf('/');
    if (slash >= 0) {
      return network(pattern, slash).map(network -> new HostPattern(pattern, network));
    }
    String host = pattern.startsWith("*.") ? pattern.substring(2) : pattern;
    if (pattern.equals("*")) {
      return Optional.of(new HostPattern(pattern, null));
    }
    return HostName.address(host, 1)
        .filter(address -> address.isUnresolved() ? isName(host) : !pattern.startsWith("*"))
        .map(address -> new HostPattern(pattern.replaceAll("^\\[|]$", ""), null));
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

  /** Whether a host is among them. A name is never in a network. */
  public boolean matches(String host) {
    String name = host.toLowerCase(Locale.ROOT);
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
    return other instanceof HostPattern pattern && text.equals(pattern.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
