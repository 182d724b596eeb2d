package io.cryptofeed.connect.net;

import io.cryptofeed.connect.text.UntrustedText;
import java.util.Map;
import java.util.regex.Pattern;

/** What a header of a request may be, checked before anything is sent. */
final class RequestHeaders {

  private static final int MOST = 200;
  private static final int LONGEST_VALUE = 32 << 10;
  private static final int LONGEST_QUOTED = 60;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");

  private RequestHeaders() {}

  /**
   * Copies headers.
   *
   * @throws IllegalArgumentException if one would break the message; the error shows no value,
   *     which may be a secret
   */
  static Map<String, String> copyOf(Map<String, String> headers) {
    if (headers.size() > MOST) {
      throw new IllegalArgumentException("a request has more than " + MOST + " headers");
    }
    headers.forEach(RequestHeaders::check);
    return Map.copyOf(headers);
  }

  private static void check(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'"
              + UntrustedText.sanitised(name, LONGEST_QUOTED)
              + "' is not the name of an HTTP header");
    }
    if (value.length() > LONGEST_VALUE
        || value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
      throw new IllegalArgumentException(
          "the value of the header '"
              + name
              + "' has a control character, a character beyond Latin-1, or more than "
              + LONGEST_VALUE
              + " characters");
    }
  }
}
