package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.settings.TlsSettings;
import io.cryptofeed.connect.proxy.settings.TrustStore;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.KeyStore;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS with {@code https} proxies: the certificate must lead to a trusted authority, be issued for
 * the proxy's host, and have a pinned key where there are pins. There is no way to turn this off.
 */
public final class ProxyTls {

  private final SslContext context;
  private final SslContext target;

  /** One for all. */
  public ProxyTls(SslContext context) {
    this(context, context);
  }

  private ProxyTls(SslContext context, SslContext target) {
    this.context = context;
    this.target = target;
  }

  /**
   * @param onPinMismatch takes the host of a proxy whose key is not pinned
   * @throws IllegalArgumentException when the trust store cannot be read
   */
  public static ProxyTls of(TlsSettings settings, Consumer<String> onPinMismatch) {
    try {
      return new ProxyTls(
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .endpointIdentificationAlgorithm("HTTPS")
              .trustManager(
                  PinnedTrust.of(
                      authorities(settings), host -> settings.proxyPins(), onPinMismatch))
              .build(),
          SslContextBuilder.forClient().sslProvider(SslProvider.JDK).build());
    } catch (SSLException e) {
      throw new IllegalStateException(
          "this JVM offers no TLS: check its security providers and javax.net.ssl properties", e);
    }
  }

  private static @Nullable KeyStore authorities(TlsSettings settings) {
    if (settings.truststore() == null) {
      return null;
    }
    try {
      return TrustStore.read(
          settings.truststore(), settings.truststorePassword(), settings.truststoreType());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read proxy.tls.truststore.location (" + e.getMessage() + ")", e);
    }
  }

  /** TLS with what a probe asks for, behind the proxy: trusts what the JVM trusts. */
  public SslContext target() {
    return target;
  }

  SslHandler newHandler(Channel channel, String host, int port) {
    SslHandler tls = context.newHandler(channel.alloc(), host, port);
    tls.setHandshakeTimeoutMillis(0);
    return tls;
  }
}
