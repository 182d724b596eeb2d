package io.cryptofeed.connect.net;

import io.cryptofeed.connect.proxy.ProxiedChannel;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks exchanges over HTTP/1.1, each by the route that the proxy layer gives it. Connections are
 * kept and used again, one request at a time on each, for the same exchange and host on the same
 * event loop, as long as their exit may be used. Safe for use by many threads; has none of its own.
 */
public final class HttpClient implements AutoCloseable {

  private static final Duration KEPT_IDLE = Duration.ofSeconds(30);

  private final ProxyInjector injector;
  private final OriginTls tls;
  private final Duration keptIdle;
  private final String session;

  /** Idle connections, the latest used first; a deque is touched by the loop of its route only. */
  private final Map<Route, Deque<HttpConnection>> idle = new ConcurrentHashMap<>();

  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Opens every socket through {@code injector}. */
  public HttpClient(ProxyInjector injector, OriginTls tls) {
    this(injector, tls, KEPT_IDLE);
  }

  HttpClient(ProxyInjector injector, OriginTls tls, Duration keptIdle) {
    this.injector = injector;
    this.tls = tls;
    this.keptIdle = keptIdle;
    this.session = injector.newSession();
  }

  /**
   * Sends one GET. Any status is an answer, redirects included. A connection that had died while it
   * was idle is replaced, once, without notice. Cancelling the future closes the connection.
   *
   * @param loop runs the connection and completes the future
   * @param exchange the exchange's id, by which the route is chosen
   * @param uri {@code http} or {@code https}
   * @param weight what the request costs of the exchange's limit
   * @param timeout for everything together: the way there, TLS, the answer
   * @param maxBodyBytes a longer body, counted after decompression, is refused
   * @return the answer, or a {@link ConnectFailure} when the way to the exchange could not be
   *     opened, an {@link javax.net.ssl.SSLException} when TLS failed, another {@link IOException}
   *     otherwise; no message shows the query, which may hold a token
   */
  public Future<HttpAnswer> get(
      EventLoop loop, String exchange, URI uri, int weight, Duration timeout, int maxBodyBytes) {
    return send(loop, exchange, HttpRequestParts.get(uri), weight, timeout, maxBodyBytes);
  }

  /**
   * Sends one request, as {@link #get} does. Only GET and HEAD use a connection that was idle, and
   * are sent again when it had died: any other request is sent once or not at all.
   */
  public Future<HttpAnswer> send(
      EventLoop loop,
      String exchange,
      HttpRequestParts parts,
      int weight,
      Duration timeout,
      int maxBodyBytes) {
    Endpoint endpoint;
    try {
      endpoint = Endpoint.http(parts.uri());
    } catch (MalformedURLException e) {
      return loop.newFailedFuture(e);
    }
    Promise<HttpAnswer> promise = loop.newPromise();
    Route route = new Route(loop, exchange, endpoint);
    PendingRequest request =
        new PendingRequest(this, route, parts, weight, timeout, maxBodyBytes, promise);
    if (loop.inEventLoop()) {
      request.begin();
    } else {
      loop.execute(request::begin);
    }
    return promise;
  }

  /** Closes all connections; requests under way fail. */
  @Override
  public void close() {
    closed = true;
    open.forEach(HttpConnection::close);
  }

  /**
   * The idle connection that was used last, of those whose exit may be asked for so much more; null
   * when there is none.
   */
  @Nullable HttpConnection takeIdle(Route route, int weight) {
    Deque<HttpConnection> waiting = idle.get(route);
    if (waiting == null) {
      return null;
    }
    HttpConnection latest = null;
    for (Iterator<HttpConnection> each = waiting.iterator(); latest == null && each.hasNext(); ) {
      HttpConnection next = each.next();
      if (next.passage().spend(weight)) {
        latest = next;
        each.remove();
      }
    }
    if (waiting.isEmpty()) {
      idle.remove(route);
    }
    return latest;
  }

  void keepIdle(HttpConnection connection) {
    idle.computeIfAbsent(connection.route(), route -> new ArrayDeque<>()).addFirst(connection);
  }

  void forget(HttpConnection connection) {
    open.remove(connection);
    Deque<HttpConnection> waiting = idle.get(connection.route());
    if (waiting != null) {
      waiting.remove(connection);
      if (waiting.isEmpty()) {
        idle.remove(connection.route());
      }
    }
  }

  /** Opens a connection and hands it to the request once it can be used. */
  void open(PendingRequest request) {
    if (closed) {
      request.fail(new IOException(request + " was not sent: the client is closed"));
      return;
    }
    Route route = request.route();
    Destination to =
        new Destination(
            route.exchange(),
            Transport.REST,
            route.endpoint().host(),
            route.endpoint().port(),
            session,
            request.weight());
    Future<ProxiedChannel> way =
        injector.connect(route.loop(), to, passage -> begin(passage, request));
    request.givesUp(way);
    way.addListener(
        done -> {
          if (!done.isSuccess()) {
            request.fail(done.cause());
          }
        });
  }

  private void begin(ProxiedChannel passage, PendingRequest request) {
    Channel channel = passage.channel();
    if (request.isDone()) {
      OriginTls.closeAtOnce(channel);
      return;
    }
    passage.spend(request.weight());
    Route route = request.route();
    HttpConnection connection = new HttpConnection(this, route, passage, keptIdle, request);
    open.add(connection);
    Future<Channel> ready = tls.begin(channel, route.endpoint(), passage.egress());
    connection.addTo(channel.pipeline());
    ready.addListener(
        done -> {
          if (done.isSuccess()) {
            connection.send(request);
          } else {
            request.fail(done.cause());
          }
        });
    if (closed) {
      connection.close();
    }
  }

  /** How requests leave when no connection is open. */
  String egress(String exchange) {
    return injector.egress(exchange, Transport.REST);
  }

  boolean isClosed() {
    return closed;
  }

  /** What a connection must agree in to be used again. */
  record Route(EventLoop loop, String exchange, Endpoint endpoint) {}
}
