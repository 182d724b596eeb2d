package io.cryptofeed.connect.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is asked of an exchange over HTTP.
 *
 * @param method {@code GET}, {@code POST}, any token in upper case
 * @param uri {@code http} or {@code https}
 * @param headers sent beside our own; {@code User-Agent} and {@code Accept} replace ours
 * @param body sent as it is, empty for none; not copied, so it must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // written once to the socket, compared by nobody
public record HttpRequestParts(String method, URI uri, Map<String, String> headers, byte[] body) {

  private static final byte[] NOTHING = {};

  /** Where a message goes and where it ends is for the connection to say. */
  private static final Set<String> CONNECTION_HEADERS =
      Set.of(
          HttpHeaderNames.HOST.toString(),
          HttpHeaderNames.CONNECTION.toString(),
          HttpHeaderNames.CONTENT_LENGTH.toString(),
          HttpHeaderNames.TRANSFER_ENCODING.toString(),
          HttpHeaderNames.ACCEPT_ENCODING.toString(),
          HttpHeaderNames.UPGRADE.toString(),
          HttpHeaderNames.EXPECT.toString(),
          HttpHeaderNames.TE.toString());

  /** Refuses what would break the message. */
  public HttpRequestParts {
    if (!method.matches("[A-Z]+")) {
      throw new IllegalArgumentException(
          "the HTTP method '" + method + "' is not a word in upper case");
    }
    headers = RequestHeaders.copyOf(headers);
    for (String name : headers.keySet()) {
      if (CONNECTION_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "the header '" + name + "' is set by the connection and cannot be given");
      }
    }
  }

  /** A request without a body and without headers of its own. */
  public static HttpRequestParts get(URI uri) {
    return new HttpRequestParts("GET", uri, Map.of(), NOTHING);
  }

  /** Whether asking twice is as good as asking once. */
  boolean isRepeatable() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** Without headers and body, which may hold secrets, and without the query, which may, too. */
  @Override
  public String toString() {
    return method + " " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
  }
}
