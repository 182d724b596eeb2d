package io.cryptofeed.connect.net;

import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request from the asking to the answer: its deadline, its connection, and its second chance.
 * Owned by one event loop.
 */
final class PendingRequest {

  private final HttpClient client;
  private final HttpClient.Route route;
  private final HttpRequestParts parts;
  private final URI uri;
  private final int weight;
  private final Duration timeout;
  private final int maxBodyBytes;
  private final Promise<HttpAnswer> promise;

  private @Nullable HttpConnection connection;
  private boolean onKeptConnection;
  private boolean answered;

  PendingRequest(
      HttpClient client,
      HttpClient.Route route,
      HttpRequestParts parts,
      int weight,
      Duration timeout,
      int maxBodyBytes,
      Promise<HttpAnswer> promise) {
    this.client = client;
    this.route = route;
    this.parts = parts;
    this.uri = URI.create(parts.uri().toASCIIString());
    this.weight = weight;
    this.timeout = timeout;
    this.maxBodyBytes = maxBodyBytes;
    this.promise = promise;
  }

  void begin() {
    Future<?> deadline =
        route.loop().schedule(this::timedOut, timeout.toNanos(), TimeUnit.NANOSECONDS);
    promise.addListener(
        done -> {
          deadline.cancel(false);
          if (!done.isSuccess() && connection != null) {
            connection.close();
          }
        });
    HttpConnection kept = parts.isRepeatable() ? client.takeIdle(route, weight) : null;
    if (kept == null) {
      client.open(this);
    } else {
      onKeptConnection = true;
      kept.send(this);
    }
  }

  HttpClient.Route route() {
    return route;
  }

  /** What it costs of the exchange's limit. */
  int weight() {
    return weight;
  }

  int maxBodyBytes() {
    return maxBodyBytes;
  }

  HttpRequestParts parts() {
    return parts;
  }

  /** Path and query, as they are sent. */
  String target() {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  boolean isDone() {
    return promise.isDone();
  }

  /** Ends the opening of a connection together with this request. */
  void givesUp(io.netty.util.concurrent.Future<?> way) {
    promise.addListener(done -> way.cancel(false));
  }

  /** The connection that is being opened for this request, or on which it is sent. */
  void runsOn(HttpConnection connection) {
    this.connection = connection;
  }

  /** The exchange has begun to answer: sending the request again could not help. */
  void answered() {
    answered = true;
  }

  void complete(HttpAnswer answer) {
    promise.trySuccess(answer);
  }

  void fail(Throwable cause) {
    promise.tryFailure(cause);
  }

  /**
   * The connection has ended.
   *
   * @param cause the I/O error, null when the peer just closed it
   */
  void lost(@Nullable Throwable cause) {
    if (onKeptConnection && !answered && !promise.isDone() && !client.isClosed()) {
      // The peer had closed it while it was idle, and asking twice does no harm.
      onKeptConnection = false;
      connection = null;
      client.open(this);
      return;
    }
    String ended = client.isClosed() ? "the client was closed" : "the connection was closed";
    fail(
        new IOException(
            String.format(
                "%s got no whole answer via %s: %s", this, egress(), cause == null ? ended : cause),
            cause));
  }

  private String egress() {
    return connection == null ? client.egress(route.exchange()) : connection.passage().egress();
  }

  private void timedOut() {
    String what =
        answered
            ? "was answered only in part"
            : connection == null ? "could not be sent" : "was not answered";
    fail(
        new SocketTimeoutException(
            String.format("%s %s within %d ms via %s", this, what, timeout.toMillis(), egress())));
  }

  /** Without the query, which may hold a token. */
  @Override
  public String toString() {
    return route.exchange() + " " + parts.method() + " " + route.endpoint() + uri.getRawPath();
  }
}
