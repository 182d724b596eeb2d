package io.cryptofeed.connect.ccxt;

import java.time.Duration;

/**
 * The limits of a script; a script that exceeds one is stopped.
 *
 * @param turn how long one call into the script may last; more than zero
 * @param load how long evaluating the bundle may last; more than zero
 * @param sockets the most sockets that are open or being opened
 * @param requests the most requests that are sent or waiting
 * @param timers the most running timers
 * @param answerBytes the longest REST response, decompressed
 * @param messageBytes the longest WebSocket message, joined and decompressed
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
   * Measured: a frame is parsed in less than a millisecond; parsing 3000 markets in the interpreter
   * took 2.4 s, and 5 s on a busy machine. Loading took 4 to 9 s, and 38 s with eight scripts per
   * core. No class opens a tenth of these sockets. Requests wait when the books of many symbols are
   * requested at once.
   */
  public static final ScriptLimits DEFAULT =
      new ScriptLimits(
          Duration.ofSeconds(10), Duration.ofMinutes(3), 200, 1_000, 10_000, 64 << 20, 16 << 20);

  /** Rejects limits that would stop every script. */
  public ScriptLimits {
    if (turn.isZero() || turn.isNegative() || load.isZero() || load.isNegative()) {
      throw new IllegalArgumentException(
          "turn=" + turn + " and load=" + load + " must be more than zero");
    }
  }
}
