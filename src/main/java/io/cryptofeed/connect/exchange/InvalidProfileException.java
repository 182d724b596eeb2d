package io.cryptofeed.connect.exchange;

/** A venue profile cannot be used; the message begins with its file and line. */
final class InvalidProfileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidProfileException(String file, int line, String problem) {
    super(file + ':' + line + ": " + problem);
  }
}
