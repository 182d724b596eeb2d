package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.settings.Pin;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a server that is trusted anyhow, and whose own key is among the pins of its host, if it
 * has any. Only the server's key counts, not those of its issuers: a chain is what the server
 * sends, and anybody can send a pinned issuer along.
 */
public final class PinnedTrust extends X509ExtendedTrustManager {

  /** The beginning of what is said of a key that is not pinned. */
  static final String MISMATCH = "certificate pin mismatch";

  private final X509ExtendedTrustManager trust;
  private final Function<String, Set<Pin>> pins;
  private final Consumer<String> onMismatch;

  private PinnedTrust(
      X509ExtendedTrustManager trust,
      Function<String, Set<Pin>> pins,
      Consumer<String> onMismatch) {
    this.trust = trust;
    this.pins = pins;
    this.onMismatch = onMismatch;
  }

  /**
   * Trusts what leads to one of these authorities.
   *
   * @param authorities null for those that the JVM trusts
   * @param pins those of a host; none when any trusted key will do
   * @param onMismatch takes the host whose key is not pinned
   */
  public static PinnedTrust of(
      @Nullable KeyStore authorities,
      Function<String, Set<Pin>> pins,
      Consumer<String> onMismatch) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .map(trust -> new PinnedTrust(trust, pins, onMismatch))
          .orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "cannot set up TLS; check the trust store, or javax.net.ssl.trustStore of the worker's JVM",
          e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    trust.checkServerTrusted(chain, authType, engine);
    String host = engine.getPeerHost();
    Set<Pin> expected = pins.apply(host);
    Pin presented = Pin.of(chain[0].getPublicKey());
    if (!expected.isEmpty() && !expected.contains(presented)) {
      onMismatch.accept(host);
      throw new CertificateException(
          MISMATCH
              + ": "
              + host
              + " presented "
              + presented
              + ", which is none of its "
              + expected.size()
              + " pins");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("a server without a host cannot be checked");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("a server without a host cannot be checked");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    trust.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    trust.checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    trust.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.getAcceptedIssuers();
  }
}
