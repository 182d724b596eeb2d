package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.connect.OpenChannels;
import io.cryptofeed.connect.proxy.settings.Pin;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The only code that opens a socket: it routes each connection by exchange and transport, chooses
 * among the proxies of a pool, tries another when one fails, and returns a channel once the tunnel
 * is open. Safe for use by many threads.
 *
 * <p>It fails closed. A connection without a route is refused, proxies that fail are a failure, and
 * nothing is ever tried directly instead, unless the configuration says so in as many words. The
 * proxy resolves the destination's name, except a {@code socks4} proxy, which cannot.
 *
 * <p>Several injectors may share what they know of the proxies: see {@link SharedProxies}. Each
 * closes only the connections that it opened.
 */
public final class ProxyInjector implements AutoCloseable {

  private final ProxyLayer layer;
  private final OpenChannels open = new OpenChannels();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Routes by these settings, and shares with nobody. */
  public ProxyInjector(ProxySettings settings) {
    this(ProxyLayer.open("library", settings, MetricsView.NONE));
  }

  public ProxyInjector(ProxyLayer layer) {
    this.layer = layer;
    layer.joined();
  }

  /**
   * How connections leave, before one is open: {@code direct}, the proxy of this route as {@code
   * scheme://host:port}, {@code pool:} and its name; {@code none} when there is no route. A opened
   * knows its exit more exactly.
   */
  public String egress(String exchange, Transport transport) {
    return layer.egress(exchange, transport);
  }

  /**
   * Whether the REST requests of an exchange are paced here, by the weight that a pool may spend
   * through each of its members; if not, the sender has to respect the exchange's limits.
   */
  public boolean pacesRest(String exchange) {
    return layer.pacesRest(exchange);
  }

  /** Whether the connections of an exchange may change their exit when it is refused. */
  public boolean hasPool(String exchange, Transport transport) {
    return layer.hasPool(exchange, transport);
  }

  /** A name for a connection that is opened again and again, unlike that of any other. */
  public String newSession() {
    return layer.newSession();
  }

  /** The keys of which a host must have one, by host name; empty when any trusted one will do. */
  public Set<Pin> exchangePins(String host) {
    return layer.exchangePins(host);
  }

  /** A server showed a key that is not among its pins. */
  public void pinMismatch(String host) {
    layer.events().pinMismatch(host);
  }

  /** Writes one line about each route of these exchanges into the log. */
  public void logRoutes(Collection<String> exchanges) {
    layer.logRoutes(exchanges);
  }

  /**
   * Opens a connection, within the timeout of its route, failover included.
   *
   * <p>The TLS of an {@code https} proxy stays in the pipeline, ahead of what {@code origin} adds;
   * everything else of the proxy is gone by then. Cancelling the future closes the connection.
   *
   * @param loop runs the channel
   * @param origin builds the pipeline towards the destination, if and only if the connection is
   *     open, and before {@code channelActive} is fired; runs on {@code loop}. When it throws, the
   *     connection is closed and the future fails with what it threw
   * @return the open opened, or a {@link ConnectFailure}
   */
  public Future<ProxiedChannel> connect(
      EventLoop loop, Destination to, Consumer<ProxiedChannel> origin) {
    Promise<ProxiedChannel> promise = loop.newPromise();
    ConnectSequence sequence = new ConnectSequence(layer, open, loop, to, origin, promise);
    if (loop.inEventLoop()) {
      sequence.start();
    } else {
      loop.execute(sequence::start);
    }
    return promise;
  }

  /**
   * Closes every connection that it opened at once, within a second, and refuses new ones. To be
   * called while the event loops still run, and on none of them. Idempotent.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      open.close();
      layer.left();
    }
  }
}
