package io.cryptofeed.connect.proxy.settings;

import java.util.Map;
import java.util.Set;
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
 * @param exchangePins the keys that hosts of exchanges must have, by host name in lower case
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
    exchangePins = Map.copyOf(exchangePins);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "truststore=" + truststore + " pins=" + proxyPins + " " + exchangePins;
  }
}
