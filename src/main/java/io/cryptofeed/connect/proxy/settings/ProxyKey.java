package io.cryptofeed.connect.proxy.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration key of the proxy layer, or a family of them.
 *
 * @param name the whole key, for example {@code proxy.default.rest.url}; in a family, what differs
 *     stands in angle brackets: {@code proxy.pools.<pool>.strategy}
 * @param type the kind of value
 * @param defaultValue as text, null when there is none
 * @param least the lowest number that is allowed
 * @param most the highest number that is allowed
 * @param choices the words that are allowed, none when any is
 * @param documentation one or more sentences
 */
public record ProxyKey(
    String name,
    Type type,
    @Nullable String defaultValue,
    double least,
    double most,
    List<String> choices,
    String documentation) {

  public ProxyKey {
    choices = List.copyOf(choices);
  }

  /** The same key of one member of the family. */
  public ProxyKey named(String whole) {
    return new ProxyKey(whole, type, defaultValue, least, most, choices, documentation);
  }

  /** What may be written there, in a few words. */
  public String allowed() {
    return switch (type) {
      case BOOLEAN -> "true, false";
      case MILLIS -> text(least) + " to " + text(most) + " ms";
      case COUNT, NUMBER -> text(least) + " to " + text(most);
      case CHOICE -> String.join(", ", choices);
      case URL -> "direct, or scheme://[user:password@]host:port";
      case URLS -> "scheme://[user:password@]host:port, one or more, separated by commas";
      case LIST -> "words, separated by commas";
      case TEXT, SECRET -> "text";
    };
  }

  private static String text(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** The kind of value of a key. */
  public enum Type {
    BOOLEAN,
    MILLIS,
    /** A whole number. */
    COUNT,
    NUMBER,
    CHOICE,
    LIST,
    TEXT,
    /** May carry credentials, so it is a secret. */
    URL,
    /** May carry credentials, so it is a secret. */
    URLS,
    SECRET;

    /** Whether a value must never be shown. */
    public boolean isSecret() {
      return this == URL || this == URLS || this == SECRET;
    }
  }
}
