package io.cryptofeed.connect.book;

/** A book that cannot be right. The message says what is wrong with it. */
public final class BookFault extends Exception {

  private static final long serialVersionUID = 1L;

  BookFault(String message) {
    super(message, null, false, false);
  }
}
