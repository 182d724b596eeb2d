package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.net.CloseReason;
import io.cryptofeed.connect.net.HandshakeRefusedException;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.net.WebSocketConnection;
import io.cryptofeed.connect.net.WebSocketOptions;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.text.UntrustedText;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection open: connects, reconnects with backoff after a disconnect, and replaces the
 * connection before the venue's maximum age. The replacement is open and subscribed before the old
 * connection is closed. Used by the connection's event loop.
 */
final class Reconnector {

  private static final Logger LOG = LoggerFactory.getLogger(Reconnector.class);

  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
  private static final long NOT_PERMITTED_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** How long the old connection stays open after all streams of the new one are confirmed. */
  private static final long OVERLAP_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** The planned age at which a connection is replaced, as a share of the venue's maximum. */
  private static final double ROLLOVER_SHARE = 0.95;

  private final String exchange;
  private final URI url;
  private final ConnectionRules rules;
  private final FeedLoop loop;
  private final FeedServices services;
  private final RateLimiter connects;
  private final Listener listener;
  private final String session;
  private final Backoff backoff;
  private final long rolloverAgeNanos;
  private @Nullable VenueSocket current;
  private @Nullable VenueSocket successor;
  private boolean reading = true;
  private boolean closed;

  /** Makes the sockets, and learns what happens to the connection. */
  interface Listener {

    VenueSocket newSocket();

    /**
     * A socket is open, and nothing is subscribed on it.
     *
     * @param egress {@code direct}, or the proxy as {@code scheme://host:port}
     */
    void onOpened(VenueSocket socket, String egress, long nowNanos);

    /** An attempt to connect failed. */
    void onConnectFailed(String reason);

    /** The connection is lost, and no other one is open. */
    void onLost(String reason);

    /** A socket has closed, and its replacement is open. */
    void onReplaced(VenueSocket old);
  }

  /**
   * @param url where the connection is opened
   * @param connects limits how often the exchange is connected to; shared by its connections
   */
  Reconnector(
      String exchange,
      URI url,
      ConnectionRules rules,
      FeedLoop loop,
      FeedServices services,
      RateLimiter connects,
      Listener listener) {
    this.exchange = exchange;
    this.url = url;
    this.rules = rules;
    this.loop = loop;
    this.services = services;
    this.connects = connects;
    this.listener = listener;
    session = services.injector().newSession();
    backoff = new Backoff(services.random());
    // Spread over a tenth of the age: connections opened together are not replaced together.
    rolloverAgeNanos =
        (long) (rules.maxAge().toNanos() * (ROLLOVER_SHARE - services.random().nextDouble() / 10));
  }

  /** The socket in use, null while disconnected. */
  @Nullable VenueSocket current() {
    return current;
  }

  /** The socket that replaces the one in use, null unless a replacement is under way. */
  @Nullable VenueSocket successor() {
    return successor;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isReading() {
    return reading;
  }

  /** Pauses or resumes reading. */
  void setReading(boolean read) {
    reading = read;
    forEachSocket(socket -> socket.setReading(read));
  }

  /** Does something with every socket, open or not. */
  void forEachSocket(Consumer<VenueSocket> action) {
    if (current != null) {
      action.accept(current);
    }
    if (successor != null) {
      action.accept(successor);
    }
  }

  /** Closes the connection for good. */
  void close(String reason) {
    closed = true;
    forEachSocket(socket -> socket.close(1000, reason));
  }

  // Connecting.

  /** Connects unless closed. */
  void connect() {
    if (closed) {
      return;
    }
    VenueSocket socket = listener.newSocket();
    current = socket;
    open(socket);
  }

  private void open(VenueSocket socket) {
    String key = url.getHost() + '|' + services.injector().egress(exchange, Transport.WEBSOCKET);
    long wait = connects.reserve(key, 1, System.nanoTime());
    loop.later(wait, () -> openNow(socket));
  }

  private void openNow(VenueSocket socket) {
    if (closed) {
      return;
    }
    WebSocketOptions options =
        new WebSocketOptions(
            rules.offersCompression(),
            WebSocketOptions.DEFAULT_MAX_MESSAGE_BYTES,
            HANDSHAKE_TIMEOUT);
    services
        .webSockets()
        .connect(loop.eventLoop(), exchange, session, url, options, socket)
        .addListener(
            (Future<WebSocketConnection> done) -> {
              try {
                connected(socket, done);
              } catch (RuntimeException fault) {
                // The future would swallow it, and leave an open connection without streams.
                LOG.error("exchange={} subscribing failed; reconnecting", exchange, fault);
                socket.abort("subscribing failed: " + fault);
              }
            });
  }

  private void connected(VenueSocket socket, Future<WebSocketConnection> done) {
    if (!done.isSuccess()) {
      notConnected(socket, done.cause());
      return;
    }
    WebSocketConnection connection = done.getNow();
    if (closed) {
      connection.close(1000, "the task stops");
      return;
    }
    long now = System.nanoTime();
    services.counters().connections().increment();
    socket.opened(connection, now);
    socket.setReading(reading);
    if (socket == current) {
      backoff.opened(now);
    }
    listener.onOpened(socket, connection.egress(), now);
  }

  private void notConnected(VenueSocket socket, Throwable cause) {
    if (closed) {
      return;
    }
    if (socket == successor) {
      successor = null;
      LOG.warn(
          "exchange={} cannot open a replacement connection, the old one stays in use: {}",
          exchange,
          UntrustedText.sanitised(cause.getMessage()));
      return;
    }
    current = null;
    long wait = Math.max(backoff.failed(System.nanoTime()), requiredPause(cause));
    String reason = UntrustedText.sanitised(cause.getMessage());
    if (backoff.isLoggable()) {
      LOG.warn(
          "exchange={} cannot connect, attempt {}, next in {} ms: {}",
          exchange,
          backoff.attempts(),
          TimeUnit.NANOSECONDS.toMillis(wait),
          reason);
    }
    listener.onConnectFailed(reason);
    loop.later(wait, this::connect);
  }

  /** How long the venue, or the proxy pool, wants no further attempt; in nanoseconds. */
  private static long requiredPause(Throwable cause) {
    if (cause instanceof HandshakeRefusedException refused) {
      return refused.mayGoElsewhere() ? 0 : refusalPause(refused);
    }
    return cause instanceof ConnectFailure failure
        ? Math.min(failure.retryAfter().toNanos(), NOT_PERMITTED_NANOS)
        : 0;
  }

  private static long refusalPause(HandshakeRefusedException refused) {
    Duration retryAfter = refused.retryAfter().orElse(Duration.ZERO);
    return switch (refused.status()) {
      // The venue does not serve this address: fast retries change nothing and may end in a ban.
      case 403, 418, 429, 451 -> Math.max(NOT_PERMITTED_NANOS, retryAfter.toNanos());
      default -> retryAfter.toNanos();
    };
  }

  // Replacing the connection.

  /** Replaces the connection if it is near the venue's maximum age. */
  void replaceIfOld(VenueSocket socket, long nowNanos) {
    if (rolloverAgeNanos > 0 && socket.ageNanos(nowNanos) > rolloverAgeNanos) {
      replace("the old one is near the maximum age that the exchange allows");
    }
  }

  /** Opens a replacement of the connection, unless one is under way. */
  void replace(String reason) {
    if (successor != null || closed) {
      return;
    }
    LOG.info("exchange={} opening a replacement connection: {}", exchange, reason);
    VenueSocket socket = listener.newSocket();
    successor = socket;
    open(socket);
  }

  /** Uses the replacement, and closes the old connection after a while. */
  void useSuccessor() {
    VenueSocket old = current;
    current = successor;
    successor = null;
    backoff.opened(System.nanoTime());
    if (old != null) {
      loop.later(OVERLAP_NANOS, () -> old.close(1000, "replaced by a newer connection"));
    }
  }

  /** A socket has closed. */
  void onClosed(VenueSocket socket, CloseReason reason) {
    if (closed) {
      return;
    }
    if (socket == successor) {
      successor = null;
      return;
    }
    if (socket != current) {
      return;
    }
    services.counters().disconnects().increment();
    String text = "the connection was closed with code " + reason.code() + ": " + describe(reason);
    if (successor != null && successor.isOpen()) {
      LOG.info("exchange={} {}; the replacement is open", exchange, text);
      listener.onReplaced(socket);
      useSuccessor();
      return;
    }
    if (successor == null) {
      current = null;
      long wait = backoff.failed(System.nanoTime());
      LOG.warn(
          "exchange={} {}; reconnecting in {} ms",
          exchange,
          text,
          TimeUnit.NANOSECONDS.toMillis(wait));
      loop.later(wait, this::connect);
    } else {
      LOG.warn("exchange={} {}; the replacement is being opened", exchange, text);
      current = successor;
      successor = null;
    }
    listener.onLost(text);
  }

  private static String describe(CloseReason reason) {
    Throwable cause = reason.cause();
    return cause == null
        ? reason.text()
        : reason.text() + " (" + UntrustedText.sanitised(cause.getMessage()) + ")";
  }
}
