package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.List;

/**
 * The place of a value in a message, written as in RFC 6901 ({@code /data/s}; empty for the whole
 * message), but made of field names alone.
 *
 * @param names the names of the fields on the way from the root
 */
record Pointer(List<String> names) {

  static final Pointer ROOT = new Pointer(List.of());

  Pointer {
    names = List.copyOf(names);
  }

  /**
   * Reads a pointer.
   *
   * @throws IllegalArgumentException when it does not begin with a slash
   */
  static Pointer parse(String text) {
    if (text.isEmpty()) {
      return ROOT;
    }
    if (text.charAt(0) != '/') {
      throw new IllegalArgumentException("a pointer begins with '/', not '" + text + "'");
    }
    List<String> names = new ArrayList<>();
    for (String name : text.substring(1).split("/", -1)) {
      if (name.matches("[0-9]+")) {
        throw new IllegalArgumentException(
            "a pointer is made of field names, not of positions such as '" + name + "'");
      }
      names.add(name.replace("~1", "/").replace("~0", "~"));
    }
    return new Pointer(names);
  }

  /** This pointer, seen from where {@code envelope} is the root. */
  Pointer in(Pointer envelope) {
    List<String> all = new ArrayList<>(envelope.names);
    all.addAll(names);
    return new Pointer(all);
  }

  JsonPointer compile() {
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
