package io.cryptofeed.connect.feed;

/** A feed cannot go on until a human changes something; the message says what. */
public final class FatalFeedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what is wrong, where, and the cure. */
  public FatalFeedException(String message) {
    super(message);
  }

  /** Says what is wrong, where, and the cure. */
  public FatalFeedException(String message, Throwable cause) {
    super(message, cause);
  }
}
