package io.cryptofeed.connect.local.venue;

import java.util.LinkedHashMap;
import java.util.Map;

/** The response of a venue to a REST call. */
public record HttpReply(int status, Map<String, String> headers, String body) {

  public static HttpReply json(int status, String body) {
    return new HttpReply(status, Map.of("Content-Type", "application/json;charset=UTF-8"), body);
  }

  public HttpReply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpReply(status, more, body);
  }
}
