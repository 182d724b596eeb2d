package io.cryptofeed.connect.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends JSON to a REST API and reads JSON from it. Safe for use by many threads. */
final class JsonHttp {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final URI base;
  private final String contentType;

  /**
   * @param base the URL to which every path is appended
   * @param contentType of the bodies sent
   */
  JsonHttp(URI base, String contentType) {
    this.base = base;
    this.contentType = contentType;
  }

  URI base() {
    return base;
  }

  /**
   * Sends a request.
   *
   * @param body null for none
   * @return the response, a missing node if it has no body
   * @throws RestException when the status is not 2xx
   * @throws UncheckedIOException when the server cannot be reached
   */
  JsonNode send(String method, String path, @Nullable JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(LIMIT).header("Accept", "*/*");
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", contentType)
          .method(method, BodyPublishers.ofString(body.toString()));
    }
    HttpResponse<String> response = exchange(request.build());
    if (response.statusCode() / 100 != 2) {
      throw new RestException(method + " " + base + path, response.statusCode(), response.body());
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(method + " " + base + path + ": the response is not JSON", e);
    }
  }

  private static HttpResponse<String> exchange(HttpRequest request) {
    try {
      return CLIENT.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + request.uri(), e);
    }
  }
}
