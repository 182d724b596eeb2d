package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.market.Channel;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a venue allows, and how a dead connection is recognised. A zero duration means that the rule
 * does not apply.
 *
 * @param maxStreams the most streams on one connection
 * @param sentFrames how many frames may be sent on one connection per window, pongs included
 * @param connects how many connections may be opened per window from one address
 * @param restWeight how much request weight one address may use per window
 * @param maxAge the venue closes connections of this age; a new one is opened well before
 * @param pingInterval how often we send a ping
 * @param pingFrame the text frame that is sent as a ping, null for a WebSocket ping
 * @param maxSilence a connection on which nothing at all arrives for so long is dead
 * @param firstData for each channel, how long after subscribing the first message of a stream may
 *     take; absent where a quiet market may stay silent
 * @param staleAfter for each channel, how long a stream may be silent before it is subscribed anew
 * @param offersCompression whether permessage-deflate is offered in the handshake
 * @param confirms whether the venue answers a subscription before there is data
 */
public record ConnectionRules(
    int maxStreams,
    RateRule sentFrames,
    RateRule connects,
    RateRule restWeight,
    Duration maxAge,
    Duration pingInterval,
    @Nullable String pingFrame,
    Duration maxSilence,
    Map<Channel, Duration> firstData,
    Map<Channel, Duration> staleAfter,
    boolean offersCompression,
    boolean confirms) {

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
