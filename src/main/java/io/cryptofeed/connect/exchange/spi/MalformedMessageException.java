package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.text.UntrustedText;

/** A message of an exchange is not what the exchange documents. */
public final class MalformedMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, in one sentence
   */
  public MalformedMessageException(String message) {
    super(UntrustedText.sanitised(message));
  }
}
