package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.market.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches one stream of one connection: was it confirmed, has its first message come, is it silent
 * for too long. Venues accept streams that they never serve, so a confirmation alone proves
 * nothing. Used by one thread; the time is passed in.
 */
public final class StreamLiveness {

  /** A stream without a confirmation and without data after this time is not subscribed. */
  static final long CONFIRMATION_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final long firstDataNanos;
  private final long staleNanos;
  private final boolean confirms;
  private boolean subscribed;
  private boolean confirmed;
  private boolean alive;
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
   * @param firstData how long the first data may take, zero for any time
   * @param stale how long data may be missing, zero for any time
   * @param confirms whether a subscription is confirmed before there is data
   */
  public StreamLiveness(Duration firstData, Duration stale, boolean confirms) {
    firstDataNanos = firstData.toNanos();
    staleNanos = stale.toNanos();
    this.confirms = confirms;
  }

  /** The subscription has been sent. */
  public void subscribed(long nowNanos) {
    subscribed = true;
    confirmed = false;
    alive = false;
    since = nowNanos;
  }

  /** The connection is gone. */
  public void disconnected() {
    subscribed = false;
  }

  /**
   * The venue has confirmed the subscription.
   *
   * @return whether this is the first sign of the stream since it was subscribed
   */
  public boolean confirmed() {
    boolean first = subscribed && !confirmed && !alive;
    confirmed = true;
    return first;
  }

  /**
   * Data has come.
   *
   * @return whether this is the first sign of the stream since it was subscribed
   */
  public boolean alive(long nowNanos) {
    boolean first = subscribed && !confirmed && !alive;
    alive = true;
    since = nowNanos;
    return first;
  }

  /** Whether nothing more is to be heard before the newest subscription counts. */
  boolean isConfirmed() {
    return confirmed || !confirms;
  }

  /** The venue says that a stream which has sent data is alive, though silent. */
  public void heartbeat(long nowNanos) {
    if (alive) {
      since = nowNanos;
    }
  }

  /** Time in which nothing was read does not count against the stream. */
  public void excuse(long nowNanos) {
    since = nowNanos;
  }

  /** What is wrong with the stream, or null. */
  @Nullable
  public String complaint(long nowNanos) {
    if (!subscribed) {
      return null;
    }
    long silent = nowNanos - since;
    if (!alive) {
      if (!isConfirmed() && silent > CONFIRMATION_NANOS) {
        return "the subscription was not confirmed within " + seconds(CONFIRMATION_NANOS);
      }
      if (firstDataNanos > 0 && silent > firstDataNanos && isConfirmed()) {
        return "no data came within " + seconds(firstDataNanos) + " of subscribing";
      }
      return null;
    }
    return staleNanos > 0 && silent > staleNanos ? "no data came for " + seconds(staleNanos) : null;
  }

  private static String seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos) + " s";
  }
}
