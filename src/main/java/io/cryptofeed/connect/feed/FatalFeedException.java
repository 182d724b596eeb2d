package io.cryptofeed.connect.feed;

/** A feed cannot continue until somebody changes something; the message says what. */
public final class FatalFeedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, where, and the cure
   */
  public FatalFeedException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and the cure
   */
  public FatalFeedException(String message, Throwable cause) {
    super(message, cause);
  }
}
