package io.cryptofeed.connect.proxy.settings;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust.
 *
 * @param truststore the file with the authorities that may vouch for an https proxy, null for those
 *     that the JVM trusts
 * @param truststorePassword null when the file has none
 * @param truststoreType {@code PKCS12}, {@code JKS} or {@code PEM}; null to derive it from the
 *     file's name
 * @param proxyPins the keys that https proxies must have; empty when any trusted one will do
 * @param exchangePins the keys that hosts of exchanges must have, by host name; two spellings of
 *     one host are one host
 */
public record TlsSettings(
    @Nullable String truststore,
    @Nullable String truststorePassword,
    @Nullable String truststoreType,
    Set<Pin> proxyPins,
    Map<String, Set<Pin>> exchangePins) {

  /** What the JVM trusts. */
  public static final TlsSettings DEFAULT = new TlsSettings(null, null, null, Set.of(), Map.of());

  public TlsSettings {
    proxyPins = Set.copyOf(proxyPins);
    Map<String, Set<Pin>> byHost = new TreeMap<>();
    exchangePins.forEach(
        (host, pins) -> byHost.computeIfAbsent(spelled(host), any -> new HashSet<>()).addAll(pins));
    byHost.replaceAll((host, pins) -> Set.copyOf(pins));
    exchangePins = Map.copyOf(byHost);
  }

  /**
   * The keys of which a host must have one; empty when any trusted one will do.
   *
   * @param host in any spelling: upper case, and with a dot at its end
   */
  public Set<Pin> pinsOf(String host) {
    return exchangePins.getOrDefault(spelled(host), Set.of());
  }

  /** DNS knows no case, and a dot at the end only says that a name is complete. */
  private static String spelled(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "truststore=" + truststore + " pins=" + proxyPins + " " + exchangePins;
  }
}
