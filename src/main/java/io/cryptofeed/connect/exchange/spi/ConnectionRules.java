package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.market.Channel;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a venue, and how a dead connection is detected. A zero duration means that the rule
 * does not apply.
 *
 * @param maxStreams the largest number of streams on one connection, at least 1
 * @param sentFrames the rate of frames sent on one connection, pongs included
 * @param connects the rate of new connections from one address
 * @param restWeight the rate of request weight from one address
 * @param maxAge the venue closes connections of this age; a new one is opened well before
 * @param pingInterval the interval at which a ping is sent
 * @param pingFrame the text frame that is sent as a ping, null for a WebSocket ping
 * @param maxSilence a connection on which nothing arrives for this time is dead
 * @param firstData for each channel, how long after subscribing the first message of a stream may
 *     take; absent for a channel that may be silent
 * @param staleAfter for each channel, how long a stream may be silent before it is resubscribed
 * @param offersCompression whether permessage-deflate is offered in the handshake
 * @param confirms whether the venue acknowledges a subscription
 * @param messageRows the most rows of a message, such as trades; one with more is malformed
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
    boolean confirms,
    int messageRows) {

  /** The most rows of a message where a profile says nothing else. */
  public static final int DEFAULT_MESSAGE_ROWS = 10_000;

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
