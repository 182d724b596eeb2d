package io.cryptofeed.connect.net;

import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.connect.PinnedTrust;
import io.cryptofeed.connect.proxy.settings.Pin;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards exchanges: the certificate must lead to a trusted authority and be issued for the
 * host's name, which is also announced to the server (SNI). There is no way to turn this off.
 * Immutable; one instance serves all connections and resumes their sessions.
 */
public final class OriginTls {

  private static final String HANDLER = "origin-tls";
  private static final String HOST_NAME_CHECK = "HTTPS";

  /** How long the closing handshake may take. */
  private static final long CLOSE_NOTIFY_TIMEOUT_MS = 500;

  private final SslContext context;

  private OriginTls(SslContext context) {
    this.context = context;
  }

  /** Trusts the authorities of the JVM, and only the keys that the injector's settings pin. */
  public static OriginTls platform(ProxyInjector injector) {
    return of(null, injector::exchangePins, injector::pinMismatch);
  }

  /**
   * @param authorities the trusted certificates, null for those of the JVM
   * @param pins the pinned keys of a host, none for any key
   * @param onPinMismatch takes the host whose key is not pinned
   */
  static OriginTls of(
      @Nullable KeyStore authorities,
      Function<String, Set<Pin>> pins,
      Consumer<String> onPinMismatch) {
    try {
      return new OriginTls(
          SslContextBuilder.forClient()
              .trustManager(PinnedTrust.of(authorities, pins, onPinMismatch))
              .sslProvider(SslProvider.JDK)
              .endpointIdentificationAlgorithm(HOST_NAME_CHECK)
              .build());
    } catch (SSLException e) {
      throw new IllegalStateException(
          "this JVM offers no TLS: check its security providers and javax.net.ssl properties", e);
    }
  }

  /**
   * Begins the pipeline towards an exchange: with TLS where the endpoint speaks it, with nothing
   * where it does not. The caller's deadline covers the handshake.
   *
   * @return when bytes can be exchanged, or an {@link SSLException} that says why they cannot
   */
  Future<Channel> begin(Channel channel, Endpoint endpoint, String egress) {
    if (!endpoint.secure()) {
      return channel.eventLoop().newSucceededFuture(channel);
    }
    SslHandler tls = context.newHandler(channel.alloc(), endpoint.host(), endpoint.port());
    tls.setHandshakeTimeoutMillis(0);
    tls.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_TIMEOUT_MS);
    Promise<Channel> ready = channel.eventLoop().newPromise();
    tls.handshakeFuture()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                ready.setSuccess(channel);
              } else {
                ready.setFailure(explained(done.cause(), endpoint, egress));
              }
            });
    channel.pipeline().addLast(HANDLER, tls);
    return ready;
  }

  /**
   * Closes a connection that is broken or given up. May be called by any thread. Closing it in the
   * ordinary way goes through TLS, which would first say goodbye and wait for that to be sent.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the handlers hear of the end
  static void closeAtOnce(Channel channel) {
    ChannelHandlerContext head = channel.pipeline().firstContext();
    if (head == null) {
      channel.close();
    } else {
      head.close();
    }
  }

  private static SSLException explained(Throwable failure, Endpoint endpoint, String egress) {
    return new SSLException(explanation(failure, endpoint, egress), failure);
  }

  private static String explanation(Throwable failure, Endpoint endpoint, String egress) {
    if (has(failure, CertificateExpiredException.class)
        || has(failure, CertificateNotYetValidException.class)) {
      return String.format(
          "the certificate of %s via %s is not valid today; check the clock of the worker: %s",
          endpoint, egress, rootMessage(failure));
    }
    if (has(failure, CertPathBuilderException.class)
        || has(failure, CertPathValidatorException.class)) {
      return String.format(
          "the certificate of %s was not trusted via %s; if a proxy or a firewall inspects TLS, add its"
              + " authority to the trust store of the JVM: %s",
          endpoint, egress, rootMessage(failure));
    }
    if (has(failure, CertificateException.class)) {
      return String.format(
          "the certificate of %s via %s is not for this host; check the URL, and what the proxy connects"
              + " to: %s",
          endpoint, egress, rootMessage(failure));
    }
    if (has(failure, NotSslRecordException.class)) {
      return String.format(
          "%s via %s does not use TLS; for a plain connection write ws:// or http://",
          endpoint, egress);
    }
    if (has(failure, ClosedChannelException.class)) {
      return String.format(
          "%s closed the connection during the TLS handshake via %s", endpoint, egress);
    }
    return String.format(
        "the TLS handshake with %s via %s failed: %s", endpoint, egress, rootMessage(failure));
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      root = t;
    }
    return Objects.requireNonNullElse(root.getMessage(), root.getClass().getSimpleName());
  }
}
