package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.market.Channel;
import java.time.Duration;
import java.util.Map;

/**
 * What a venue allows, and how a dead connection is recognised. A zero duration means that the rule
 * does not apply.
 *
 * @param maxStreams the most streams on one connection
 * @param sentFrames how many frames may be sent on one connection per window, pongs included
 * @param connects how many connections may be opened per window from one address
 * @param restWeight how much request weight one address may use per window
 * @param maxAge the venue closes connections of this age; a new one is opened well before
 * @param pingInterval how often we send a WebSocket ping
 * @param maxSilence a connection on which nothing at all arrives for so long is dead
 * @param firstData for each channel, how long after subscribing the first message of a stream may
 *     take; absent where a quiet market may stay silent
 * @param staleAfter for each channel, how long a stream may be silent before it is subscribed anew
 * @param offersCompression whether permessage-deflate is offered in the handshake
 */
public record ConnectionRules(
    int maxStreams,
    RateRule sentFrames,
    RateRule connects,
    RateRule restWeight,
    Duration maxAge,
    Duration pingInterval,
    Duration maxSilence,
    Map<Channel, Duration> firstData,
    Map<Channel, Duration> staleAfter,
    boolean offersCompression) {

  /** Copies the maps. */
  public ConnectionRules {
    firstData = Map.copyOf(firstData);
    staleAfter = Map.copyOf(staleAfter);
  }

  /**
   * At most {@code permits} in any {@code window}.
   *
   * @param permits at least 1
   * @param window more than zero
   */
  public record RateRule(int permits, Duration window) {}
}
