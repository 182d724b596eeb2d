package io.cryptofeed.connect.exchange.profile;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of a value in a message, written as in RFC 6901 ({@code /data/s}; empty for the whole
 * message), but made of field names, and of {@code *} for each element of a list. Within a row that
 * is a list, a position is a name.
 *
 * @param names the names of the fields from the root
 */
public record Pointer(List<String> names) {

  public static final Pointer ROOT = new Pointer(List.of());

  /** Stands for each element of a list. */
  public static final String EACH = "*";

  public Pointer {
    names = List.copyOf(names);
  }

  /**
   * Reads a pointer from the root of a message.
   *
   * @throws IllegalArgumentException if it does not start with a slash, or has a position
   */
  static Pointer parse(String text) {
    if (text.isEmpty()) {
      return ROOT;
    }
    if (text.charAt(0) != '/') {
      throw new IllegalArgumentException("a pointer starts with '/', not '" + text + "'");
    }
    List<String> names = names(text.substring(1));
    for (int i = 0; i < names.size(); i++) {
      boolean inRow = i > 0 && names.get(i - 1).equals(EACH);
      if (isPosition(names.get(i)) && !inRow) {
        throw new IllegalArgumentException(
            "a pointer consists of field names, not of positions such as '" + names.get(i) + "'");
      }
    }
    return new Pointer(names);
  }

  /**
   * Reads a pointer that starts in each row of a list if it has no leading slash.
   *
   * @param rows the list, null if the message has no rows
   * @throws IllegalArgumentException if there are no rows
   */
  static Pointer parse(String text, @Nullable Pointer rows) {
    if (rows == null || text.isEmpty() || text.charAt(0) == '/') {
      return parse(text);
    }
    return new Pointer(names(text)).in(rows.each());
  }

  /**
   * Reads a pointer into a message that is read as a tree, where positions are allowed.
   *
   * @throws IllegalArgumentException if it does not start with a slash
   */
  static Pointer parseInTree(String text) {
    if (text.isEmpty()) {
      return ROOT;
    }
    if (text.charAt(0) != '/') {
      throw new IllegalArgumentException("a pointer starts with '/', not '" + text + "'");
    }
    return new Pointer(names(text.substring(1)));
  }

  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      names.add(name.replace("~1", "/").replace("~0", "~"));
    }
    return names;
  }

  public static boolean isPosition(String name) {
    return name.matches("[0-9]{1,3}");
  }

  /** This pointer within an envelope. */
  public Pointer in(Pointer envelope) {
    List<String> all = new ArrayList<>(envelope.names);
    all.addAll(names);
    return new Pointer(all);
  }

  /** Each element of the list here. */
  public Pointer each() {
    return new Pointer(List.of(EACH)).in(this);
  }

  /** The number of lists that it enters. */
  int depth() {
    return (int) names.stream().filter(EACH::equals).count();
  }

  public JsonPointer compile() {
    return JsonPointer.compile(toString());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append('/').append(name.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
