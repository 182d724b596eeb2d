package io.cryptofeed.connect.text;

import org.jspecify.annotations.Nullable;

/**
 * Text from outside, such as an exchange's error or a proxy's reason, as it may stand in a message:
 * in the log, in an exception, in {@code feed_status}. Every such text passes here.
 */
public final class UntrustedText {

  /** The most characters of a text in a message. */
  public static final int LONGEST = 2_000;

  /** Beyond this length, not even secrets are looked for: the rest is never shown. */
  private static final int LONGEST_READ = 1 << 16;

  private UntrustedText() {}

  /**
   * The text with known secrets masked, control characters written as <code>&#92;u001b</code>, and
   * what is beyond {@value #LONGEST} characters cut off. Sanitising it twice changes nothing.
   *
   * @param text null is written as {@code null}
   */
  public static String sanitised(@Nullable String text) {
    return sanitised(text, LONGEST);
  }

  /**
   * As {@link #sanitised(String)}, cut to another length.
   *
   * @param longest at most {@value #LONGEST}
   */
  public static String sanitised(@Nullable String text, int longest) {
    String read = String.valueOf(text);
    if (read.length() > LONGEST_READ) {
      read = read.substring(0, LONGEST_READ);
    }
    String masked = KnownSecrets.masked(read);
    String shown = escaped(masked);
    return shown.length() <= longest ? shown : shown.substring(0, longest - 1) + '…';
  }

  private static String escaped(String text) {
    int first = 0;
    while (first < text.length() && !isControl(text, first)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length() && escaped.length() <= LONGEST; i++) {
      if (isControl(text, i)) {
        escaped.append("\\u%04x".formatted((int) text.charAt(i)));
      } else {
        escaped.append(text.charAt(i));
      }
    }
    return escaped.toString();
  }

  /**
   * What ends a line, moves a cursor, changes the direction of writing, or is half a character: it
   * would forge lines of a log, or hide what they say.
   */
  private static boolean isControl(String text, int at) {
    char c = text.charAt(at);
    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
      return true;
    }
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
    return (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
  }
}
