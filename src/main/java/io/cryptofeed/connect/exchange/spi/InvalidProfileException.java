package io.cryptofeed.connect.exchange.spi;

/**
 * A venue profile cannot be used, and the message begins with its file and line; or a folder of
 * profiles cannot be read, and the message quotes its path.
 */
public final class InvalidProfileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidProfileException(String file, int line, String problem) {
    super(file + ':' + line + ": " + problem);
  }

  public InvalidProfileException(String problem) {
    super(problem);
  }
}
