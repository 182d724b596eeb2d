package io.cryptofeed.connect.net;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a WebSocket is opened.
 *
 * @param compression whether permessage-deflate is offered; the exchange decides
 * @param maxMessageBytes a longer message, counted after joining and decompressing, ends the
 *     connection; at least 1
 * @param handshakeTimeout how long TLS and the upgrade may take together, from the moment when the
 *     way to the exchange is open; more than zero
 * @param headers sent with the upgrade beside our own; {@code User-Agent} replaces ours
 * @param protocols the subprotocols offered, a comma list; null for none
 */
public record WebSocketOptions(
    boolean compression,
    int maxMessageBytes,
    Duration handshakeTimeout,
    Map<String, String> headers,
    @Nullable String protocols) {

  /** 16 MiB: three times the largest book snapshot that an exchange is known to send. */
  public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 << 20;

  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";

  /** Refuses what would never connect, or would break the handshake. */
  public WebSocketOptions {
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException(
          "maxMessageBytes is " + maxMessageBytes + ": it must be at least 1");
    }
    if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
      throw new IllegalArgumentException(
          "handshakeTimeout is " + handshakeTimeout + ": it must be more than zero");
    }
    headers = RequestHeaders.copyOf(headers);
    if (protocols != null) {
      RequestHeaders.copyOf(Map.of(PROTOCOLS, protocols));
    }
  }

  /** An upgrade with our headers only, and without a subprotocol. */
  public WebSocketOptions(boolean compression, int maxMessageBytes, Duration handshakeTimeout) {
    this(compression, maxMessageBytes, handshakeTimeout, Map.of(), null);
  }
}
