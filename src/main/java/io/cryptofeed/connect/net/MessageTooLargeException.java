package io.cryptofeed.connect.net;

import java.io.IOException;

/** A message or an answer exceeds what its reader accepts. */
final class MessageTooLargeException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * @param limit the most bytes that are accepted
   */
  MessageTooLargeException(int limit) {
    super("more than " + limit + " bytes");
  }
}
