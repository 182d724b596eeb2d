package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.settings.Way;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The only way to open a socket: it routes each connection by exchange and transport, and hands
 * over a channel once the tunnel is up. Safe for use by many threads.
 *
 * <p>It fails closed. A connection without a route is refused, a proxy that fails is a failure, and
 * nothing is ever tried directly instead. The proxy resolves the destination's name, except a
 * {@code socks4} proxy, which can't.
 */
public final class ProxyInjector implements AutoCloseable {

  private static final String NO_EGRESS = "none";

  private final ProxySettings settings;
  private final ConnectAttempt.Tools tools;

  /** Routes by these settings. TLS with a proxy trusts what the JVM trusts. */
  public ProxyInjector(ProxySettings settings) {
    this(settings, jvmTrust(), Names.ofThisMachine());
  }

  ProxyInjector(
      ProxySettings settings, SslContext proxyTls, AddressResolverGroup<InetSocketAddress> names) {
    this.settings = settings;
    this.tools = new ConnectAttempt.Tools(proxyTls, names, new OpenChannels());
  }

  /**
   * {@code direct}, or the proxy of this route as {@code scheme://host:port}; {@code none} when
   * there is no route.
   */
  public String egress(String exchange, Transport transport) {
    return leg(exchange, transport, null).map(Leg::egress).orElse(NO_EGRESS);
  }

  /**
   * Opens a connection, within the timeout of its route.
   *
   * <p>The TLS of an {@code https} proxy stays in the pipeline, ahead of what {@code origin} adds;
   * everything else of the proxy is gone by then. Cancelling the future closes the connection.
   *
   * @param loop runs the channel
   * @param origin builds the pipeline towards the destination, when and only when the way there is
   *     open, and before {@code channelActive} is fired; runs on {@code loop}. When it throws, the
   *     connection is closed and the future fails with what it threw
   * @return the open channel, or a {@link ConnectFailure}
   */
  public Future<Channel> connect(EventLoop loop, Destination to, Consumer<Channel> origin) {
    Promise<Channel> promise = loop.newPromise();
    Optional<Leg> leg = leg(to.exchange(), to.transport(), to.host());
    if (leg.isEmpty()) {
      promise.setFailure(
          new ConnectFailure(
              Stage.ROUTE,
              FailureKind.NO_WAY,
              NO_EGRESS,
              "exchange="
                  + to.exchange()
                  + " has no proxy for its "
                  + to.transport().code()
                  + " connections; set proxy.exchanges."
                  + to.exchange()
                  + "."
                  + to.transport().code()
                  + ".url, or write 'direct' there",
              null));
      return promise;
    }
    ConnectAttempt attempt = new ConnectAttempt(loop, to, leg.get(), tools, origin, promise);
    if (loop.inEventLoop()) {
      attempt.start();
    } else {
      loop.execute(attempt::start);
    }
    return promise;
  }

  /**
   * Closes every connection at once, within a second, and refuses new ones. To be called while the
   * event loops still run, and on none of them.
   */
  @Override
  public void close() {
    tools.open().close();
    tools.names().close();
  }

  private Optional<Leg> leg(String exchange, Transport transport, @Nullable String host) {
    return settings
        .route(exchange, transport, null, host)
        .map(
            route ->
                new Leg(
                    route.way() instanceof Way.Proxy proxied ? proxied.url() : null,
                    route.source().key(),
                    route.timeout()));
  }

  private static SslContext jvmTrust() {
    try {
      return SslContextBuilder.forClient().build();
    } catch (SSLException e) {
      throw new IllegalStateException(
          "cannot set up TLS; check javax.net.ssl.trustStore of the worker's JVM", e);
    }
  }
}
