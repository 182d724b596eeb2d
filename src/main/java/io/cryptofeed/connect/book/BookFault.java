package io.cryptofeed.connect.book;

import io.cryptofeed.connect.book.BookSynchronizer.Fault;

/** A book that cannot be right. The message says what is wrong with it. */
public final class BookFault extends Exception {

  private static final long serialVersionUID = 1L;

  private final Fault.Kind kind;

  BookFault(String message) {
    this(Fault.Kind.INTEGRITY, message);
  }

  BookFault(Fault.Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** What kind of fault it is. */
  public Fault.Kind kind() {
    return kind;
  }
}
