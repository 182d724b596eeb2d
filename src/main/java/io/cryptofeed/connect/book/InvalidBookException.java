package io.cryptofeed.connect.book;

/** A book is invalid. The message says what is wrong with it. */
public final class InvalidBookException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Fault.Kind kind;

  InvalidBookException(String message) {
    this(Fault.Kind.INTEGRITY, message);
  }

  InvalidBookException(Fault.Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** The kind of the fault. */
  public Fault.Kind kind() {
    return kind;
  }
}
