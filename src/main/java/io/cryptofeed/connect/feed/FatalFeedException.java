package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.text.UntrustedText;

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

  /**
   * An exception of a step of a feed as one that ends the feed.
   *
   * @param exchange the id of the exchange, for the message
   */
  public static FatalFeedException of(String exchange, RuntimeException fault) {
    return fault instanceof FatalFeedException fatal
        ? fatal
        : new FatalFeedException(
            "exchange " + exchange + ": " + UntrustedText.sanitised(fault.getMessage()), fault);
  }
}
