package io.cryptofeed.connect.net;

import io.cryptofeed.connect.text.UntrustedText;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An exchange answered the request for a WebSocket with something else. The message says what the
 * status means, names the egress, and the cure.
 */
public final class HandshakeRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  private static final int LONGEST_EXCERPT = 200;

  private final int status;
  private final @Nullable Duration retryAfter;
  private final boolean mayGoElsewhere;

  /**
   * @param exchange the exchange's id
   * @param endpoint host and port
   * @param egress {@code direct}, or the proxy without credentials
   * @param status the HTTP status, never 101
   * @param retryAfter how long the exchange asks us to wait, null when it does not say
   * @param location where a redirect points, null when the answer has none
   * @param body the beginning of the answer's body
   * @param mayGoElsewhere whether the next attempt may take another exit
   */
  HandshakeRefusedException(
      String exchange,
      String endpoint,
      String egress,
      int status,
      @Nullable Duration retryAfter,
      @Nullable String location,
      String body,
      boolean mayGoElsewhere) {
    super(
        String.format(
            "%s at %s refused the WebSocket handshake via %s with HTTP %d: %s%s",
            exchange,
            endpoint,
            egress,
            status,
            meaning(exchange, status, retryAfter, location),
            quoted(body)));
    this.status = status;
    this.retryAfter = retryAfter;
    this.mayGoElsewhere = mayGoElsewhere;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** How long the exchange asks us to wait before the next attempt. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Whether the next attempt may take another exit, so that it need not wait for this one. */
  public boolean mayGoElsewhere() {
    return mayGoElsewhere;
  }

  private static String meaning(
      String exchange, int status, @Nullable Duration retryAfter, @Nullable String location) {
    String proxyUrl = "proxy.exchanges." + exchange + ".websocket.url";
    String websocketUrl = "exchange." + exchange + ".websocket.url";
    return switch (status) {
      case 451 ->
          "it does not serve the restricted location of this egress; set "
              + proxyUrl
              + " to a proxy in a location that it serves";
      case 403 ->
          "a firewall of the exchange, or of the proxy, forbids this egress; wait, or set "
              + proxyUrl
              + " to another proxy";
      case 418, 429 ->
          "too many requests came from this egress; "
              + (retryAfter == null
                  ? "open fewer connections"
                  : "it may be tried again in " + retryAfter.toSeconds() + " s");
      case 401 -> "it asks for credentials; check " + websocketUrl;
      case 400, 404, 410, 426 -> "the path is not a WebSocket; check " + websocketUrl;
      default -> otherwise(status, location, websocketUrl);
    };
  }

  private static String otherwise(int status, @Nullable String location, String websocketUrl) {
    if (status >= 500) {
      return "the exchange is out of order or under maintenance";
    }
    if (status >= 300 && status < 400) {
      return "redirects are not followed; set "
          + websocketUrl
          + " to the address that the exchange documents"
          + (location == null ? "" : ", it points to " + printable(location));
    }
    return "the response is not that of a WebSocket server; check " + websocketUrl;
  }

  private static String quoted(String body) {
    String excerpt = printable(body);
    return excerpt.isEmpty() ? "" : "; it says: " + excerpt;
  }

  /** What a stranger wrote, fit for one line of a log. */
  private static String printable(String text) {
    return UntrustedText.sanitised(text.replaceAll("\\s+", " ").strip(), LONGEST_EXCERPT);
  }
}
