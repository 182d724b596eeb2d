package io.cryptofeed.connect.local;

/** A REST API responded with an error. */
public final class RestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  RestException(String request, int status, String body) {
    super(request + " was answered " + status + ": " + body);
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
