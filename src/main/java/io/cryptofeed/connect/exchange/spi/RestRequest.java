package io.cryptofeed.connect.exchange.spi;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A GET request without credentials.
 *
 * @param pathAndQuery appended to {@link Exchange#restUrl()}, starts with a slash
 * @param weight the weight of the request in the venue's rate-limit units, at least 1
 * @param maxResponseBytes a larger response is rejected
 */
public record RestRequest(String pathAndQuery, int weight, int maxResponseBytes) {

  /** A text, encoded for a path or a query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
