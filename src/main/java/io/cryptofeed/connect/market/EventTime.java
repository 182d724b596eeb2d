package io.cryptofeed.connect.market;

import java.time.Instant;

/**
 * Which times can be those of an event. Exchanges send placeholders (the epoch, the year 1) for
 * events without a time, and sometimes a time in another unit than they document.
 */
public final class EventTime {

  /** The day of the first block of Bitcoin, nanoseconds since the epoch: no market is older. */
  public static final long EARLIEST_NS =
      Instant.parse("2009-01-03T00:00:00Z").getEpochSecond() * 1_000_000_000L;

  private EventTime() {}

  /**
   * Whether an event can have this time. Milliseconds that are read as microseconds give a time
   * before; microseconds that are read as milliseconds do not fit a long.
   *
   * @param eventNs nanoseconds since the epoch; a value that does not fit is {@link Long#MAX_VALUE}
   */
  public static boolean isPlausible(long eventNs) {
    return eventNs >= EARLIEST_NS && eventNs != Long.MAX_VALUE;
  }

  /** The event time if it {@link #isPlausible}, else the receive time. */
  public static long orReceived(long eventNs, long receiveNs) {
    return isPlausible(eventNs) ? eventNs : receiveNs;
  }
}
