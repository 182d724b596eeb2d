package io.cryptofeed.connect.config;

import java.util.List;
import java.util.Locale;

/**
 * The beginning of some URLs of an exchange, and its replacement: {@code
 * https://api.bitrue.com=http://127.0.0.1:9000}.
 *
 * @param from as in CCXT, with a name in braces in some
 * @param to a URL, not checked here
 */
record UrlOverride(String from, String to) {

  private static final List<String> REST = List.of("https", "http");
  private static final List<String> WEBSOCKET = List.of("wss", "ws");
  private static final String EXAMPLE = "https://api.exchange.example=https://mirror.example";

  /**
   * Reads a pair.
   *
   * @throws IllegalArgumentException with what is wrong and the cure; what may hold a credential is
   *     not quoted
   */
  static UrlOverride parse(String text) {
    if (text.contains("@")) {
      throw new IllegalArgumentException(
          "a URL must not hold credentials: remove everything up to the '@'");
    }
    int equals = text.indexOf('=');
    UrlOverride pair =
        equals < 0
            ? new UrlOverride("", "")
            : new UrlOverride(text.substring(0, equals).trim(), text.substring(equals + 1).trim());
    if (pair.from.isEmpty() || pair.to.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' is not a pair of URLs: write %s".formatted(text, EXAMPLE));
    }
    if (!pair.begins(REST) && !pair.begins(WEBSOCKET)) {
      throw new IllegalArgumentException(
          "'%s' must begin with https://, http://, wss:// or ws://, as CCXT has it"
              .formatted(pair.from));
    }
    return pair;
  }

  /** The schemes that the replacement may have: a WebSocket URL replaces a WebSocket URL. */
  List<String> schemes() {
    return begins(REST) ? REST : WEBSOCKET;
  }

  private boolean begins(List<String> schemes) {
    String lowerCase = from.toLowerCase(Locale.ROOT);
    return schemes.stream().anyMatch(scheme -> lowerCase.startsWith(scheme + "://"));
  }
}
