package io.cryptofeed.connect.net;

/** Takes what arrives on one WebSocket connection. Called by the connection's event loop. */
public interface WebSocketListener {

  /**
   * A whole text message, fragments joined and decompressed; a binary one, too, where {@link
   * #onBinary} is not taken.
   *
   * @param buffer valid only during the call
   */
  void onMessage(byte[] buffer, int offset, int length);

  /**
   * A whole binary message. Who reads text and binary alike need not tell them apart.
   *
   * @param buffer valid only during the call
   */
  default void onBinary(byte[] buffer, int offset, int length) {
    onMessage(buffer, offset, length);
  }

  /** A ping or a pong arrived; a ping has been answered already. */
  void onControlFrame();

  /** The connection has ended; called exactly once, after which nothing else is called. */
  void onClosed(CloseReason reason);
}
