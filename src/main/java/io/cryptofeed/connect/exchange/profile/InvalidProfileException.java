package io.cryptofeed.connect.exchange.profile;

/**
 * A venue profile cannot be used, and the message begins with its file and line; or a folder of
 * profiles cannot be read, and the message quotes its path.
 */
public final class InvalidProfileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidProfileException(String file, int line, String problem) {
    super(file + ':' + line + ": " + problem);
  }

  InvalidProfileException(String problem) {
    super(problem);
  }
}
