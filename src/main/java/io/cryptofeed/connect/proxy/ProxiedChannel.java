package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.pool.ConnectRequest;
import io.cryptofeed.connect.proxy.pool.Member;
import io.cryptofeed.connect.proxy.pool.Pool;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Exit;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to an exchange, and its egress. The user of the channel reports results here,
 * so that the next connections choose better. Call its methods on the channel's event loop, unless
 * they say otherwise.
 */
public final class ProxiedChannel {

  private final Channel channel;
  private final ConnectRequest request;
  private final Exit exit;
  private final Through through;
  private final ProxyEvents events;
  private final long openedNanos = System.nanoTime();
  private long bytesRead;
  private long bytesWritten;
  private long bytesReadReported;
  private long bytesWrittenReported;

  /** The member of a pool that a connection goes through; both are null for a direct one. */
  record Through(@Nullable Pool pool, @Nullable Member member) {
    static final Through NOTHING = new Through(null, null);
  }

  ProxiedChannel(
      Channel channel, ConnectRequest request, Exit exit, Through through, ProxyEvents events) {
    this.channel = channel;
    this.request = request;
    this.exit = exit;
    this.through = through;
    this.events = events;
    channel.closeFuture().addListener(done -> closed());
  }

  /** The channel to the exchange. */
  public Channel channel() {
    return channel;
  }

  /** {@code direct}, or the proxy as {@code scheme://host:port}. Any thread. */
  public String egress() {
    return exit.egress();
  }

  /** The proxy's label of its region, null when it has none. Any thread. */
  public @Nullable String region() {
    return exit.region();
  }

  /**
   * The exchange responded to a request, or refused a handshake.
   *
   * @param status the HTTP status
   * @param retryAfter the delay that the response asks for, null without one
   * @param took from the request to the response
   */
  public void answered(int status, @Nullable Duration retryAfter, Duration took) {
    events.answered(request.exchange(), request.transport(), exit, status, took);
    Pool pool = through.pool();
    Member member = through.member();
    if (pool != null && member != null) {
      pool.answered(member, request, status, retryAfter, System.nanoTime());
    }
    reportBytes();
  }

  /** A WebSocket pong arrived. */
  public void roundTrip(Duration took) {
    events.roundTrip(request.exchange(), exit, took);
    reportBytes();
  }

  /** The connection is silent: the proxy may be frozen. */
  public void silent() {
    if (through.pool() != null && through.member() != null) {
      through.pool().silent(through.member(), request, System.nanoTime());
    }
  }

  /**
   * Takes the weight of a request from the budget of this egress.
   *
   * @return false when the budget is exhausted, or the member is not eligible now
   */
  public boolean spend(int weight) {
    return through.pool() == null
        || through.member() == null
        || through.pool().spend(through.member(), request.exchange(), weight, System.nanoTime());
  }

  /** Whether the next connection can use another egress, after this one was refused. */
  public boolean hasAnother() {
    return through.pool() != null
        && through.member() != null
        && through.pool().hasAnother(request, through.member(), System.nanoTime());
  }

  /** Bytes were read by the application. */
  public void read(int bytes) {
    bytesRead += bytes;
  }

  /** All bytes that have arrived by now were read: they are counted. */
  public void readComplete() {
    if (bytesRead != bytesReadReported) {
      reportBytes();
    }
  }

  /** Bytes were written by the application. */
  public void wrote(int bytes) {
    bytesWritten += bytes;
  }

  private void reportBytes() {
    events.transferred(
        request.exchange(),
        request.transport(),
        exit,
        bytesRead - bytesReadReported,
        bytesWritten - bytesWrittenReported);
    bytesReadReported = bytesRead;
    bytesWrittenReported = bytesWritten;
  }

  private void closed() {
    reportBytes();
    events.closed(
        request.exchange(),
        request.transport(),
        request.target(),
        exit,
        Duration.ofNanos(System.nanoTime() - openedNanos),
        bytesRead,
        bytesWritten);
  }
}
