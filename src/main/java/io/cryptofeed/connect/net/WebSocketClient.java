package io.cryptofeed.connect.net;

import io.cryptofeed.connect.proxy.ProxiedChannel;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.MalformedURLException;
import java.net.URI;

/** Opens WebSockets, each by the route that the proxy layer gives its exchange. Thread-safe. */
public final class WebSocketClient {

  private final ProxyInjector injector;
  private final OriginTls tls;

  /** Opens every socket through {@code injector}. */
  public WebSocketClient(ProxyInjector injector, OriginTls tls) {
    this.injector = injector;
    this.tls = tls;
  }

  /**
   * Opens a WebSocket. Cancelling the future gives up the attempt; once it has succeeded, {@link
   * WebSocketListener#onClosed} reports how the connection ends, and never before.
   *
   * <p>The exchange may speak first: only a listener of the future that was added on {@code loop}
   * is sure to run before the first message.
   *
   * @param loop runs the connection and calls the listener
   * @param exchange the exchange's id, by which the route is chosen
   * @param session what stays the same when the connection is opened again
   * @param uri {@code ws} or {@code wss}
   * @return the connection, or a {@link ConnectFailure} when the way to the exchange could not be
   *     opened, a {@link HandshakeRefusedException} when the exchange answered with an HTTP status,
   *     an {@link javax.net.ssl.SSLException} when TLS failed, another {@link java.io.IOException}
   *     otherwise
   */
  public Future<WebSocketConnection> connect(
      EventLoop loop,
      String exchange,
      String session,
      URI uri,
      WebSocketOptions options,
      WebSocketListener listener) {
    Endpoint endpoint;
    try {
      endpoint = Endpoint.webSocket(uri);
    } catch (MalformedURLException e) {
      return loop.newFailedFuture(e);
    }
    Promise<WebSocketConnection> promise = loop.newPromise();
    Destination to =
        new Destination(
            exchange, Transport.WEBSOCKET, endpoint.host(), endpoint.port(), session, 0);
    WebSocketUpgrade upgrade =
        new WebSocketUpgrade(exchange, uri, endpoint, options, listener, tls, promise);
    Future<ProxiedChannel> way = injector.connect(loop, to, upgrade::begin);
    promise.addListener(done -> way.cancel(false));
    way.addListener(
        done -> {
          if (!done.isSuccess()) {
            promise.tryFailure(done.cause());
          }
        });
    return promise;
  }
}
