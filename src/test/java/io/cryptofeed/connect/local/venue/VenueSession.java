package io.cryptofeed.connect.local.venue;

/** The venue's side of one WebSocket connection. Called by the venue's thread. */
public interface VenueSession {

  /** Called after the handshake: frames may be sent. */
  void opened();

  /** Called for each complete text message. */
  void text(String message);

  /** Called for each frame: text, ping or pong. */
  default void frame() {}

  /** Called for each pong of the client. */
  default void pong() {}

  /** Called a few hundred times a second. */
  default void tick(long nanoTime) {}

  /** Called when the connection is closed. */
  void closed();
}
