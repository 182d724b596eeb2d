package io.cryptofeed.connect.local.venue.market;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange said of one book, message by message, from which the book after any of its
 * messages is computed.
 */
public final class BookHistory {

  private record Level(boolean bid, BigDecimal price, BigDecimal size) {}

  private record Message(boolean isSnapshot, long number, int frame, List<Level> levels) {}

  private final List<Message> messages = new ArrayList<>();

  /**
   * Begins a message.
   *
   * @param isSnapshot whether it replaces everything before it
   * @param number the exchange's number of the message, or -1
   * @param frame the place of the message in the recording, or -1 for a response over REST
   */
  public BookHistory begin(boolean isSnapshot, long number, int frame) {
    messages.add(new Message(isSnapshot, number, frame, new ArrayList<>()));
    return this;
  }

  /** Adds a level to the last message; a size of zero removes it. */
  public void set(boolean bid, BigDecimal price, BigDecimal size) {
    messages.get(messages.size() - 1).levels.add(new Level(bid, price, size));
  }

  /** How many messages there are. */
  public int size() {
    return messages.size();
  }

  /** The book after the last message. */
  public BookTruth book() {
    Walk walk = walk();
    walk.to(messages.size());
    return walk.book;
  }

  /** A walk through the messages, which stands before the first. */
  public Walk walk() {
    return new Walk();
  }

  /** The book at one message after the other. It is fast where it is asked in their order. */
  public final class Walk {

    private BookTruth book = new BookTruth();
    private int applied;

    /** The book after the next message. */
    public BookTruth next() {
      if (applied == messages.size()) {
        throw new AssertionError("the exchange sent only " + applied + " messages");
      }
      to(applied + 1);
      return book;
    }

    /** The book after the message of this number, or of the next message if there is none. */
    public BookTruth at(@Nullable Long number) {
      return number == null ? next() : find("number " + number, each -> each.number == number);
    }

    /** The book after the message of this number, or of this frame if there is none. */
    public BookTruth at(@Nullable Long number, int frame) {
      return number == null ? find("frame " + frame, each -> each.frame == frame) : at(number);
    }

    /** Looks from the last message on, because a number may come back after a snapshot. */
    private BookTruth find(String what, Predicate<Message> wanted) {
      int from = Math.max(applied - 1, 0);
      for (int i = 0; i < messages.size(); i++) {
        int place = (from + i) % messages.size();
        if (wanted.test(messages.get(place))) {
          to(place + 1);
          return book;
        }
      }
      throw new AssertionError("the exchange sent no message with the " + what);
    }

    private void to(int count) {
      if (count < applied) {
        book = new BookTruth();
        applied = 0;
      }
      for (; applied < count; applied++) {
        Message message = messages.get(applied);
        if (message.isSnapshot) {
          book = new BookTruth();
        }
        message.levels.forEach(level -> book.set(level.bid, level.price, level.size));
      }
    }
  }
}
