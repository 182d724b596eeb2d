package io.cryptofeed.connect.local.venue;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that reached a venue: a REST call, or the handshake of a WebSocket. */
public record HttpCall(String path, Map<String, List<String>> query, HttpHeaders headers) {

  public static HttpCall of(String uri, HttpHeaders headers) {
    QueryStringDecoder decoder = new QueryStringDecoder(uri);
    return new HttpCall(decoder.path(), decoder.parameters(), headers);
  }

  /** The first value of a query parameter, null if it is missing or empty. */
  @Nullable
  public String parameter(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
  }
}
