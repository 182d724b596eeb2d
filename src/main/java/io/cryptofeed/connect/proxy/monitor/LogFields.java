package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.text.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * A log line of {@code name=value} pairs that a program can take apart again: a value with white
 * space, quotation marks, an equals sign or control characters is quoted, and never breaks the
 * line.
 */
final class LogFields {

  private final StringBuilder line = new StringBuilder();

  /** Adds a pair; null and the empty text become a dash. */
  LogFields with(String name, @Nullable Object value) {
    if (!line.isEmpty()) {
      line.append(' ');
    }
    line.append(name).append('=').append(quoted(value == null ? "" : value.toString()));
    return this;
  }

  /** A text without line breaks and other control characters. */
  static String plain(String text) {
    return UntrustedText.sanitised(text);
  }

  @Override
  public String toString() {
    return line.toString();
  }

  private static String quoted(String value) {
    if (value.isEmpty()) {
      return "-";
    }
    String text = plain(value);
    return text.chars().noneMatch(c -> c == ' ' || c == '"' || c == '=')
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
