package io.cryptofeed.connect.exchange.spi;

/** A message of an exchange is not what the exchange documents. */
public final class MalformedMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, in one sentence
   */
  public MalformedMessageException(String message) {
    super(message);
  }
}
