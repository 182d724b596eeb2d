package io.cryptofeed.connect.net;

/** Takes what arrives on one WebSocket connection. Called by the connection's event loop. */
public interface WebSocketListener {

  /**
   * A whole message, text or binary, fragments joined and decompressed.
   *
   * @param buffer valid only during the call
   */
  void onMessage(byte[] buffer, int offset, int length);

  /** A ping or a pong arrived; a ping has been answered already. */
  void onControlFrame();

  /** The connection has ended; called exactly once, after which nothing else is called. */
  void onClosed(CloseReason reason);
}
