package io.cryptofeed.connect.config;

import java.util.List;
import java.util.Locale;

/**
 * The beginning of some URLs of an exchange, and what stands in its place: {@code
 * https://api.bitrue.com=http://127.0.0.1:9000}.
 *
 * @param from as CCXT has it, which may hold a name in braces
 * @param to a URL, not judged here
 */
record UrlOverride(String from, String to) {

  private static final List<String> REST = List.of("https", "http");
  private static final List<String> WEBSOCKET = List.of("wss", "ws");
  private static final String EXAMPLE = "https://api.exchange.example=https://mirror.example";

  /**
   * Reads a pair.
   *
   * @throws IllegalArgumentException with what is wrong and the cure; nothing is quoted that may
   *     hold a credential
   */
  static UrlOverride parse(String text) {
    if (text.contains("@")) {
      throw new IllegalArgumentException(
          "credentials don't belong into a URL: leave everything up to the '@' out");
    }
    int equals = text.indexOf('=');
    UrlOverride pair =
        equals < 0
            ? new UrlOverride("", "")
            : new UrlOverride(text.substring(0, equals).trim(), text.substring(equals + 1).trim());
    if (pair.from.isEmpty() || pair.to.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' is no pair of URLs: write %s".formatted(text, EXAMPLE));
    }
    if (!pair.begins(REST) && !pair.begins(WEBSOCKET)) {
      throw new IllegalArgumentException(
          "'%s' must begin with https://, http://, wss:// or ws://, as CCXT has it"
              .formatted(pair.from));
    }
    return pair;
  }

  /** What the URL in its place may begin with: a WebSocket stays one. */
  List<String> schemes() {
    return begins(REST) ? REST : WEBSOCKET;
  }

  private boolean begins(List<String> schemes) {
    String lowerCase = from.toLowerCase(Locale.ROOT);
    return schemes.stream().anyMatch(scheme -> lowerCase.startsWith(scheme + "://"));
  }
}
