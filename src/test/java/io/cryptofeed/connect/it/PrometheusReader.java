package io.cryptofeed.connect.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Reads the endpoint for Prometheus of a worker. */
final class PrometheusReader {

  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpRequest get;

  /**
   * @param port of the endpoint on loopback
   */
  PrometheusReader(int port) {
    get = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
  }

  /** Waits until the page is as wanted, and returns it. */
  String await(Predicate<String> wanted) {
    return Awaitility.await()
        .atMost(ConnectorScene.LIMIT)
        .until(this::page, page -> page.filter(wanted).isPresent())
        .orElseThrow();
  }

  /** Waits until nobody listens on the port. */
  void awaitEnd() {
    Awaitility.await().atMost(ConnectorScene.LIMIT).until(() -> page().isEmpty());
  }

  /** The page; empty if the connection fails. */
  private Optional<String> page() throws InterruptedException {
    try {
      return Optional.of(http.send(get, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException refused) {
      return Optional.empty();
    }
  }
}
