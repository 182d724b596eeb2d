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
 * The open way to an exchange: a channel, and the exit that it takes. Whoever uses the channel
 * tells here what comes of it, so that the next connections take better ways. Its methods belong to
 * the channel's event loop, except where they say otherwise.
 */
public final class ProxiedChannel {

  private final Channel channel;
  private final ConnectRequest errand;
  private final Exit exit;
  private final Through through;
  private final ProxyEvents events;
  private final long openedNanos = System.nanoTime();
  private long bytesRead;
  private long bytesWritten;
  private long bytesReadTold;
  private long bytesWrittenTold;

  /** The member of a pool that a connection goes through; both are null for a direct one. */
  record Through(@Nullable Pool pool, @Nullable Member member) {
    static final Through NOTHING = new Through(null, null);
  }

  ProxiedChannel(
      Channel channel, ConnectRequest errand, Exit exit, Through through, ProxyEvents events) {
    this.channel = channel;
    this.errand = errand;
    this.exit = exit;
    this.through = through;
    this.events = events;
    channel.closeFuture().addListener(done -> closed());
  }

  /** The channel, behind which lies the exchange. */
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
   * The exchange answered a request, or refused a handshake.
   *
   * @param status the HTTP status
   * @param retryAfter how long it asks us to wait, null when it doesn't say
   * @param took from the request to the answer
   */
  public void answered(int status, @Nullable Duration retryAfter, Duration took) {
    events.answered(errand.exchange(), errand.transport(), exit, status, took);
    Pool pool = through.pool();
    Member member = through.member();
    if (pool != null && member != null) {
      pool.answered(member, errand, status, retryAfter, System.nanoTime());
    }
    tellBytes();
  }

  /** A WebSocket ping was answered. */
  public void roundTrip(Duration took) {
    events.roundTrip(errand.exchange(), exit, took);
    tellBytes();
  }

  /** Nothing arrives any more, though it should: the proxy may be frozen. */
  public void silent() {
    if (through.pool() != null && through.member() != null) {
      through.pool().silent(through.member(), errand, System.nanoTime());
    }
  }

  /**
   * Takes the weight of a request from what the exchange may still be asked through this exit.
   *
   * @return false when it must not be asked this way now
   */
  public boolean spend(int weight) {
    return through.pool() == null
        || through.member() == null
        || through.pool().spend(through.member(), errand.exchange(), weight, System.nanoTime());
  }

  /** Whether the next connection may take another exit, now that this one was refused. */
  public boolean hasAnother() {
    return through.pool() != null
        && through.member() != null
        && through.pool().hasAnother(errand, through.member(), System.nanoTime());
  }

  /** Bytes were read by the application. */
  public void read(int bytes) {
    bytesRead += bytes;
  }

  /** Bytes were written by the application. */
  public void wrote(int bytes) {
    bytesWritten += bytes;
  }

  private void tellBytes() {
    events.transferred(
        errand.exchange(),
        errand.transport(),
        exit,
        bytesRead - bytesReadTold,
        bytesWritten - bytesWrittenTold);
    bytesReadTold = bytesRead;
    bytesWrittenTold = bytesWritten;
  }

  private void closed() {
    tellBytes();
    events.closed(
        errand.exchange(),
        errand.transport(),
        errand.target(),
        exit,
        Duration.ofNanos(System.nanoTime() - openedNanos),
        bytesRead,
        bytesWritten);
  }
}
