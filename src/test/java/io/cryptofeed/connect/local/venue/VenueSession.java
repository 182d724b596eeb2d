package io.cryptofeed.connect.local.venue;

/** The venue's side of one WebSocket connection. Called by the venue's thread. */
public interface VenueSession {

  /** The handshake is done: frames may be sent. */
  void opened();

  /** A whole text message arrived. */
  void text(String message);

  /** Any frame arrived: text, ping or pong. */
  default void frame() {}

  /** The client answered a ping. */
  default void pong() {}

  /** Looks at the clock, a few hundred times a second. */
  default void tick(long nanoTime) {}

  /** The connection is gone. */
  void closed();
}
