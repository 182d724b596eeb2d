package io.cryptofeed.connect.exchange.spi;

/**
 * A profile is not valid, and the message starts with its file and line; or a folder of profiles
 * cannot be read, and the message quotes its path.
 */
public final class InvalidProfileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A profile is not valid. */
  public InvalidProfileException(String file, int line, String problem) {
    super(file + ':' + line + ": " + problem);
  }

  /** A folder cannot be read. */
  public InvalidProfileException(String problem) {
    super(problem);
  }
}
