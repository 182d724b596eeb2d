package io.cryptofeed.connect.ccxt;

import java.time.Duration;

/**
 * What a script may take before it is stopped.
 *
 * @param turn how long one entry into the script may last; more than zero
 * @param load how long reading the bundle may last; more than zero
 * @param sockets open or opening at a time
 * @param requests under way or waiting at a time
 * @param timers running at a time
 * @param answerBytes of one REST answer, after decompression
 * @param messageBytes of one WebSocket message, after joining and decompressing
 */
public record ScriptLimits(
    Duration turn,
    Duration load,
    int sockets,
    int requests,
    int timers,
    int answerBytes,
    int messageBytes) {

  /**
   * A frame is read in less than a millisecond; reading 3000 markets in the interpreter took 2.4 s,
   * and 5 s on a busy machine. Loading took 4 to 9 s, and 38 s with seven others at each core. No
   * class opens a tenth of these sockets; a hundred requests wait where somebody asks for the books
   * of a hundred symbols at once.
   */
  public static final ScriptLimits DEFAULT =
      new ScriptLimits(
          Duration.ofSeconds(10), Duration.ofMinutes(3), 200, 1_000, 10_000, 64 << 20, 16 << 20);

  /** Refuses what would stop every script. */
  public ScriptLimits {
    if (turn.isZero() || turn.isNegative() || load.isZero() || load.isNegative()) {
      throw new IllegalArgumentException(
          "a turn of " + turn + " and a load of " + load + " leave no time to run");
    }
  }
}
