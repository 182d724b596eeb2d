package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.market.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds a stream that is dead although its connection is open: its subscription is not confirmed,
 * its first data does not arrive, or it is silent for too long. Venues accept streams that they
 * never serve, so a confirmation proves nothing. Used by one thread; the time is passed in.
 */
public final class StreamLiveness {

  /** A stream that has neither a confirmation nor data after this time is not subscribed. */
  static final long CONFIRMATION_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final long firstDataNanos;
  private final long staleNanos;
  private final boolean confirms;
  private boolean subscribed;
  private boolean confirmed;
  private boolean alive;
  private boolean halted;
  private long since;

  /**
   * @param rules the venue's rules
   * @param channel what is streamed
   */
  public StreamLiveness(ConnectionRules rules, Channel channel) {
    this(
        rules.firstData().getOrDefault(channel, Duration.ZERO),
        rules.staleAfter().getOrDefault(channel, Duration.ZERO),
        rules.confirms());
  }

  /**
   * @param firstData the longest time from the subscription to the first data, zero for no limit
   * @param stale the longest time without data, zero for no limit
   * @param confirms whether the exchange confirms a subscription before it sends data
   */
  public StreamLiveness(Duration firstData, Duration stale, boolean confirms) {
    firstDataNanos = firstData.toNanos();
    staleNanos = stale.toNanos();
    this.confirms = confirms;
  }

  /** The subscription has been sent. */
  public void onSubscribe(long nowNanos) {
    subscribed = true;
    confirmed = false;
    alive = false;
    since = nowNanos;
  }

  /** The stream is not subscribed any more. */
  public void onDisconnected() {
    subscribed = false;
  }

  /**
   * The exchange has confirmed the subscription.
   *
   * @return whether this is the first message about the stream since it was subscribed
   */
  public boolean onConfirmed() {
    boolean first = subscribed && !confirmed && !alive;
    confirmed = true;
    return first;
  }

  /**
   * Data has arrived.
   *
   * @return whether this is the first message about the stream since it was subscribed
   */
  public boolean onData(long nowNanos) {
    boolean first = subscribed && !confirmed && !alive;
    alive = true;
    since = nowNanos;
    return first;
  }

  /** Whether data has arrived since the stream was subscribed. */
  public boolean isAlive() {
    return subscribed && alive;
  }

  /** Whether the stream is subscribed, although nothing may have arrived. */
  public boolean isSubscribed() {
    return subscribed;
  }

  /** Whether the newest subscription is confirmed, or the exchange confirms none. */
  boolean isConfirmed() {
    return confirmed || !confirms;
  }

  /** The exchange says that a stream which has sent data is alive, although it is silent. */
  public void onHeartbeat(long nowNanos) {
    if (alive) {
      since = nowNanos;
    }
  }

  /** Reading was paused until now: that time is not counted as silence. */
  public void onReadingResumed(long nowNanos) {
    since = nowNanos;
  }

  /** The exchange has halted the instrument: its silence is expected. */
  void onHalted() {
    halted = true;
  }

  /** The exchange trades the instrument again: silence counts from now on. */
  void onResumed(long nowNanos) {
    halted = false;
    since = nowNanos;
  }

  /** Whether the exchange has halted the instrument. */
  public boolean isHalted() {
    return halted;
  }

  /** Why the stream is stale, or null if it is not. */
  @Nullable
  public String staleReason(long nowNanos) {
    if (!subscribed) {
      return null;
    }
    long silent = nowNanos - since;
    if (!alive && !isConfirmed() && silent > CONFIRMATION_NANOS) {
      return "the subscription was not confirmed within " + seconds(CONFIRMATION_NANOS);
    }
    if (halted) {
      return null;
    }
    if (!alive) {
      if (firstDataNanos > 0 && silent > firstDataNanos && isConfirmed()) {
        return "no data arrived within " + seconds(firstDataNanos) + " after the subscription";
      }
      return null;
    }
    return staleNanos > 0 && silent > staleNanos
        ? "no data arrived for " + seconds(staleNanos)
        : null;
  }

  private static String seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos) + " s";
  }
}
