package io.cryptofeed.connect.net;

import java.time.Instant;

/** The wall clock at which a message is said to have arrived. */
public final class EpochClock {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private EpochClock() {}

  /**
   * Nanoseconds since the epoch, as fine as the operating system tells (microseconds at least on
   * Linux and macOS). Follows the wall clock, so it can step back when that is set. Reaches to the
   * year 2262.
   */
  public static long nowNs() {
    // Once compiled, the Instant does not escape and is never allocated.
    Instant now = Instant.now();
    return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
  }
}
