package io.cryptofeed.connect.local;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A certificate authority for the lifetime of this object, and the server certificates that it
 * signs. Immutable.
 */
public final class LocalCertificates {

  private final X509Bundle authority;

  private LocalCertificates(X509Bundle authority) {
    this.authority = authority;
  }

  /** A new authority, which is not trusted anywhere yet. */
  public static LocalCertificates create() {
    try {
      return new LocalCertificates(
          validToday()
              .subject("CN=Local Test Authority")
              .setIsCertificateAuthority(true)
              .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
              .buildSelfSigned());
    } catch (Exception e) {
      throw new IllegalStateException("cannot create a certificate authority", e);
    }
  }

  /** For a server that is reached by any of these DNS names and IP addresses. */
  public SslContext server(String... names) {
    return server(validToday(), names);
  }

  /** For a server whose certificate expired yesterday. */
  public SslContext expiredServer(String... names) {
    Instant now = Instant.now();
    return server(
        new CertificateBuilder()
            .ecp256()
            .notBefore(now.minus(Duration.ofDays(30)))
            .notAfter(now.minus(Duration.ofDays(1))),
        names);
  }

  /** Key and certificates in PEM format, for a server in another process. */
  public String serverPem(String... names) {
    X509Bundle bundle = leaf(validToday(), names);
    return bundle.getPrivateKeyPEM() + "\n" + bundle.getCertificatePathPEM();
  }

  private SslContext server(CertificateBuilder validity, String... names) {
    try {
      X509Bundle bundle = leaf(validity, names);
      return SslContextBuilder.forServer(
              bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())
          .build();
    } catch (IOException e) {
      throw new IllegalStateException("cannot serve with a certificate for " + List.of(names), e);
    }
  }

  private X509Bundle leaf(CertificateBuilder validity, String... names) {
    try {
      CertificateBuilder leaf =
          validity
              .subject("CN=" + names[0])
              .setKeyUsage(true, KeyUsage.digitalSignature)
              .addExtendedKeyUsageServerAuth();
      for (String name : names) {
        if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
          leaf.addSanIpAddress(name);
        } else {
          leaf.addSanDnsName(name);
        }
      }
      return leaf.buildIssuedBy(authority);
    } catch (Exception e) {
      throw new IllegalStateException("cannot issue a certificate for " + List.of(names), e);
    }
  }

  /** For a client in this JVM that trusts only this authority. */
  public SslContext client() {
    try {
      return SslContextBuilder.forClient().trustManager(authority.getCertificate()).build();
    } catch (IOException e) {
      throw new IllegalStateException("cannot trust the local authority", e);
    }
  }

  /** A trust store with only this authority. */
  public KeyStore trustStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("local-authority", authority.getCertificate());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a trust store", e);
    }
  }

  /**
   * Writes a PKCS12 trust store with only this authority, for {@code javax.net.ssl.trustStore} of a
   * client's JVM.
   *
   * @param password for {@code javax.net.ssl.trustStorePassword}
   */
  public void writeTrustStore(Path file, String password) {
    try (OutputStream out = Files.newOutputStream(file)) {
      trustStore().store(out, password.toCharArray());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot write the trust store " + file, e);
    }
  }

  /** The authority's certificate in PEM format. */
  public String authorityPem() {
    return authority.getCertificatePEM();
  }

  private static CertificateBuilder validToday() {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .ecp256()
        .notBefore(now.minus(Duration.ofDays(1)))
        .notAfter(now.plus(Duration.ofDays(30)));
  }
}
